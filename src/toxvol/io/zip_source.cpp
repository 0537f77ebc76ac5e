#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <minizip/unzip.h>
#include <sys/types.h>
#include <unistd.h>
#include <zlib.h>

#include "toxvol/core/byte_source.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/posix.hpp"
#include "toxvol/io/source.hpp"

namespace toxvol::io {

namespace {

constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;  // minizip counts with 32 bits
constexpr unsigned long kEncrypted = 1;                    // bit 0 of the member's flags

struct CloseArchive {
  void operator()(void* archive) const { unzClose(archive); }
};
using Archive = std::unique_ptr<void, CloseArchive>;

std::string_view message_of(int code) {
  switch (code) {
    case UNZ_CRCERROR:
      return "the data do not match their CRC";
    case UNZ_ERRNO:
      return "it cannot be read to its end";
    case Z_DATA_ERROR:
      return "the compressed data are damaged";
    case Z_BUF_ERROR:
      return "the compressed data are cut short";
    default:
      return "its headers contradict each other";
  }
}

/// Whether the record that ends a ZIP is there whole; minizip takes what is cut off for zeros.
bool has_end(const Descriptor& file, const std::filesystem::path& path) {
  constexpr std::size_t kRecord = 22;  // its comment, of at most 65,535 bytes, follows
  constexpr std::size_t kMost = kRecord + 65'535;
  const std::uintmax_t size = std::filesystem::file_size(path);
  std::string tail(std::min<std::uintmax_t>(size, kMost), '\0');
  if (::lseek(file.number(), -static_cast<off_t>(tail.size()), SEEK_END) < 0) return false;
  std::size_t have = 0;
  while (const std::size_t got =
             read_some(file.number(), tail.data() + have, tail.size() - have, path)) {
    have += got;
  }
  const std::size_t at = tail.rfind("PK\x05\x06");
  if (have < tail.size() || at == std::string::npos || tail.size() - at < kRecord) return false;
  const auto byte = [&](std::size_t offset) {
    return static_cast<std::size_t>(static_cast<unsigned char>(tail[at + offset]));
  };
  return tail.size() - at >= kRecord + byte(20) + (byte(21) << 8U);
}

Archive open_archive(const std::filesystem::path& path) {
  // minizip has no words for a missing or unreadable file.
  const Descriptor file = open_for_reading(path);
  Archive archive{has_end(file, path) ? unzOpen64(path.c_str()) : nullptr};
  if (archive) return archive;
  throw Error{fmt::format("{}: not a ZIP, or cut short; download it again", path.string()),
              ErrorCode::Corrupt};
}

struct Entry {
  unz64_file_pos place{};
  std::string name;
  std::int64_t bytes = 0;
};

class Members {
 public:
  Members(void* archive, std::string path) : archive_{archive}, path_{std::move(path)} {}

  /// The one member whose name ends in `.csv`.
  Entry csv() {
    Entry found;
    int members = 0;
    int csv_members = 0;
    int status = unzGoToFirstFile(archive_);
    for (; status == UNZ_OK; status = unzGoToNextFile(archive_)) {
      ++members;
      unz_file_info64 facts{};
      const std::string name = read_name(facts);
      if (!name.ends_with(".csv") && !name.ends_with(".CSV")) continue;
      if (++csv_members > 1) {
        fail(
            fmt::format("holds several CSV files ('{}', '{}'); Binance's hold one, unpack "
                        "it and use the files",
                        found.name, name));
      }
      if ((facts.flag & kEncrypted) != 0) {
        fail(fmt::format("'{}' is encrypted; unpack it and use the CSV", name));
      }
      if (facts.compression_method != 0 && facts.compression_method != Z_DEFLATED) {
        fail(
            fmt::format("'{}' is compressed by method {}, which is neither deflate nor none; "
                        "unpack it and use the CSV",
                        name, facts.compression_method));
      }
      found.name = name;
      found.bytes = static_cast<std::int64_t>(facts.uncompressed_size);
      if (unzGetFilePos64(archive_, &found.place) != UNZ_OK) fail_at_list();
    }
    if (status != UNZ_END_OF_LIST_OF_FILE) fail_at_list();
    if (csv_members == 0) {
      fail(fmt::format("holds no CSV file among its {} members; download it again", members));
    }
    if (found.bytes == 0) {
      throw Error{fmt::format("{}: '{}' in it is empty; download it again", path_, found.name),
                  ErrorCode::Empty};
    }
    return found;
  }

 private:
  std::string read_name(unz_file_info64& facts) {
    if (unzGetCurrentFileInfo64(archive_, &facts, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
      fail_at_list();
    }
    std::string name(facts.size_filename, '\0');
    if (unzGetCurrentFileInfo64(archive_, &facts, name.data(), facts.size_filename, nullptr, 0,
                                nullptr, 0) != UNZ_OK) {
      fail_at_list();
    }
    return name;
  }
  [[noreturn]] void fail(std::string_view what) const {
    throw Error{fmt::format("{}: {}", path_, what), ErrorCode::Corrupt};
  }
  [[noreturn]] void fail_at_list() const { fail("damaged list of members; download it again"); }

  void* archive_;
  std::string path_;
};

class ZipSource final : public ByteSource {
 public:
  explicit ZipSource(const std::filesystem::path& path) : archive_{open_archive(path)} {
    const Entry entry = Members{archive_.get(), path.string()}.csv();
    name_ = fmt::format("{}:{}", path.string(), entry.name);
    size_ = entry.bytes;
    int status = unzGoToFilePos64(archive_.get(), &entry.place);
    if (status == UNZ_OK) status = unzOpenCurrentFile(archive_.get());
    if (status != UNZ_OK) fail_with(message_of(status));
  }

  std::size_t read(std::span<char> out) override {
    if (out.empty() || at_end_) return 0;
    const auto most = static_cast<unsigned>(std::min(out.size(), kMostAtOnce));
    const int got = unzReadCurrentFile(archive_.get(), out.data(), most);
    if (got < 0) fail_with(message_of(got));
    given_ += got;
    if (got == 0) {
      at_end_ = true;
      if (given_ != size_) {
        fail_with(fmt::format("gives {} bytes in place of {}", given_, size_));
      }
      // minizip compares the CRC when a member is closed.
      const int status = unzCloseCurrentFile(archive_.get());
      if (status != UNZ_OK) fail_with(message_of(status));
    }
    return static_cast<std::size_t>(got);
  }
  const std::string& name() const override { return name_; }
  std::optional<std::int64_t> size() const override { return size_; }

 private:
  [[noreturn]] void fail_with(std::string_view reason) const {
    throw Error{fmt::format("{}: damaged ZIP: {}; download it again", name_, reason),
                ErrorCode::Corrupt};
  }

  std::string name_;
  Archive archive_;
  std::int64_t size_ = 0;
  std::int64_t given_ = 0;
  bool at_end_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> open_zip(const std::filesystem::path& path) {
  return std::make_unique<ZipSource>(path);
}

}  // namespace toxvol::io
