#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/io/posix.hpp"

namespace toxvol::catalog {

/// One data file in the making. Its name says its first and last row, so it gets it at the end.
template <class Record>
class DataFileWriter {
 public:
  enum class Hash : bool { No, Yes };

  /// `unnamed` is where it lies until then, on the file system of the catalog. `workers` as in
  /// `MarketWriter`.
  DataFileWriter(const std::filesystem::path& unnamed, const columnar::MarketFormat& format,
                 Hash hash, Workers* workers = nullptr)
      : file_{std::make_unique<io::AtomicFile>(unnamed)},
        hashes_{hash == Hash::Yes ? std::make_unique<Hashes>() : nullptr},
        writer_{[file = file_.get(), hashes = hashes_.get()](std::span<const std::byte> bytes) {
                  if (hashes != nullptr) hashes->update(bytes);
                  file->write(bytes);
                },
                format, workers} {}

  /// `rows` are not none.
  void write(std::span<const Record> rows) {
    if (rows_ == 0) first_init_ = rows.front().ts_init;
    last_init_ = rows.back().ts_init;
    rows_ += static_cast<std::int64_t>(rows.size());
    writer_.write(rows);
  }
  /// No more rows will come: the file is whole, but lies where nobody looks.
  void finish() {
    writer_.close();
    file_->commit();
  }
  /// Renames it into `folder`, durably, and says its name. Throws `Error`.
  std::string publish(const std::filesystem::path& folder) const {
    std::string name = file_name(first_init_, last_init_);
    std::filesystem::create_directories(folder);
    io::rename_durably(file_->path(), folder / name);
    return name;
  }

  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] std::int64_t bytes() const { return file_->size(); }
  /// Of a finished file that was to be hashed.
  [[nodiscard]] std::string sha256() const { return hashes_->sha256.hex(); }
  [[nodiscard]] std::string xxh3() const { return hashes_->xxh3.hex(); }

 private:
  struct Hashes {
    io::Sha256 sha256;
    io::Xxh3 xxh3;
    void update(std::span<const std::byte> bytes) {
      sha256.update(bytes);
      xxh3.update({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
  };

  std::unique_ptr<io::AtomicFile> file_;
  std::unique_ptr<Hashes> hashes_;
  columnar::MarketWriter<Record> writer_;
  Timestamp first_init_{};
  Timestamp last_init_{};
  std::int64_t rows_ = 0;
};

}  // namespace toxvol::catalog
