#include "toxvol/catalog/check.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/checksum.hpp"
#include "toxvol/catalog/coverage.hpp"
#include "toxvol/catalog/discovery.hpp"
#include "toxvol/catalog/ingest.hpp"
#include "toxvol/catalog/layout.hpp"
#include "toxvol/catalog/market.hpp"
#include "toxvol/catalog/missing_days.hpp"
#include "toxvol/catalog/parallel.hpp"
#include "toxvol/catalog/sequence.hpp"
#include "toxvol/catalog/sidecar.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/quality/finding.hpp"
#include "toxvol/quality/scale_detector.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;
using quality::Code;
using quality::Finding;

namespace {

void describe_days(const std::vector<Day>& days, KindReport& report) {
  if (days.empty()) return;
  report.first = days.front();
  report.last = days.back();
  report.days = static_cast<std::int64_t>(days.size());
  constexpr std::chrono::days kOne{1};
  for (std::size_t i = 1; i < days.size(); ++i) {
    if (days[i] - days[i - 1] > kOne) {
      report.holes.push_back({.from = days[i - 1] + kOne, .to = days[i] - kOne});
    }
  }
}

struct FileResult {
  RowCounts counts;
  std::vector<Finding> findings;
  std::string error;
  std::vector<std::pair<Timestamp, std::optional<double>>> open_interest;  // of metrics
};

void add_missing_days(CheckReport& report) {
  for (const auto& [symbol, days] : report.coverage) {
    for (KindFinding& missing : missing_days(days)) {
      report.findings.push_back({.file = "",
                                 .symbol = symbol,
                                 .kind = missing.kind,
                                 .finding = std::move(missing.finding)});
    }
  }
}

template <class Record>
FileResult read_rows(const SourceFile& file, const SequenceOptions& options, Reading reading) {
  FileResult result;
  SequencedFile<Record> rows{file, options, reading};
  while (const auto block = rows.next()) {
    if constexpr (std::is_same_v<Record, Metrics>) {
      for (const Metrics& row : block->rows) {
        result.open_interest.emplace_back(row.ts_event, row.open_interest);
      }
    }
  }
  result.counts = rows.counts();
  result.findings = rows.findings().sorted();
  return result;
}

template <class Record>
FileResult read_file(const SourceFile& file, const SequenceOptions& options) {
  try {
    return read_rows<Record>(file, options, Reading::InOrder);
  } catch (const Disordered&) {
    return read_rows<Record>(file, options, Reading::Sorted);
  }
}

FileResult read_any(const SourceFile& file, const SequenceOptions& options) {
  switch (file.kind) {
    case Kind::AggTrades:
      return read_file<Trade>(file, options);
    case Kind::BookTicker:
      return read_file<Quote>(file, options);
    case Kind::Klines:
      return read_file<Bar>(file, options);
    case Kind::Metrics:
      return read_file<Metrics>(file, options);
    case Kind::Funding:
      return read_file<Funding>(file, options);
  }
  return {};
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
  in_parallel(files.size(), options.jobs, [&](std::size_t i) {
    const SourceFile& file = files[i];
    SequenceOptions sequence;
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
      results[i] = read_any(file, sequence);
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
      kind.rows.read += results[i].counts.read;
      kind.rows.kept += results[i].counts.kept;
      kind.rows.dropped += results[i].counts.dropped;
      kind.rows.repaired += results[i].counts.repaired;
      kind.rows.quarantined += results[i].counts.quarantined;
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

/// Reads all rows of one kind through; the streams prove their order. Returns how many there are.
template <class Record>
std::int64_t drain(BlockStream<Record>& stream, Progress& progress) {
  std::int64_t rows = 0;
  for (auto block = stream.next(); !block.empty(); block = stream.next()) {
    rows += static_cast<std::int64_t>(block.size());
    progress.advance(0, static_cast<std::int64_t>(block.size()));
  }
  return rows;
}

std::int64_t read_kind(const fs::path& catalog, const KindReport& kind, Progress& progress) {
  Inputs inputs;
  inputs.trades = kind.kind == Kind::AggTrades;
  inputs.quotes = kind.kind == Kind::BookTicker;
  inputs.bars = kind.kind == Kind::Klines;
  inputs.metrics = kind.kind == Kind::Metrics;
  inputs.funding = kind.kind == Kind::Funding;
  const OpenedMarket market =
      open(catalog, kind.symbol, Timestamp{kind.first}, Timestamp{kind.last} + kDay + kDay, inputs);
  if (market.data.trades) return drain(*market.data.trades, progress);
  if (market.data.quotes) return drain(*market.data.quotes, progress);
  if (market.data.bars) return drain(*market.data.bars, progress);
  if (market.data.metrics) return drain(*market.data.metrics, progress);
  return drain(*market.data.funding, progress);
}

Table table_of(Kind kind) {
  switch (kind) {
    case Kind::AggTrades:
      return Table::Trades;
    case Kind::BookTicker:
      return Table::Quotes;
    case Kind::Klines:
      return Table::Bars;
    case Kind::Metrics:
      return Table::Metrics;
    case Kind::Funding:
      break;
  }
  return Table::Funding;
}

/// Outputs as the sidecars have them, against what is there.
void check_outputs(const CheckOptions& options, Progress& progress, CheckReport& report) {
  const std::vector<Sidecar> sidecars = all_sidecars(options.path);
  std::vector<Output> outputs;
  for (const Sidecar& sidecar : sidecars) {
    outputs.insert(outputs.end(), sidecar.outputs.begin(), sidecar.outputs.end());
    const auto kind =
        std::find_if(report.kinds.begin(), report.kinds.end(), [&](const KindReport& candidate) {
          return candidate.symbol == sidecar.symbol && name(candidate.kind) == sidecar.kind;
        });
    const Kind compared = sidecar.kind == kScaleSidecar ? Kind::Metrics : Kind::AggTrades;
    for (const Finding& finding : sidecar.findings) {
      report.findings.push_back({.file = sidecar.path,
                                 .symbol = sidecar.symbol,
                                 .kind = kind == report.kinds.end() ? compared : kind->kind,
                                 .finding = finding});
    }
    if (sidecar.skipped) {
      report.errors.push_back(
          fmt::format("{}: skipped at ingest: {}", sidecar.path, sidecar.findings.front().text));
    }
    if (kind == report.kinds.end()) continue;
    kind->rows.read += sidecar.counts.read;
    kind->rows.kept += sidecar.counts.kept;
    kind->rows.dropped += sidecar.counts.dropped;
    kind->rows.repaired += sidecar.counts.repaired;
    kind->rows.quarantined += sidecar.counts.quarantined;
  }
  progress.begin("comparing files", static_cast<std::int64_t>(outputs.size()));
  std::mutex mutex;
  in_parallel(outputs.size(), options.jobs, [&](std::size_t i) {
    const Output& output = outputs[i];
    const fs::path path = options.path / output.path;
    std::error_code failure;
    const auto bytes = fs::file_size(path, failure);
    std::string error;
    if (failure) {
      error = fmt::format("{}: missing; ingest its day again", path.string());
    } else if (static_cast<std::int64_t>(bytes) != output.bytes ||
               (options.deep && io::sha256_hex_of_file(path) != output.sha256)) {
      error = fmt::format("{}: not the file that was written; ingest its day again", path.string());
    }
    progress.advance(1, 0);
    if (error.empty()) return;
    const std::scoped_lock lock{mutex};
    report.errors.push_back(std::move(error));
  });
  std::sort(report.errors.begin(), report.errors.end());
}

CheckReport check_catalog(const CheckOptions& options, Progress& progress) {
  CheckReport report;
  report.path = options.path;
  report.catalog = true;
  report.deep = options.deep;
  std::error_code failure;
  for (const std::string& symbol : symbols(options.path)) {
    report.coverage[symbol] = coverage(options.path, symbol);
    for (const auto& [kind, days] : report.coverage[symbol].days) {
      KindReport item;
      item.symbol = symbol;
      item.kind = kind;
      for (const auto& file :
           fs::directory_iterator{options.path / folder_of(table_of(kind), symbol)}) {
        ++item.files;
        item.bytes += static_cast<std::int64_t>(file.file_size(failure));
      }
      describe_days(days, item);
      report.kinds.push_back(std::move(item));
    }
  }
  add_missing_days(report);
  check_outputs(options, progress, report);
  if (!options.deep) return report;
  progress.begin("reading", static_cast<std::int64_t>(report.kinds.size()));
  std::mutex mutex;
  in_parallel(report.kinds.size(), options.jobs, [&](std::size_t i) {
    KindReport& kind = report.kinds[i];
    try {
      const std::int64_t rows = read_kind(options.path, kind, progress);
      if (kind.rows.kept == 0) kind.rows.kept = rows;
      if (rows != kind.rows.kept) {
        const std::scoped_lock lock{mutex};
        report.errors.push_back(fmt::format("{} {}: {} rows, the manifest says {}", kind.symbol,
                                            name(kind.kind), rows, kind.rows.kept));
      }
    } catch (const Error& error) {
      const std::scoped_lock lock{mutex};
      report.errors.emplace_back(error.what());
    }
    progress.advance(1, 0);
  });
  std::sort(report.errors.begin(), report.errors.end());
  return report;
}

}  // namespace

bool is_catalog(const fs::path& path) {
  std::error_code failure;
  if (fs::is_regular_file(path / "toxvol" / "manifest.json", failure)) return true;
  for (const Table table : {Table::Trades, Table::Quotes, Table::Bars, Table::Metrics,
                            Table::Funding, Table::Perpetual}) {
    if (fs::is_directory((path / folder_of(table, "")).parent_path(), failure)) return true;
  }
  return false;
}

CheckReport check(const CheckOptions& options, Progress& progress) {
  return is_catalog(options.path) ? check_catalog(options, progress) : check_raw(options, progress);
}

}  // namespace toxvol::catalog
