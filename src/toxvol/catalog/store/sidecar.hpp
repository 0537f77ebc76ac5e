#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/catalog/raw/numbers.hpp"
#include "toxvol/catalog/raw/row_counts.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

/// What ingest knows of one source file, kept in a small JSON file of its own until the manifest is
/// put together from all of them. It is written last, so it also says that the outputs are there.
namespace toxvol::catalog {

struct Output {
  std::string path;  // relative to the catalog
  Day unit{};
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string sha256;
  std::string xxh3;         // of the same bytes; empty in a catalog of an older toxvol
  std::string rows_sha256;  // of trades and quotes: the rows in it, as run.json has them
};

/// Kinds of sidecars that speak of no source file, but of several outputs together: the kinds of a
/// day compared, and the scale of open interest over all days.
inline constexpr std::string_view kCrossSidecar = "cross";
inline constexpr std::string_view kScaleSidecar = "scale";

struct Sidecar {
  std::string path;  // of the source, relative to its RAW folder
  std::string kind;
  std::string symbol;
  std::string label;  // 2024-01-31 or 2024-01
  std::int64_t bytes = 0;
  std::string hash;
  bool checksum_ok = false;
  bool skipped = false;  // unusable: no outputs
  RowCounts counts;
  std::optional<Timestamp> ts_first;  // by ts_event
  std::optional<Timestamp> ts_last;
  std::vector<Day> superseded;
  Precision precision;
  std::vector<Output> outputs;
  std::vector<quality::Finding> findings;
};

/// Throws `Error`.
void save(const std::filesystem::path& path, const Sidecar& sidecar);
/// Nothing where there is none or it is not readable as one.
[[nodiscard]] std::optional<Sidecar> load_sidecar(const std::filesystem::path& path);
/// All of a catalog, by kind, symbol, label.
[[nodiscard]] std::vector<Sidecar> all_sidecars(const std::filesystem::path& catalog);

}  // namespace toxvol::catalog
