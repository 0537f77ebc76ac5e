#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/ingest_finding.hpp"
#include "toxvol/catalog/raw/row_counts.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

/// One kind of one symbol.
struct KindReport {
  std::string symbol;
  Kind kind{};
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  Day first{};
  Day last{};
  std::int64_t days = 0;
  std::vector<DayWindow> holes;  // without data between the first and the last day
  RowCounts rows{};              // deep only
};

struct CheckReport {
  std::filesystem::path path;
  bool catalog = false;  // what was looked at: a catalog, or raw files
  bool deep = false;
  std::vector<KindReport> kinds;             // by symbol, kind
  std::map<std::string, Coverage> coverage;  // by symbol
  std::int64_t estimated_bytes = 0;          // raw: what a catalog of it would take
  std::vector<IngestFinding> findings;
  std::vector<std::string> errors;  // one line each: the check found the data wanting
};

struct CheckOptions {
  std::filesystem::path path;
  bool deep = false;  // read everything; otherwise names and sizes only
  int jobs = 1;
  KnownInstruments known;              // may be empty
  std::filesystem::path spill_folder;  // deep: for sorting disordered files
};

/// Says what is in a folder and what is wrong with it. Writes nothing but spilled rows. Throws
/// `Error` when there is nothing to look at.
[[nodiscard]] CheckReport check(const CheckOptions& options, Progress& progress);

}  // namespace toxvol::catalog
