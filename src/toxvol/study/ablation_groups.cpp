#include "toxvol/study/ablation_groups.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/run/summary.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/ablation.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/json_value.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/study_json.hpp"

namespace toxvol::study {

namespace {
using Json = nlohmann::ordered_json;

/// The figures of each base, by its name.
Json bases_json(const std::vector<VariantRow>& variants) {
  Json json = Json::object();
  for (const VariantRow& variant : variants) {
    if (variant.base != variant.name) continue;
    json[variant.name] =
        variant.result.outcome != nullptr ? result_json(variant.result) : Json(nullptr);
  }
  return json;
}

}  // namespace

std::vector<GroupRow> group_rows(const std::vector<VariantRow>& variants) {
  std::vector<GroupRow> rows;
  for (const VariantRow& variant : variants) {
    if (variant.result.outcome == nullptr) continue;
    const run::Summary& summary = variant.result.outcome->summary;
    const std::pair<const char*, const run::PositionGroups*> parts[] = {
        {"alpha", &summary.by_alpha}, {"regime", &summary.by_regime}, {"exit", &summary.by_exit}};
    for (const auto& [by, groups] : parts) {
      for (const auto& [value, group] : *groups) {
        rows.push_back({.variant = variant.name,
                        .base = variant.base == kBaseName ? std::string{} : variant.base,
                        .by = by,
                        .value = value,
                        .positions = group.positions,
                        .gross = group.gross,
                        .slippage = group.slippage,
                        .fees = group.fees,
                        .funding = group.funding,
                        .net = group.net,
                        .hit_rate = group.hit_rate});
      }
    }
  }
  return rows;
}

std::string ablation_json(std::string_view id, std::string_view design_json,
                          const std::vector<VariantRow>& variants, const Contest& contest,
                          const stats::Resampling& how) {
  Json json = {{"schema", 1}, {"id", id}, {"kind", "ablation"}};
  json["seed"] = how.seed;
  json["resamples"] = how.resamples;
  Json counts = {{"ok", 0}, {"invalid", 0}, {"failed", 0}, {"not_applicable", 0}};
  for (const VariantRow& variant : variants) {
    const std::string status{name(variant.result.status)};
    counts[status] = counts[status].get<int>() + 1;
  }
  json["points"] = counts;
  json.update(contest_json(contest));
  json["base"] = variants.front().result.outcome != nullptr ? result_json(variants.front().result)
                                                            : Json(nullptr);
  if (variants.front().base != kBaseName) json["bases"] = bases_json(variants);
  json["verdict"] = words_of(variants);
  json["design"] = Json::parse(design_json);
  return indented(json) + '\n';
}

}  // namespace toxvol::study
