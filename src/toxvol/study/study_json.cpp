#include "toxvol/study/study_json.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

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
bool is_below_zero(const std::optional<stats::Range>& range) {
  return range && range->hi < 0.0;
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

Verdict verdict_of(const ResultRow& best, const Contest& contest) {
  if (best.outcome == nullptr || best.outcome->returns.units.size() < kLeastForT ||
      best.outcome->returns.positions.size() < kLeastPositions) {
    return {};
  }
  const double pbo = contest.pbo ? contest.pbo->pbo : 0.0;
  const bool is_beyond_luck = is_sure(best.net.dsr_null);
  const auto& net = best.inference.net.sharpe_range;
  const bool is_edge = is_beyond_luck && is_above_zero(net) && pbo <= kMostPbo;
  std::string verdict;
  if (is_edge) {
    verdict = "an edge after costs";
  } else {
    const bool has_px = is_sure(best.px.dsr_null) && is_above_zero(best.inference.px.sharpe_range);
    if (is_above_zero(net)) {
      const std::string but =
          is_beyond_luck ? fmt::format(
                               "what was best in one half of the time was below the middle of the "
                               "other more often than not (PBO {:.2f})",
                               pbo)
                         : fmt::format("not beyond the luck of {} tries", contest.trials);
      verdict = fmt::format("{}positive{}, but {}", has_px ? "an edge before costs; " : "",
                            has_px ? " after them" : "", but);
    } else if (is_below_zero(net)) {
      verdict = has_px ? "an edge before costs, eaten by them"
                       : "a loss after costs, and no edge found before them";
    } else {
      verdict = has_px ? "an edge before costs; whether costs leave any of it cannot be told"
                       : "no edge found, before costs or after them";
    }
  }
  if (is_sure(best.net.dsr_null) && !is_sure(best.net.dsr)) {
    verdict += "; the variants tried differ more than luck alone would make them";
  }
  return {.is_edge = is_edge, .words = std::move(verdict)};
}

void put(const Verdict& verdict, Json& study) {
  study["edge"] = verdict.is_edge;
  study["verdict"] = verdict.words;
}

}  // namespace toxvol::study
