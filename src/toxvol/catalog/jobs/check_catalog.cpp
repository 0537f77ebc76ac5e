#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/check.hpp"
#include "toxvol/catalog/jobs/check_parts.hpp"
#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/parallel.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/catalog/raw/row_counts.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;
using quality::Finding;

namespace {

/// Reads all rows of one kind through; the streams prove their order. Of what another program wrote
/// some may be left out.
RowCounts read_kind(const fs::path& catalog, const KindReport& kind, Progress& progress) {
  const OpenedMarket market = open(catalog, kind.symbol, Timestamp{kind.first},
                                   Timestamp{kind.last} + kDay + kDay, only(kind.kind));
  return with_kind(kind.kind, [&]<class Record>(std::type_identity<Record>) {
    BlockStream<Record>& stream = *stream_of<Record>(market.data);
    RowCounts rows;
    for (auto block = stream.next(); !block.empty(); block = stream.next()) {
      rows.kept += static_cast<std::int64_t>(block.size());
      progress.advance(0, static_cast<std::int64_t>(block.size()));
    }
    for (const auto& [why, count] : market.inputs->left_out()) rows.quarantined += count;
    return rows;
  });
}

/// By the folder of their table: the files that are not as they were written.
using Files = std::set<std::string, std::less<>>;
using Named = std::map<fs::path, Files>;

/// Outputs as the sidecars have them, against what is there.
Named check_outputs(const CheckOptions& options, Progress& progress, CheckReport& report) {
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
    kind->rows += sidecar.counts;
  }
  progress.begin("comparing files", static_cast<std::int64_t>(outputs.size()));
  Named named;
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
      error = fmt::format("{}: not the file that was written; remove it and ingest its day again",
                          path.string());
    }
    progress.advance(1, 0);
    if (error.empty()) return;
    const std::scoped_lock lock{mutex};
    report.errors.push_back(std::move(error));
    named[path.parent_path()].insert(path.string());
  });
  std::sort(report.errors.begin(), report.errors.end());
  return named;
}

/// The files of one kind that were named already.
Files named_of(const Named& named, const fs::path& catalog, const KindReport& kind) {
  Files files;
  std::vector<Table> tables{table_of(kind.kind)};
  if (kind.kind == Kind::Klines) tables.push_back(Table::Flow);
  for (const Table table : tables) {
    const auto found = named.find(catalog / folder_of(table, kind.symbol));
    if (found != named.end()) files.insert(found->second.begin(), found->second.end());
  }
  return files;
}

}  // namespace

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
  const Named named = check_outputs(options, progress, report);
  if (!options.deep) return report;
  progress.begin("reading", static_cast<std::int64_t>(report.kinds.size()));
  std::mutex mutex;
  in_parallel(report.kinds.size(), options.jobs, [&](std::size_t i) {
    KindReport& kind = report.kinds[i];
    const Files known = named_of(named, options.path, kind);
    const auto add = [&](const Error& error) {
      const std::scoped_lock lock{mutex};
      report.errors.emplace_back(error.what());
    };
    try {
      const RowCounts rows = read_kind(options.path, kind, progress);
      if (kind.rows.kept == 0) kind.rows.kept = rows.kept;
      kind.rows.quarantined += rows.quarantined;
      if (rows.kept != kind.rows.kept && known.empty()) {
        const std::scoped_lock lock{mutex};
        report.errors.push_back(fmt::format("{} {}: {} rows, the manifest says {}", kind.symbol,
                                            name(kind.kind), rows.kept, kind.rows.kept));
      }
    } catch (const FileError& error) {
      if (!known.contains(error.file())) add(error);
    } catch (const Error& error) {
      // What reading finds without naming a file, such as a bar without its flow, is what the
      // damage of those that are named does to the rows.
      if (known.empty()) add(error);
    }
    progress.advance(1, 0);
  });
  std::sort(report.errors.begin(), report.errors.end());
  return report;
}

}  // namespace toxvol::catalog
