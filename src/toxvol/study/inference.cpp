#include "toxvol/study/inference.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/stats/sharpe.hpp"
#include "toxvol/study/json_value.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"

namespace toxvol::study {

namespace {

using Json = nlohmann::ordered_json;

constexpr Duration kYear = std::chrono::hours{8760};

double units_in(Duration whole, Unit unit) {
  return static_cast<double>(whole.count()) / static_cast<double>(length_of(unit).count());
}

std::optional<double> scaled(const std::optional<double>& value, double by) {
  if (!value) return std::nullopt;
  return *value * by;
}

std::optional<stats::Range> scaled(const std::optional<stats::Range>& range, double by) {
  if (!range) return std::nullopt;
  return stats::Range{.lo = range->lo * by, .hi = range->hi * by};
}

stats::Resampling with(stats::Resampling how, stats::Stream stream) {
  how.stream = stream;
  return how;
}

std::optional<Note> note_of(const SeriesInference& series, const RunReturns& returns) {
  if (returns.fills == 0) return Note::NoTrades;
  if (returns.units.ruined) return Note::Ruined;
  if (returns.units.size() < stats::kLeastOfInterval) return Note::TooShort;
  if (!series.sharpe) return Note::NoSpread;
  if (!series.psr || !series.min_trl_days) return Note::Impossible;
  return std::nullopt;
}

SeriesInference series_inference(std::span<const double> series,
                                 const stats::SeriesIntervals& intervals,
                                 const RunReturns& returns) {
  const Unit unit = returns.units.unit;
  const double daily = kBasisPoints * units_in(kDay, unit);
  const double annual = std::sqrt(units_in(kYear, unit));
  const stats::Moments moments = stats::moments_of(series);
  SeriesInference result;
  result.n = moments.count();
  result.ratio = stats::sharpe(series);
  if (result.n > 0) result.mean_bp_day = moments.mean() * daily;
  result.mean_se = scaled(result.ratio.mean_se, daily);
  result.mean_range = scaled(intervals.mean, daily);
  result.sharpe = scaled(result.ratio.sharpe, annual);
  result.se_iid = scaled(result.ratio.se_iid, annual);
  result.se_nw = scaled(result.ratio.se_nw, annual);
  result.sharpe_range = scaled(intervals.sharpe, annual);
  result.psr = result.ratio.psr;
  result.psr_nw = result.ratio.psr_nw;
  result.min_trl_days = scaled(result.ratio.min_trl, 1.0 / units_in(kDay, unit));
  result.skewness = moments.skewness();
  result.kurtosis = moments.kurtosis();
  result.block = intervals.length;
  result.note = note_of(result, returns);
  return result;
}

std::optional<Note> note_of_positions(const RunReturns& returns, bool has_range) {
  if (returns.fills == 0) return Note::NoTrades;
  if (returns.positions.size() < stats::kLeastPositions) return Note::TooShort;
  return has_range ? std::nullopt : std::optional{Note::NoSpread};
}

PositionInference position_inference(const RunReturns& returns, const stats::Resampling& how) {
  const std::vector<double>& bp = returns.positions.bp;
  const stats::MatrixView column{.values = bp.data(), .rows = bp.size(), .columns = 1};
  const stats::SeriesIntervals interval = stats::intervals(column, how).front();
  PositionInference result;
  result.n = static_cast<std::int64_t>(bp.size());
  if (!bp.empty()) result.bp = stats::moments_of(bp).mean();
  result.range = interval.mean;
  result.block = interval.length;
  result.note = note_of_positions(returns, result.range.has_value());
  return result;
}

BreakEvenInference break_even_inference(const RunReturns& returns, const stats::Resampling& how) {
  const stats::RatioInterval interval =
      stats::ratio_interval(returns.positions.earned, returns.positions.traded, how);
  BreakEvenInference result;
  result.fee_bp = scaled(interval.ratio, kBasisPoints);
  result.range = scaled(interval.range, kBasisPoints);
  result.block = interval.length;
  result.note = note_of_positions(returns, result.range.has_value());
  return result;
}

// ---- the document ----

Json time_or_null(const std::optional<Timestamp>& time) {
  return time ? Json(to_string(*time)) : Json(nullptr);
}

Json note_or_null(const std::optional<Note>& note) {
  return note ? Json(name(*note)) : Json(nullptr);
}

void put_range(Json& json, const char* what, const std::optional<stats::Range>& range) {
  const std::string key = what;
  json[key.empty() ? "lo" : key + "_lo"] = range ? Json(range->lo) : Json(nullptr);
  json[key.empty() ? "hi" : key + "_hi"] = range ? Json(range->hi) : Json(nullptr);
}

Json json_of(const SeriesInference& series) {
  Json json = Json::object();
  json["n"] = series.n;
  json["mean_bp_day"] = value(series.mean_bp_day);
  json["mean_se"] = value(series.mean_se);
  put_range(json, "mean", series.mean_range);
  json["sharpe"] = value(series.sharpe);
  json["se_iid"] = value(series.se_iid);
  json["se_nw"] = value(series.se_nw);
  put_range(json, "sharpe", series.sharpe_range);
  json["psr"] = value(series.psr);
  json["psr_nw"] = value(series.psr_nw);
  json["min_trl_days"] = value(series.min_trl_days);
  json["skewness"] = value(series.skewness);
  json["kurtosis"] = value(series.kurtosis);
  json["lags"] = series.ratio.lags;
  json["block"] = value(series.block);
  json["note"] = note_or_null(series.note);
  return json;
}

}  // namespace

Inference infer(const RunReturns& returns, const stats::Resampling& how) {
  const UnitReturns& units = returns.units;
  Inference result;
  result.unit = units.unit;
  if (units.size() > 0) {
    result.from = units.begin;
    result.to = units.boundary(units.size());
  }
  result.seed = how.seed;
  result.resamples = how.resamples;
  result.method = how.method;
  stats::Matrix both{units.size(), 2};
  both.set_column(0, units.net);
  both.set_column(1, units.px);
  const auto intervals = stats::intervals(both.view(), with(how, stats::Stream::Series));
  result.net = series_inference(units.net, intervals[0], returns);
  result.px = series_inference(units.px, intervals[1], returns);
  stats::Resampling of_positions = with(how, stats::Stream::Positions);
  of_positions.method = stats::IntervalMethod::Percentile;
  result.positions = position_inference(returns, of_positions);
  result.break_even = break_even_inference(returns, of_positions);
  result.note = first_of(first_of(result.net.note, result.px.note),
                         first_of(result.positions.note, result.break_even.note));
  return result;
}

std::string inference_json(const Inference& inference) {
  Json json = Json::object();
  json["schema"] = 1;
  json["unit"] = name(inference.unit);
  json["from"] = time_or_null(inference.from);
  json["to"] = time_or_null(inference.to);
  json["seed"] = inference.seed;
  json["resamples"] = inference.resamples;
  if (inference.method != stats::IntervalMethod::Percentile) {
    json["interval"] = stats::name(inference.method);
  }
  json["net"] = json_of(inference.net);
  json["px"] = json_of(inference.px);
  Json& positions = json["positions"];
  positions["n"] = inference.positions.n;
  positions["bp"] = value(inference.positions.bp);
  put_range(positions, "", inference.positions.range);
  positions["block"] = value(inference.positions.block);
  positions["note"] = note_or_null(inference.positions.note);
  Json& break_even = json["break_even"];
  break_even["fee_bp"] = value(inference.break_even.fee_bp);
  put_range(break_even, "", inference.break_even.range);
  break_even["block"] = value(inference.break_even.block);
  break_even["note"] = note_or_null(inference.break_even.note);
  json["note"] = note_or_null(inference.note);
  return indented(json) + '\n';
}

}  // namespace toxvol::study
