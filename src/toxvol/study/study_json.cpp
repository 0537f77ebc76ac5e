#include "toxvol/study/study_json.hpp"

#include <cstddef>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/stats/intervals.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/json_value.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

namespace {

using Json = nlohmann::ordered_json;

// R63: so sure must one be, so much must there be to go by, and so seldom may the best be the
// worst.
constexpr double kSure = 0.95;
constexpr double kMostPbo = 0.5;
constexpr std::size_t kLeastForT = 30;
constexpr std::size_t kLeastPositions = 10;

bool is_above_zero(const std::optional<stats::Range>& range) {
  return range && range->lo > 0.0;
}
bool is_sure(const std::optional<double>& probability) {
  return probability && *probability >= kSure;
}

Json series_json(const SeriesInference& series, const Deflated& deflated) {
  const auto end = [&](double stats::Range::* side) {
    return series.sharpe_range ? Json((*series.sharpe_range).*side) : Json(nullptr);
  };
  return {{"mean_bp_day", value(series.mean_bp_day)},
          {"sharpe", value(series.sharpe)},
          {"sharpe_lo", end(&stats::Range::lo)},
          {"sharpe_hi", end(&stats::Range::hi)},
          {"psr", value(series.psr)},
          {"dsr_null", value(deflated.dsr_null)},
          {"dsr", value(deflated.dsr)},
          {"dsr_implied", value(deflated.dsr_implied)}};
}

}  // namespace

Json contest_json(const ContestOf& contest) {
  Json json = {{"M", contest.trials}, {"n_hat", value(contest.n_hat)}, {"rho", value(contest.rho)}};
  json["spa"] = {{"length", value(contest.family.length)},
                 {"T", value(contest.family.largest)},
                 {"p_lower", value(contest.family.p_lower)},
                 {"p_consistent", value(contest.family.p_consistent)},
                 {"p_upper", value(contest.family.p_upper)}};
  json["c95"] = value(contest.family.c95);
  json["pbo"] = nullptr;
  if (contest.pbo) {
    json["pbo"] = {{"pbo", contest.pbo->pbo},
                   {"splits", contest.pbo->lambdas.size()},
                   {"median_lambda", contest.pbo->median_lambda},
                   {"p_loss", contest.pbo->p_loss},
                   {"slope", value(contest.pbo->slope)},
                   {"mean_in", contest.pbo->mean_in},
                   {"mean_out", contest.pbo->mean_out}};
  }
  return json;
}

Json result_json(const ResultRow& row) {
  return {{"net", series_json(row.inference.net, row.net)},
          {"px", series_json(row.inference.px, row.px)}};
}

std::string verdict_of(const ResultRow& best, const Contest& contest) {
  if (best.outcome == nullptr || best.outcome->returns.units.size() < kLeastForT ||
      best.outcome->returns.positions.size() < kLeastPositions) {
    return "too little data";
  }
  const bool is_stable = !contest.pbo || contest.pbo->pbo <= kMostPbo;
  const bool earns = is_above_zero(best.inference.net.sharpe_range);
  std::string verdict = "nothing here";
  if (is_sure(best.net.dsr_null) && earns && is_stable) {
    verdict = "an edge after costs";
  } else if (is_sure(best.px.dsr_null) && is_above_zero(best.inference.px.sharpe_range)) {
    verdict = "an edge before costs, eaten by them";
  } else if (earns) {
    verdict = fmt::format("positive, but not beyond the luck of {} tries", contest.trials);
  }
  if (is_sure(best.net.dsr_null) && !is_sure(best.net.dsr)) {
    verdict += "; the variants tried differ more than luck alone would make them";
  }
  return verdict;
}

}  // namespace toxvol::study
