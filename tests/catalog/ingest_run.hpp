#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/quality/finding.hpp"

/// An ingest of a test's folder, what it found, and the rows that come back.
namespace toxvol::catalog {

inline const std::string kQuotesFile = "BTCUSDT-bookTicker-2024-01-15.csv";

inline IngestOptions options_of(const TestFolder& folder, bool strict, int jobs) {
  IngestOptions options;
  options.raw = {folder.raw()};
  options.catalog = folder.catalog();
  options.jobs = jobs;
  options.strict = strict;
  return options;
}

inline IngestReport run(const TestFolder& folder, bool strict = false, int jobs = 2) {
  Progress silent;
  return ingest(options_of(folder, strict, jobs), silent);
}

inline std::int64_t count(const IngestReport& report, quality::Code code) {
  std::int64_t total = 0;
  for (const auto& item : report.findings) {
    if (item.finding.code == code) total += item.finding.count;
  }
  return total;
}

constexpr Inputs kEverything{
    .trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};

template <class Record>
std::vector<Record> all(BlockStream<Record>& stream) {
  std::vector<Record> rows;
  for (auto block = stream.next(); !block.empty(); block = stream.next()) {
    rows.insert(rows.end(), block.begin(), block.end());
  }
  return rows;
}

}  // namespace toxvol::catalog
