#pragma once

#include <span>
#include <string>

#include "toxvol/io/hash.hpp"

namespace toxvol::catalog {

/// Rows of one kind as they come, identified: SHA-256 over their fields as 64-bit little-endian
/// words in the order of core/market.hpp, `ts_init` included; sides are 1 and -1, doubles their
/// bits, a blank is the quiet NaN 0x7ff8000000000000. ZIP, CSV and catalog give the same.
class RowsHash {
 public:
  template <class Record>
  void add(std::span<const Record> rows);
  [[nodiscard]] std::string hex() const { return hash_.hex(); }

 private:
  io::Sha256 hash_;
};

}  // namespace toxvol::catalog
