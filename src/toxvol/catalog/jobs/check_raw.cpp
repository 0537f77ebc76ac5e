#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/check.hpp"
#include "toxvol/catalog/jobs/check_parts.hpp"
#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/catalog/jobs/parallel.hpp"
#include "toxvol/catalog/raw/checksum.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/row_counts.hpp"
#include "toxvol/catalog/raw/sequence.hpp"
#include "toxvol/catalog/raw/source_error.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"
#include "toxvol/quality/scale_detector.hpp"

namespace toxvol::catalog {

using quality::Code;
using quality::Finding;

namespace {

struct FileResult {
  RowCounts counts;
  std::vector<Finding> findings;
  std::string error;
  std::vector<std::pair<Timestamp, std::optional<double>>> open_interest;  // of metrics
};

FileResult read_file(const SourceFile& file, const SequenceOptions& options) {
  return with_kind(file.kind, [&]<class Record>(std::type_identity<Record>) {
    return read_in_any_order<Record>(file, options, [](SequencedFile<Record>& rows) {
      FileResult result;
      while (const auto block = rows.next()) {
        if constexpr (KindOf<Record>::kKind == Kind::Metrics) {
          for (const Metrics& row : block->rows) {
            result.open_interest.emplace_back(row.ts_event, row.open_interest);
          }
        }
      }
      result.counts = rows.counts();
      result.findings = rows.findings().sorted();
      return result;
    });
  });
}

/// Open interest of another scale: a matter of all days together.
void find_scale(const std::vector<SourceFile>& files, const std::vector<FileResult>& results,
                CheckReport& report) {
  std::map<std::string, std::vector<std::pair<Timestamp, std::optional<double>>>> stamps;
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto& list = stamps[files[i].symbol];
    list.insert(list.end(), results[i].open_interest.begin(), results[i].open_interest.end());
  }
  for (auto& [symbol, list] : stamps) {
    std::sort(list.begin(), list.end());
    quality::ScaleDetector detector;
    quality::Findings findings;
    for (const auto& [stamp, open_interest] : list) detector.on(stamp, open_interest, findings);
    detector.finish(findings);
    for (Finding& finding : findings.sorted()) {
      report.findings.push_back(
          {.file = "", .symbol = symbol, .kind = Kind::Metrics, .finding = std::move(finding)});
    }
  }
}

void read_raw(const std::vector<SourceFile>& files, const CheckOptions& options, Progress& progress,
              CheckReport& report) {
  std::int64_t total = 0;
  for (const SourceFile& file : files) total += file.bytes;
  progress.begin("reading", total);
  std::vector<FileResult> results(files.size());
  ThreadPool pool{options.jobs};
  pool.for_each(files.size(), [&](std::size_t i) {
    const SourceFile& file = files[i];
    SequenceOptions sequence;
    sequence.workers = &pool;
    sequence.spill_folder = options.spill_folder;
    if (options.known) {
      if (const auto known = options.known(file.symbol)) sequence.ticks = known->tick;
    }
    std::int64_t rows = 0;
    sequence.progress = [&](std::int64_t /*bytes*/, std::int64_t count) {
      rows += count;
      progress.advance(0, count);
    };
    try {
      verify_checksum(file);
      results[i] = read_file(file, sequence);
    } catch (const SourceError& error) {
      Finding finding;
      finding.code = error.code();
      finding.text = error.what();
      results[i].findings.push_back(std::move(finding));
      results[i].error = error.what();
    }
    progress.advance(file.bytes, 0);
  });
  for (std::size_t i = 0; i < files.size(); ++i) {
    const SourceFile& file = files[i];
    for (KindReport& kind : report.kinds) {
      if (kind.symbol != file.symbol || kind.kind != file.kind) continue;
      kind.rows += results[i].counts;
    }
    if (!results[i].error.empty()) report.errors.push_back(results[i].error);
    for (Finding& finding : results[i].findings) {
      if (results[i].error.empty() &&
          quality::info(finding.code).severity == quality::Severity::Error) {
        report.errors.push_back(fmt::format("{}: {} ({} rows)", file.path.string(),
                                            quality::info(finding.code).name, finding.count));
      }
      report.findings.push_back({.file = file.relative,
                                 .symbol = file.symbol,
                                 .kind = file.kind,
                                 .finding = std::move(finding)});
    }
  }
  find_scale(files, results, report);
}

}  // namespace

CheckReport check_raw(const CheckOptions& options, Progress& progress) {
  CheckReport report;
  report.path = options.path;
  report.deep = options.deep;
  const Discovery found = discover({options.path});
  for (const RefusedFile& refused : found.refused) {
    report.errors.push_back(fmt::format("{}: {}", refused.path, refused.why));
  }
  if (found.files.empty()) {
    if (!report.errors.empty()) throw Error{report.errors.front()};
    throw Error{
        fmt::format("{}: neither Binance's files nor a catalog; names are like "
                    "BTCUSDT-aggTrades-2024-01-31.zip",
                    options.path.string())};
  }
  report.estimated_bytes = estimated_bytes(found.files);
  std::map<std::pair<std::string, Kind>, KindReport> kinds;
  for (const SourceFile& file : found.files) {
    KindReport& kind = kinds[{file.symbol, file.kind}];
    kind.symbol = file.symbol;
    kind.kind = file.kind;
    ++kind.files;
    kind.bytes += file.bytes;
    if (file.bytes == 0) {
      report.errors.push_back(fmt::format("{}: empty; download it again", file.path.string()));
    }
    if (!report.coverage.contains(file.symbol)) {
      report.coverage[file.symbol] = coverage(found, file.symbol);
    }
  }
  for (auto& [key, kind] : kinds) {
    describe_days(report.coverage.at(kind.symbol).days.at(kind.kind), kind);
    report.kinds.push_back(std::move(kind));
  }
  add_missing_days(report);
  if (options.deep) read_raw(found.files, options, progress, report);
  return report;
}

}  // namespace toxvol::catalog
