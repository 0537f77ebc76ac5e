#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "toxvol/core/time.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/stats/sharpe.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"

namespace toxvol::study {

/// How far the returns of one series can be trusted (R8–R13). Means are in basis points a day,
/// ratios and their errors a year (R4), but for `ratio`, which is of units.
struct SeriesInference {
  std::int64_t n = 0;
  std::optional<double> mean_bp_day;
  std::optional<double> mean_se;
  std::optional<stats::Range> mean_range;
  std::optional<double> sharpe;
  std::optional<double> se_iid;
  std::optional<double> se_nw;
  std::optional<stats::Range> sharpe_range;
  std::optional<double> psr;
  std::optional<double> psr_nw;
  std::optional<double> min_trl_days;
  std::optional<double> skewness;
  std::optional<double> kurtosis;
  std::optional<std::int64_t> block;  // mean length of resampled blocks, or S of R65; in units
  stats::Sharpe ratio;
  std::optional<Note> note;
};

/// The mean of the closed positions' returns, in basis points.
struct PositionInference {
  std::int64_t n = 0;
  std::optional<double> bp;
  std::optional<stats::Range> range;
  std::optional<std::int64_t> block;  // in positions
  std::optional<Note> note;
};

/// The fee a side, in basis points, at which the closed positions would have earned nothing (R54).
struct BreakEvenInference {
  std::optional<double> fee_bp;
  std::optional<stats::Range> range;
  std::optional<std::int64_t> block;
  std::optional<Note> note;
};

/// What one run's returns say. Each part's note is why a figure of it is null, the whole's the
/// first of them.
struct Inference {
  Unit unit = Unit::Hour;
  std::optional<Timestamp> from;  // of the whole units; empty without one
  std::optional<Timestamp> to;
  std::uint64_t seed = 1;
  int resamples = 0;
  stats::IntervalMethod method = stats::IntervalMethod::Percentile;  // of the intervals of net, px
  SeriesInference net;
  SeriesInference px;
  PositionInference positions;
  BreakEvenInference break_even;
  std::optional<Note> note;
};

/// `how`: seed, number of resamples and cache, and the method for `net` and `px`; the streams are
/// R11's.
[[nodiscard]] Inference infer(const RunReturns& returns, const stats::Resampling& how = {});

/// inference.json of a run folder (docs/schemas.md).
[[nodiscard]] std::string inference_json(const Inference& inference);

}  // namespace toxvol::study
