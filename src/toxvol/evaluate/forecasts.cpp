#include "toxvol/evaluate/forecasts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/evaluate/minutes.hpp"
#include "toxvol/evaluate/note.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/family.hpp"
#include "toxvol/stats/forecasts.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::evaluate {

namespace {

constexpr std::int64_t kDayMinutes = 1440;
constexpr std::size_t kLeastEarlier = 30;  // points before a scaled forecast

/// What a forecast is made from.
struct Known {
  const Row& row;
  const Minutes& minutes;
  const factors::VolatilityParams& params;
  std::int64_t horizon;
};

Value times(const Value& value, double by) {
  if (!value) return std::nullopt;
  return *value * by;
}
Value squared(const Value& value, double by) {
  if (!value) return std::nullopt;
  return *value * *value * by;
}
Value of_minute(const Known& known, Value Minute::* member, double by) {
  const Minute* minute = known.minutes.at(known.row.ts);
  return minute == nullptr ? std::nullopt : times(minute->*member, by);
}

double h(const Known& known) {
  return static_cast<double>(known.horizon);
}
double short_minutes(const Known& known) {
  return static_cast<double>(known.params.half_life_short / kMinute);
}

struct Model {
  std::string_view name;
  Value (*forecast)(const Known&);
};

constexpr std::string_view kBenchmark = "har";
constexpr std::array kModels = {
    Model{"last", [](const Known& k) { return k.minutes.variance(k.row.ts, k.horizon); }},
    Model{"rv", [](const Known& k) { return times(k.row.rv, h(k) / short_minutes(k)); }},
    Model{"pk", [](const Known& k) { return of_minute(k, &Minute::parkinson, h(k)); }},
    Model{"gk", [](const Known& k) { return of_minute(k, &Minute::garman_klass, h(k)); }},
    Model{"rs", [](const Known& k) { return of_minute(k, &Minute::rogers_satchell, h(k)); }},
    Model{"yz", [](const Known& k) { return squared(k.row.vol_yz, h(k)); }},
    Model{"ewma_gk_short", [](const Known& k) { return squared(k.row.gk_short, h(k)); }},
    Model{"ewma_gk_long", [](const Known& k) { return squared(k.row.gk_long, h(k)); }},
    Model{"ewma_r2", [](const Known& k) { return of_minute(k, &Minute::ewma_square, h(k)); }},
    Model{"sigma", [](const Known& k) { return squared(k.row.sigma, h(k)); }},
    Model{kBenchmark,
          [](const Known& k) {
            return times(k.row.har, h(k) / static_cast<double>(kMinutesPerDay));
          }},
};
constexpr std::array kFitted = {
    Model{"har_log",
          [](const Known& k) {
            return times(k.row.har_log, h(k) / static_cast<double>(kMinutesPerDay));
          }},
    Model{"har_ols", [](const Known& k) { return of_minute(k, &Minute::har_ols, 1.0); }},
};

const Model& model_of(std::string_view name) {
  for (const Model& model : kModels) {
    if (model.name == name) return model;
  }
  for (const Model& model : kFitted) {
    if (model.name == name) return model;
  }
  TOXVOL_ASSERT(false);
  return kModels.front();
}

bool is_above_zero(const Value& value) {
  return value.value_or(0.0) > 0.0;
}

/// One model, as it is or scaled.
struct Candidate {
  std::string_view model;
  bool is_scaled = false;
  bool is_told = true;  // has a line; otherwise it is only compared with
  std::vector<ForecastPoint> points;
};

double mean(std::span<const double> x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

/// The numbers of all candidates at the points where all are known.
class Sample {
 public:
  explicit Sample(const std::vector<Candidate>& candidates) : forecasts_(candidates.size()) {
    for (std::size_t i = 0; i < candidates.front().points.size(); ++i) {
      const Value& y = candidates.front().points[i].y;
      const bool is_whole =
          is_above_zero(y) && std::ranges::all_of(candidates, [i](const Candidate& candidate) {
            return is_above_zero(candidate.points[i].f);
          });
      if (!is_whole) {
        ++dropped_;
        continue;
      }
      y_.push_back(y.value_or(0.0));
      for (std::size_t j = 0; j < candidates.size(); ++j) {
        forecasts_[j].push_back(candidates[j].points[i].f.value_or(0.0));
      }
    }
    losses_.reserve(forecasts_.size());
    for (const auto& f : forecasts_) losses_.push_back(stats::losses(y_, f));
  }

  [[nodiscard]] std::int64_t dropped() const { return dropped_; }
  [[nodiscard]] const std::vector<double>& y() const { return y_; }
  [[nodiscard]] const std::vector<double>& f(std::size_t j) const { return forecasts_[j]; }
  [[nodiscard]] const stats::Losses& losses(std::size_t j) const { return losses_[j]; }

 private:
  std::int64_t dropped_ = 0;
  std::vector<double> y_;
  std::vector<std::vector<double>> forecasts_;
  std::vector<stats::Losses> losses_;
};

std::optional<double> superior(const Sample& sample, std::size_t candidates, std::size_t benchmark,
                               const stats::Resampling& how) {
  const std::size_t n = sample.y().size();
  if (n < stats::kLeastOfInterval) return std::nullopt;
  stats::Matrix differences{n, candidates};
  for (std::size_t j = 0; j < candidates; ++j) {
    std::vector<double> d = sample.losses(benchmark).qlike;
    for (std::size_t i = 0; i < n; ++i) d[i] -= sample.losses(j).qlike[i];
    differences.set_column(j, d);
  }
  stats::Resampling of_family = how;
  of_family.stream = stats::Stream::Family;
  return stats::family(differences.view(), of_family).p_consistent;
}

void compare(ForecastRow& line, const Sample& sample, std::size_t j, std::size_t benchmark) {
  constexpr std::size_t kOverlap = 1;
  const stats::Losses& own = sample.losses(j);
  const stats::Losses& base = sample.losses(benchmark);
  const auto qlike = stats::diebold_mariano(own.qlike, base.qlike, kOverlap);
  line.dm_qlike = qlike.hln;
  line.p_qlike = qlike.p;
  line.t_nw_qlike = qlike.t_nw;
  const auto mse = stats::diebold_mariano(own.mse, base.mse, kOverlap);
  line.dm_mse = mse.hln;
  line.p_mse = mse.p;
  const auto plain = stats::mincer_zarnowitz(sample.y(), sample.f(j), false);
  line.mz_a = plain.a;
  line.mz_b = plain.b;
  line.mz_p = plain.p;
  line.r2 = plain.r2;
  const auto divided = stats::mincer_zarnowitz(sample.y(), sample.f(j), true);
  line.gls_a = divided.a;
  line.gls_b = divided.b;
  line.gls_p = divided.p;
  if (sample.y().size() < stats::kLeastOfInterval) {
    line.note = note::kTooShort;
  } else if (!line.dm_qlike || !line.mz_b) {
    line.note = note::kNoSpread;
  }
}

std::vector<ForecastRow> table_of(const std::vector<Candidate>& candidates, std::int64_t horizon,
                                  const stats::Resampling& how) {
  const Sample sample{candidates};
  const auto found = std::ranges::find_if(candidates, [](const Candidate& candidate) {
    return candidate.model == kBenchmark && !candidate.is_scaled;
  });
  const auto benchmark = static_cast<std::size_t>(found - candidates.begin());
  const auto spa_p = superior(sample, candidates.size(), benchmark, how);
  std::vector<ForecastRow> lines;
  for (std::size_t j = 0; j < candidates.size(); ++j) {
    if (!candidates[j].is_told) continue;
    ForecastRow line{.horizon_min = horizon,
                     .model = candidates[j].model,
                     .is_scaled = candidates[j].is_scaled,
                     .n = static_cast<std::int64_t>(sample.y().size()),
                     .dropped = sample.dropped()};
    if (line.n > 0) {
      line.qlike = mean(sample.losses(j).qlike);
      line.mse = mean(sample.losses(j).mse);
      line.bias = mean(sample.f(j)) / mean(sample.y());
    }
    line.spa_p = spa_p;
    compare(line, sample, j, benchmark);
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

std::vector<ForecastPoint> forecast_points(const Rows& rows, const Minutes& minutes,
                                           const factors::VolatilityParams& params,
                                           std::int64_t horizon, std::string_view model) {
  const Model& made = model_of(model);
  std::vector<ForecastPoint> points;
  for (const Row& row : rows.all()) {
    if (row.ts.time_since_epoch() % (horizon * kMinute) != Duration{}) continue;
    const Known known{.row = row, .minutes = minutes, .params = params, .horizon = horizon};
    points.push_back({.ts = row.ts,
                      .y = minutes.variance(row.ts + horizon * kMinute, horizon),
                      .f = made.forecast(known)});
  }
  return points;
}

std::vector<ForecastPoint> scaled(std::vector<ForecastPoint> points) {
  double sum_y = 0.0;
  double sum_f = 0.0;
  std::size_t earlier = 0;
  for (ForecastPoint& point : points) {
    const Value own = point.f;
    if (earlier < kLeastEarlier) {
      point.f.reset();
    } else {
      point.f = times(own, sum_y / sum_f);
    }
    if (!is_above_zero(point.y) || !is_above_zero(own)) continue;
    sum_y += point.y.value_or(0.0);
    sum_f += own.value_or(0.0);
    ++earlier;
  }
  return points;
}

std::vector<ForecastRow> forecast_table(const Rows& rows, const Minutes& minutes,
                                        const factors::VolatilityParams& params,
                                        std::int64_t horizon, const stats::Resampling& how) {
  const auto points = [&](std::string_view model) {
    return forecast_points(rows, minutes, params, horizon, model);
  };
  const auto add = [](std::vector<Candidate>& to, std::string_view model,
                      std::vector<ForecastPoint> made) {
    to.push_back({.model = model, .is_scaled = false, .points = made});
    to.push_back({.model = model, .is_scaled = true, .points = scaled(std::move(made))});
  };
  std::vector<Candidate> common;
  for (const Model& model : kModels) add(common, model.name, points(model.name));
  std::vector<Candidate> fitted = {
      {.model = kBenchmark, .is_scaled = false, .is_told = false, .points = points(kBenchmark)}};
  for (const Model& model : kFitted) {
    if (model.name == "har_ols" && horizon != kDayMinutes) continue;
    add(fitted, model.name, points(model.name));
  }
  std::vector<ForecastRow> lines = table_of(common, horizon, how);
  const std::vector<ForecastRow> more = table_of(fitted, horizon, how);
  lines.insert(lines.end(), more.begin(), more.end());
  return lines;
}

const std::vector<std::int64_t>& forecast_horizons() {
  static const std::vector<std::int64_t> horizons = {15, 60, 240, kDayMinutes};
  return horizons;
}

}  // namespace toxvol::evaluate
