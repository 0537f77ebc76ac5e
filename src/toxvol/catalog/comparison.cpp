#include "toxvol/catalog/comparison.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "toxvol/catalog/layout.hpp"
#include "toxvol/catalog/market.hpp"
#include "toxvol/catalog/sidecar.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/quality/detectors.hpp"
#include "toxvol/quality/finding.hpp"
#include "toxvol/quality/scale_detector.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

template <class Record, class Feed>
void feed_day(const fs::path& catalog, Table table, const std::string& symbol, Day day,
              Feed&& feed) {
  const fs::path folder = catalog / folder_of(table, symbol);
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) return;
  for (const auto& item : fs::directory_iterator{folder}) {
    const auto interval = interval_of(item.path().filename().string());
    if (!interval || unit_of(interval->first, table) != day) continue;
    columnar::MarketReader<Record> reader{item.path().string()};
    for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) feed(rows);
  }
}

quality::Findings cross_findings(const fs::path& catalog, const std::string& symbol, Day day) {
  quality::CrossChecker checker{day};
  quality::Findings findings;
  feed_day<Quote>(catalog, Table::Quotes, symbol, day, [&](std::span<const Quote> rows) {
    for (const Quote& row : rows) checker.on(row);
  });
  feed_day<Trade>(catalog, Table::Trades, symbol, day, [&](std::span<const Trade> rows) {
    for (const Trade& row : rows) checker.on(row, findings);
  });
  std::vector<Bar> bars;
  feed_day<Bar>(catalog, Table::Bars, symbol, day, [&](std::span<const Bar> rows) {
    bars.insert(bars.end(), rows.begin(), rows.end());
  });
  std::size_t next = 0;
  feed_day<columnar::KlineFlow>(catalog, Table::Flow, symbol, day,
                                [&](std::span<const columnar::KlineFlow> rows) {
                                  for (const auto& row : rows) {
                                    while (next < bars.size() && bars[next].ts_event < row.ts_event)
                                      ++next;
                                    if (next < bars.size() && bars[next].ts_event == row.ts_event) {
                                      bars[next].taker_buy_volume = row.taker_buy_volume;
                                    }
                                  }
                                });
  for (const Bar& bar : bars) checker.on(bar, findings);
  checker.finish(findings);
  return findings;
}

quality::Findings scale_findings(const fs::path& catalog, const Comparison& comparison) {
  Inputs inputs;
  inputs.metrics = true;
  // The last stamp of a day of metrics is the midnight that ends it.
  const auto market = open(catalog, comparison.symbol, Timestamp{comparison.first},
                           Timestamp{comparison.last} + kDay + Duration{1}, inputs);
  quality::ScaleDetector detector;
  quality::Findings findings;
  for (auto rows = market.data.metrics->next(); !rows.empty(); rows = market.data.metrics->next()) {
    for (const Metrics& row : rows) detector.on(row.ts_event, row.open_interest, findings);
  }
  detector.finish(findings);
  return findings;
}

}  // namespace

Kind kind_of(const Comparison& comparison) {
  return comparison.kind == kScaleSidecar ? Kind::Metrics : Kind::AggTrades;
}

std::vector<Comparison> comparisons(const fs::path& catalog, const std::set<std::string>& symbols) {
  struct Parts {
    std::string trades;
    std::string others;
  };
  std::map<std::pair<std::string, Day>, Parts> parts;
  std::map<std::string, Comparison> scales;
  for (const Sidecar& sidecar : all_sidecars(catalog)) {
    if (!symbols.contains(sidecar.symbol)) continue;
    for (const Output& output : sidecar.outputs) {
      if (sidecar.kind == name(Kind::Metrics)) {
        Comparison& scale = scales
                                .try_emplace(sidecar.symbol, Comparison{.kind = kScaleSidecar,
                                                                        .symbol = sidecar.symbol,
                                                                        .first = output.unit,
                                                                        .last = output.unit,
                                                                        .inputs = {}})
                                .first->second;
        scale.first = std::min(scale.first, output.unit);
        scale.last = std::max(scale.last, output.unit);
        scale.inputs += output.sha256;
        continue;
      }
      Parts& part = parts[{sidecar.symbol, output.unit}];
      if (sidecar.kind == name(Kind::AggTrades)) part.trades += output.sha256;
      if (sidecar.kind == name(Kind::Klines)) part.others += output.sha256;
      if (sidecar.kind == name(Kind::BookTicker)) part.others += output.sha256;
    }
  }
  std::vector<Comparison> result;
  for (const auto& [key, part] : parts) {
    if (part.trades.empty() || part.others.empty()) continue;
    result.push_back({.kind = kCrossSidecar,
                      .symbol = key.first,
                      .first = key.second,
                      .last = key.second,
                      .inputs = "sha256:" + io::sha256_hex(part.trades + part.others)});
  }
  for (auto& [symbol, scale] : scales) {
    scale.inputs = "sha256:" + io::sha256_hex(scale.inputs);
    result.push_back(std::move(scale));
  }
  return result;
}

Sidecar compare(const fs::path& catalog, const Comparison& comparison) {
  const bool cross = comparison.kind == kCrossSidecar;
  Sidecar sidecar;
  sidecar.kind = comparison.kind;
  sidecar.symbol = comparison.symbol;
  sidecar.label = cross ? to_string(comparison.first) : "all";
  sidecar.hash = comparison.inputs;
  const fs::path path = sidecar_path(catalog, sidecar.kind, sidecar.symbol, sidecar.label);
  if (auto before = load_sidecar(path); before && before->hash == comparison.inputs) {
    return *std::move(before);
  }
  sidecar.findings = (cross ? cross_findings(catalog, comparison.symbol, comparison.first)
                            : scale_findings(catalog, comparison))
                         .sorted();
  save(path, sidecar);
  return sidecar;
}

}  // namespace toxvol::catalog
