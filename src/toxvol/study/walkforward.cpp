#include "toxvol/study/walkforward.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/ranks.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/json_value.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/study_json.hpp"

namespace toxvol::study {

namespace {

using Json = nlohmann::ordered_json;
using Fit = WalkForward::Fit;

constexpr std::size_t kLeastFolds = 5;  // for a correlation across them

bool asks(const WalkForward& rule, Fit fit) {
  return std::find(rule.fit.begin(), rule.fit.end(), fit) != rule.fit.end();
}

/// Mean a day out of sample over that in sample, over the folds that have both; empty where there
/// was nothing in sample to keep.
std::optional<double> efficiency(const std::vector<FoldRow>& folds) {
  double in = 0.0;
  double out = 0.0;
  for (const FoldRow& fold : folds) {
    const auto& is = fold.in_sample.inference.net.mean_bp_day;
    const auto& oos = fold.out_of_sample.inference.net.mean_bp_day;
    if (fold.in_sample.outcome == nullptr || !is || !oos) continue;
    in += *is;
    out += *oos;
  }
  if (!(in > 0.0)) return std::nullopt;
  return out / in;
}

std::optional<double> sharpe_correlation(const std::vector<FoldRow>& folds) {
  std::vector<double> in;
  std::vector<double> out;
  for (const FoldRow& fold : folds) {
    const auto& is = fold.in_sample.inference.net.sharpe;
    const auto& oos = fold.out_of_sample.inference.net.sharpe;
    if (!is || !oos) continue;
    in.push_back(*is);
    out.push_back(*oos);
  }
  if (in.size() < kLeastFolds) return std::nullopt;
  return stats::rank_correlation(in, out);
}

/// Of each axis, the share of folds that chose its commonest value.
Json stability(const std::vector<FoldRow>& folds) {
  Json json = Json::object();
  if (folds.size() < 2) return json;
  for (std::size_t a = 0; a < folds.front().axes.size(); ++a) {
    std::map<std::string, std::size_t> counts;
    std::size_t most = 0;
    for (const FoldRow& fold : folds) most = std::max(most, ++counts[fold.axes[a].second]);
    json[folds.front().axes[a].first] =
        static_cast<double>(most) / static_cast<double>(folds.size());
  }
  return json;
}

std::string line_of(std::string_view what, const ResultRow& row) {
  const auto& net = row.inference.net;
  if (row.outcome == nullptr || !net.mean_bp_day) {
    return fmt::format("{:<12} no result", what);
  }
  std::string line = fmt::format("{:<12} net {:+.2f} bp a day", what, *net.mean_bp_day);
  if (net.mean_range) {
    line += fmt::format(" (95 %: {:+.2f} to {:+.2f})", net.mean_range->lo, net.mean_range->hi);
  }
  return line + fmt::format(", {} positions", row.outcome->summary.positions);
}

Json fitted_json(const Outcome* outcome) {
  if (outcome == nullptr || outcome->fitted.empty()) return nullptr;
  const auto& found = config::parse(outcome->fitted, "study").strategy.factors.thresholds;
  return {{"f1", value(found.f1)},
          {"p", value(found.p)},
          {"p_b", value(found.p_b)},
          {"t", value(found.t)}};
}

}  // namespace

std::string_view name(FoldStatus status) {
  switch (status) {
    case FoldStatus::Selected:
      return "selected";
    case FoldStatus::Fallback:
      return "fallback";
    case FoldStatus::Flat:
      return "flat";
  }
  return "";
}

Fitted fitted_of(const config::Config& config, const WalkForward& rule) {
  const factors::FactorParams& params = config.strategy.factors;
  Fitted fitted;
  if (asks(rule, Fit::Quantiles)) {
    fitted.f1 = params.thresholds.f1;
    fitted.p = params.thresholds.p;
    fitted.p_b = params.thresholds.p_b;
    fitted.t = params.thresholds.t;
  }
  const auto& bucket = params.toxicity.vpin_bucket;
  if (asks(rule, Fit::Bucket) && bucket.kind == factors::VpinBucketRule::Kind::Base) {
    fitted.bucket = Qty::from_raw(bucket.amount_e8).to_double();
  }
  if (asks(rule, Fit::Theta)) fitted.theta = params.crowding.theta;
  if (asks(rule, Fit::Har)) {
    const auto& weights = params.volatility.har_weights;
    fitted.har_1 = weights[0];
    fitted.har_7 = weights[1];
    fitted.har_30 = weights[2];
  }
  return fitted;
}

std::vector<std::pair<std::string, std::string>> axes_of(const Design& design,
                                                         const config::Config& config) {
  std::vector<std::pair<std::string, std::string>> axes;
  for (const Axis& axis : design.axes) {
    std::vector<std::string> texts;
    texts.reserve(axis.keys.size());
    for (const std::string& name : axis.keys) {
      texts.push_back(config::to_toml(config::key_of(name).get(config)));
    }
    axes.emplace_back(
        axis.name, texts.size() == 1 ? texts.front() : fmt::format("[{}]", fmt::join(texts, ", ")));
  }
  return axes;
}

std::string stitched_config_json(config::Config base, const Inputs& inputs,
                                 const std::vector<FoldConfig>& folds) {
  base.strategy.factors.thresholds.fit = factors::ThresholdFit::Walkforward;
  Json json = Json::parse(config::to_json(base, inputs));
  json["folds"] = Json::array();
  for (const FoldConfig& fold : folds) {
    Json told = {{"from", to_string(fold.from)},
                 {"config", Json::parse(config::to_json(fold.config, inputs))}};
    if (!fold.enters) told["entries"] = false;
    json["folds"].push_back(std::move(told));
  }
  return json.dump();
}

std::string walkforward_json(std::string_view id, std::string_view design_json,
                             const WalkForwardResult& result, const stats::Resampling& how) {
  Json json = {{"schema", 1}, {"id", id}, {"kind", "walkforward"}};
  json["seed"] = how.seed;
  json["resamples"] = how.resamples;
  std::int64_t ok = 0;
  std::int64_t failed = 0;
  for (const CandidateRow& row : result.candidates) {
    ++(row.result.outcome != nullptr ? ok : failed);
  }
  json["points"] = {{"ok", ok}, {"invalid", result.refused}, {"failed", failed}};
  json["folds"] = result.folds.size();
  json["untested_from"] = result.tail ? Json(to_string(*result.tail)) : Json(nullptr);
  json.update(contest_json(result.contest));
  json["looked_at"] = {{"members", result.members.count},
                       {"n_hat", value(result.members.n_hat)},
                       {"rho", value(result.members.rho)}};
  json["stitched"] = result_json(result.stitched);
  json["stitched"]["inference"] = Json::parse(inference_json(result.stitched.inference));
  json["trailing"] = result_json(result.trailing);
  json["sample"] = result_json(result.sample);
  json["sample"]["in_sample"] = true;
  json["sample"]["thresholds"] = fitted_json(result.sample.outcome);
  json["efficiency"] = value(efficiency(result.folds));
  json["sharpe_rank_correlation"] = value(sharpe_correlation(result.folds));
  json["stability"] = stability(result.folds);
  put(verdict_of(result.stitched, result.contest), json);
  json["lines"] = {line_of("walkforward", result.stitched), line_of("trailing", result.trailing),
                   line_of("sample", result.sample) + " – in sample"};
  json["design"] = Json::parse(design_json);
  return indented(json) + '\n';
}

}  // namespace toxvol::study
