#include "toxvol/evaluate/decay.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "toxvol/core/normal.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/mean_interval.hpp"
#include "toxvol/evaluate/mids.hpp"
#include "toxvol/evaluate/note.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/factors/quantile.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/newey_west.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/ranks.hpp"
#include "toxvol/stats/regression.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::evaluate {

namespace {

using std::chrono::seconds;

constexpr std::array kSeconds = {seconds{1}, seconds{5}, seconds{10}, seconds{30}};
constexpr std::array kMinutes = {1, 2, 5, 10, 15, 30, 60, 120, 240};
constexpr Duration kShift = std::chrono::days{7};
constexpr double kStrong = 0.8;  // from this trailing quantile of |s| on

struct Signal {
  std::string_view name;
  Value Row::* value;
};
constexpr std::array kSignals = {Signal{"p", &Row::p}, Signal{"z_obi", &Row::z_obi},
                                 Signal{"z_svi", &Row::z_svi}, Signal{"z_ofi", &Row::z_ofi},
                                 Signal{"f2", &Row::f2}};

struct Subset {
  std::string_view name;
  bool (*holds)(const Row&);
};
constexpr std::array kSubsets = {
    Subset{"all", [](const Row&) { return true; }},
    Subset{"neutral", [](const Row& row) { return row.regime == Regime::Neutral; }},
    Subset{"crowded", [](const Row& row) { return row.regime && *row.regime != Regime::Neutral; }},
    Subset{"not_toxic", [](const Row& row) { return row.toxic == false; }}};

constexpr std::array<std::string_view, 3> kPlacebos = {"none", "shift", "signs"};

int sign(double x) {
  return (x > 0.0) - (x < 0.0);
}

/// Σ of one signal's observation, in the order of time.
struct Outcome {
  double s = 0.0;
  double outcome = 0.0;
  bool is_strong = false;
};

/// How far the price goes from a row on; empty where it is not known.
class Outcomes {
 public:
  Outcomes(const Rows& rows, const Mids* mids, Duration horizon, Timestamp end)
      : rows_{rows}, mids_{mids}, horizon_{horizon}, end_{end} {}

  [[nodiscard]] Value of(const Row& row) const {
    if (horizon_ >= kMinute) {
      const Row* later = rows_.at(row.ts + horizon_);
      return later == nullptr ? std::nullopt : moved_bp(row.mid, later->mid);
    }
    const Timestamp then = row.ts_init + horizon_;
    if (!row.mid || then > end_) return std::nullopt;
    const std::optional<Mid> mid = mids_->before(then);
    // Where no quote was read yet, the row's own is still the last.
    return moved_bp(row.mid, mid ? Value{mid->value} : row.mid);
  }
  /// Of the row a week later.
  [[nodiscard]] Value shifted(const Row& row) const {
    const Row* later = rows_.at(row.ts + kShift);
    return later == nullptr ? std::nullopt : of(*later);
  }

 private:
  const Rows& rows_;
  const Mids* mids_;
  Duration horizon_;
  Timestamp end_;
};

/// The decision rows of one signal with a value, and which of them are strong.
struct Series {
  struct Place {
    const Row* row = nullptr;
    std::size_t number = 0;  // among the decision rows
    double s = 0.0;
    bool is_strong = false;
  };
  std::vector<Place> places;
};

Series series_of(const Rows& rows, Value Row::* value, const DecayParams& params) {
  Series series;
  factors::RollingQuantile prior{params.quantile_window};
  std::size_t number = 0;
  for (const Row& row : rows.all()) {
    if (!row.decides) continue;
    const std::size_t here = number++;
    const Value& s = row.*value;
    if (!s) continue;
    prior.advance(row.ts);
    const Value bound = prior.quantile(kStrong, params.least_prior);
    series.places.push_back(
        {.row = &row, .number = here, .s = *s, .is_strong = bound && std::abs(*s) >= *bound});
    prior.add(row.ts, std::abs(*s));
  }
  return series;
}

void put_regression(DecayRow& line, std::span<const double> s, std::span<const double> outcome,
                    std::size_t overlap) {
  if (s.size() < stats::kLeastOfInterval) {
    line.note = note::kTooShort;
    return;
  }
  stats::Matrix x{s.size(), 2};
  x.set_column(0, std::vector<double>(s.size(), 1.0));
  x.set_column(1, s);
  const std::size_t lags = std::max(stats::newey_west_lags(s.size()), overlap - 1);
  const stats::Regression fit = stats::regress(outcome, x.view(), lags);
  line.slope = fit.coefficients[1];
  line.se = fit.errors[1];
  if (!line.slope || !line.ic) {
    line.note = note::kNoSpread;
    return;
  }
  line.r2 = fit.r2;
  if (line.se && *line.se > 0.0) {
    line.t = *line.slope / *line.se;
    line.p = 2.0 * normal_cdf(-std::abs(*line.t));
  }
}

void fill(DecayRow& line, const std::vector<Outcome>& observations, std::size_t overlap,
          const stats::Resampling& how) {
  std::vector<double> s;
  std::vector<double> outcome;
  std::vector<double> earned;
  std::int64_t told = 0;
  std::int64_t right = 0;
  for (const Outcome& seen : observations) {
    s.push_back(seen.s);
    outcome.push_back(seen.outcome);
    if (seen.s != 0.0 && seen.outcome != 0.0) {
      ++told;
      if (sign(seen.s) == sign(seen.outcome)) ++right;
    }
    if (seen.is_strong) earned.push_back(sign(seen.s) * seen.outcome);
  }
  line.n = static_cast<std::int64_t>(s.size());
  line.ic = stats::correlation(s, outcome);
  line.ic_rank = stats::rank_correlation(s, outcome);
  put_regression(line, s, outcome, overlap);
  if (told > 0) line.hit = static_cast<double>(right) / static_cast<double>(told);
  const MeanInterval edge = mean_interval(earned, static_cast<std::int64_t>(overlap), how);
  line.edge_n = static_cast<std::int64_t>(earned.size());
  line.edge_bp = edge.mean;
  if (edge.range) {
    line.lo = edge.range->lo;
    line.hi = edge.range->hi;
  }
  if (edge.mean && line.cost_bp) line.net_bp = *edge.mean - *line.cost_bp;
}

std::vector<Duration> horizons(bool has_quotes) {
  std::vector<Duration> all;
  if (has_quotes) {
    for (const seconds horizon : kSeconds) all.emplace_back(horizon);
  }
  for (const int horizon : kMinutes) all.emplace_back(std::chrono::minutes{horizon});
  return all;
}

}  // namespace

void ask_mids(const Rows& rows, Mids& mids) {
  for (const Row& row : rows.all()) {
    if (!row.decides) continue;
    for (const seconds horizon : kSeconds) mids.ask(row.ts_init + horizon);
  }
}

std::int64_t decay_lines(bool has_quotes) {
  return static_cast<std::int64_t>(kSignals.size() * kSubsets.size() * kPlacebos.size() *
                                   horizons(has_quotes).size());
}

std::vector<DecayRow> decay(const Rows& rows, const Mids* mids, const DecayParams& params,
                            const stats::Resampling& how, const std::function<void()>& tick) {
  const stats::Draws coins{how.seed, stats::Stream::PlaceboSigns};
  std::vector<DecayRow> lines;
  for (const Signal& signal : kSignals) {
    const Series series = series_of(rows, signal.value, params);
    for (const Duration horizon : horizons(mids != nullptr)) {
      const Outcomes outcomes{rows, mids, horizon, params.end};
      const auto overlap =
          static_cast<std::size_t>((horizon + params.cadence - Duration{1}) / params.cadence);
      for (const std::string_view placebo : kPlacebos) {
        std::vector<Value> outcome;
        std::vector<double> s;
        for (const Series::Place& place : series.places) {
          const bool turned = placebo == "signs" && (coins(0, place.number) >> 63U) != 0;
          s.push_back(turned ? -place.s : place.s);
          outcome.push_back(placebo == "shift" ? outcomes.shifted(*place.row)
                                               : outcomes.of(*place.row));
        }
        for (const Subset& subset : kSubsets) {
          std::vector<Outcome> observations;
          for (std::size_t i = 0; i < s.size(); ++i) {
            const Series::Place& place = series.places[i];
            const Value& known = outcome[i];
            if (!known || !subset.holds(*place.row)) continue;
            observations.push_back({.s = s[i], .outcome = *known, .is_strong = place.is_strong});
          }
          DecayRow line{.signal = signal.name,
                        .horizon_s = std::chrono::duration_cast<seconds>(horizon).count(),
                        .subset = subset.name,
                        .placebo = placebo,
                        .cost_bp = params.cost_bp};
          fill(line, observations, overlap, how);
          lines.push_back(line);
          tick();
        }
      }
    }
  }
  return lines;
}

const DecayRow* nearest(const std::vector<DecayRow>& lines, std::string_view signal,
                        Duration horizon) {
  const DecayRow* best = nullptr;
  const auto away = [&](const DecayRow& line) {
    return std::chrono::abs(Duration{seconds{line.horizon_s}} - horizon);
  };
  for (const DecayRow& line : lines) {
    if (!is_of_all(line, signal) || line.horizon_s < 60) continue;
    if (best == nullptr || away(line) < away(*best)) best = &line;
  }
  return best;
}

}  // namespace toxvol::evaluate
