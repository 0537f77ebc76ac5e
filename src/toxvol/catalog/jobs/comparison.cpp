#include "toxvol/catalog/jobs/comparison.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/catalog/jobs/cross_check.hpp"
#include "toxvol/catalog/jobs/kept_ranges.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/quality/finding.hpp"
#include "toxvol/quality/scale_detector.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

quality::Findings scale_findings(const fs::path& catalog, const Comparison& comparison) {
  // The last stamp of a day of metrics is the midnight that ends it.
  const auto market = open(catalog, comparison.symbol, Timestamp{comparison.first},
                           Timestamp{comparison.last} + kDay + Duration{1}, only(Kind::Metrics));
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

std::vector<Comparison> comparisons(const std::vector<Sidecar>& sidecars,
                                    const std::set<std::string>& symbols) {
  struct Parts {
    std::string trades;
    std::string others;
    std::vector<std::string> quotes;
  };
  std::map<std::pair<std::string, Day>, Parts> parts;
  std::map<std::string, Comparison> scales;
  for (const Sidecar& sidecar : sidecars) {
    if (!symbols.contains(sidecar.symbol)) continue;
    for (const Output& output : sidecar.outputs) {
      if (sidecar.kind == name(Kind::Metrics)) {
        Comparison& scale = scales
                                .try_emplace(sidecar.symbol, Comparison{.kind = kScaleSidecar,
                                                                        .symbol = sidecar.symbol,
                                                                        .first = output.unit,
                                                                        .last = output.unit,
                                                                        .inputs = {},
                                                                        .quotes = {}})
                                .first->second;
        scale.first = std::min(scale.first, output.unit);
        scale.last = std::max(scale.last, output.unit);
        scale.inputs += output.sha256;
        continue;
      }
      Parts& part = parts[{sidecar.symbol, output.unit}];
      if (sidecar.kind == name(Kind::AggTrades)) part.trades += output.sha256;
      if (sidecar.kind == name(Kind::Klines)) part.others += output.sha256;
      if (sidecar.kind == name(Kind::BookTicker)) {
        part.others += output.sha256;
        part.quotes.push_back(output.sha256);
      }
    }
  }
  std::vector<Comparison> result;
  for (const auto& [key, part] : parts) {
    if (part.trades.empty() || part.others.empty()) continue;
    result.push_back({.kind = kCrossSidecar,
                      .symbol = key.first,
                      .first = key.second,
                      .last = key.second,
                      .inputs = "sha256:" + io::sha256_hex(part.trades + part.others),
                      .quotes = part.quotes.size() == 1 ? part.quotes.front() : std::string{}});
  }
  for (auto& [symbol, scale] : scales) {
    scale.inputs = "sha256:" + io::sha256_hex(scale.inputs);
    result.push_back(std::move(scale));
  }
  return result;
}

Sidecar compare(const fs::path& catalog, const Comparison& comparison, const KeptRanges& ranges) {
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
  sidecar.findings = (cross ? cross_findings(catalog, comparison.symbol, comparison.first,
                                             ranges.find(comparison.quotes))
                            : scale_findings(catalog, comparison))
                         .sorted();
  save(path, sidecar);
  return sidecar;
}

}  // namespace toxvol::catalog
