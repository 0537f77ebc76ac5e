#pragma once

#include <cstdint>

namespace toxvol::catalog {

/// What became of the rows of a file.
struct RowCounts {
  std::int64_t read = 0;
  std::int64_t kept = 0;
  std::int64_t dropped = 0;
  std::int64_t repaired = 0;  // of the kept: stood after a later row
  std::int64_t quarantined = 0;
  RowCounts& operator+=(const RowCounts& other) {
    read += other.read;
    kept += other.kept;
    dropped += other.dropped;
    repaired += other.repaired;
    quarantined += other.quarantined;
    return *this;
  }
  friend bool operator==(const RowCounts&, const RowCounts&) = default;
};

}  // namespace toxvol::catalog
