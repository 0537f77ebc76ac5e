#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/signal_row.hpp"

namespace toxvol::run {

/// The rows of a user's own signal, kept in the run folder: docs/schemas.md#signal.
inline constexpr const char* kSignalFile = "signal.parquet";

[[nodiscard]] columnar::Schema signal_schema();
/// Of the rows, whatever held them: the digest of signal.parquet's values.
[[nodiscard]] std::string signal_sha256(std::span<const SignalRow> rows);
void write_signal(const std::filesystem::path& file, std::span<const SignalRow> rows);

/// What run.json tells of a user's own signal.
struct OwnSignalInfo {
  std::vector<SignalRow> rows;  // in [from, to)
  std::string sha256;           // of them
  std::int64_t used = 0;        // stood at a decision row
  std::int64_t stale = 0;       // were the last one known at a decision row, but too old at each
  std::int64_t ignored = 0;     // lay outside of the window and are not among `rows`
};

}  // namespace toxvol::run
