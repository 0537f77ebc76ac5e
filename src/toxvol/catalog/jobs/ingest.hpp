#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/catalog/jobs/ingest_finding.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/row_counts.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

struct IngestOptions {
  std::vector<std::filesystem::path> raw;
  std::filesystem::path catalog;
  std::vector<std::string> symbols;  // empty: every symbol found
  std::optional<Day> from;           // files whose period ends before are left out
  std::optional<Day> to;             // exclusive
  int jobs = 1;
  bool strict = false;
  KnownInstruments known;  // may be empty
};

struct KindCounts {
  Kind kind{};
  std::int64_t files = 0;
  RowCounts rows{};
};

struct IngestReport {
  std::vector<KindCounts> kinds;  // of everything the run looked at, unchanged files among them
  std::int64_t files = 0;
  std::int64_t unchanged = 0;  // ingested before, same contents
  std::int64_t ingested = 0;
  std::vector<std::string> changed;     // source files with other contents than before
  std::vector<std::string> damaged;     // outputs made anew because they were not as written
  std::vector<std::string> skipped;     // one line each: unusable files and refused ones
  std::vector<IngestFinding> findings;  // of everything looked at, by file and line
  std::int64_t output_bytes = 0;
};

/// Raw files into a catalog (docs/data.md#ingest): resumable, idempotent, a day whole or not at
/// all. A file that cannot be used is skipped and named in the report. Throws `Error` when the job
/// cannot go on, `Interrupted` when the user stopped it; what is finished by then stays.
[[nodiscard]] IngestReport ingest(const IngestOptions& options, Progress& progress);

/// Files of `found` that the symbols and days ask for.
[[nodiscard]] std::vector<SourceFile> selected(const std::vector<SourceFile>& found,
                                               const std::vector<std::string>& symbols,
                                               std::optional<Day> from, std::optional<Day> to);

/// Bytes that `files` would take in a catalog, roughly (measured ratios, docs/data.md#size).
[[nodiscard]] std::int64_t estimated_bytes(const std::vector<SourceFile>& files);

}  // namespace toxvol::catalog
