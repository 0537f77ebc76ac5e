#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::catalog {

/// The rows a run has read of one kind and day: for run.json's `inputs`. `day` is the day of the
/// file that holds them (a bar's is its open time's; of funding the first of the month).
struct InputDigest {
  Kind kind{};
  Day day{};
  std::int64_t rows = 0;
  std::string sha256;
  friend bool operator==(const InputDigest&, const InputDigest&) = default;
};

/// Counts and hashes rows as they stream by: SHA-256 over their fields as 64-bit little-endian
/// words in the order of core/market.hpp, `ts_init` included; sides are 1 and -1, doubles their
/// bits, a blank is the quiet NaN 0x7ff8000000000000. ZIP, CSV and catalog give the same.
class InputLog {
 public:
  template <class Record>
  void add(std::span<const Record> rows);

  /// By kind and day, of what has been streamed so far.
  [[nodiscard]] std::vector<InputDigest> list() const;

 private:
  struct Entry {
    std::int64_t rows = 0;
    io::Sha256 hash;
  };
  std::map<std::pair<Kind, Day>, Entry> entries_;
  std::vector<std::uint64_t> words_;
};

}  // namespace toxvol::catalog
