#include "toxvol/evaluate/compression.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/levels.hpp"
#include "toxvol/core/normal.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/forecasts.hpp"
#include "toxvol/evaluate/mean_interval.hpp"
#include "toxvol/evaluate/minutes.hpp"
#include "toxvol/evaluate/note.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/factors/quantile.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/newey_west.hpp"
#include "toxvol/stats/regression.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::evaluate {

namespace {

constexpr std::array<std::string_view, 2> kForecasts = {"sigma", "har"};
constexpr std::array<std::int64_t, 3> kHorizons = {15, 60, 240};
constexpr std::int64_t kDeciles = 10;
constexpr std::size_t kHours = 24;

/// A decision row with an outcome.
struct Observation {
  std::int64_t decile = 0;
  std::size_t hour = 0;  // UTC
  double y = 0.0;
  double f = 0.0;
};

/// The decile of f1 at each decision row, among the decision rows before it.
std::map<Timestamp, std::int64_t> deciles_of(const Rows& rows, const CompressionParams& params) {
  std::map<Timestamp, std::int64_t> deciles;
  factors::RollingQuantile prior{params.volatility.z_window};
  for (const Row& row : rows.all()) {
    if (!row.decides || !row.f1) continue;
    prior.advance(row.ts);
    if (const Value share = prior.rank(*row.f1, params.least_prior)) {
      deciles.emplace(row.ts, decile_of(*share));
    }
    prior.add(row.ts, *row.f1);
  }
  return deciles;
}

Excess regress(const std::vector<double>& ratio, const stats::Matrix& x, std::size_t column) {
  Excess excess;
  if (ratio.size() < stats::kLeastOfInterval) return excess;
  const stats::Regression fit =
      stats::regress(ratio, x.view(), stats::newey_west_lags(ratio.size()));
  excess.b = fit.coefficients[column];
  excess.se = fit.errors[column];
  if (excess.b && excess.se && *excess.se > 0.0) {
    excess.t = *excess.b / *excess.se;
    excess.p = 2.0 * normal_cdf(-std::abs(*excess.t));
  }
  return excess;
}

void put_regressions(Compression& result, const std::vector<Observation>& seen) {
  std::vector<double> ratio;
  std::vector<double> is_tenth;
  std::array<std::vector<double>, kHours> is_hour;
  for (const Observation& one : seen) {
    ratio.push_back(std::log(one.y / one.f));
    is_tenth.push_back(one.decile == kDeciles ? 1.0 : 0.0);
    for (std::size_t hour = 0; hour < kHours; ++hour) {
      is_hour.at(hour).push_back(one.hour == hour ? 1.0 : 0.0);
    }
  }
  stats::Matrix plain{seen.size(), 2};
  plain.set_column(0, std::vector<double>(seen.size(), 1.0));
  plain.set_column(1, is_tenth);
  result.plain = regress(ratio, plain, 1);
  stats::Matrix hourly{seen.size(), kHours + 1};
  for (std::size_t hour = 0; hour < kHours; ++hour) hourly.set_column(hour, is_hour.at(hour));
  hourly.set_column(kHours, is_tenth);
  result.hourly = regress(ratio, hourly, kHours);
}

CompressionRow decile_line(const Compression& of, std::int64_t decile,
                           const std::vector<Observation>& seen, const stats::Resampling& how) {
  CompressionRow line{.forecast = of.forecast, .horizon_min = of.horizon_min, .decile = decile};
  std::vector<double> ratio;
  double sum_y = 0.0;
  double sum_f = 0.0;
  for (const Observation& one : seen) {
    if (one.decile != decile) continue;
    sum_y += one.y;
    sum_f += one.f;
    ratio.push_back(std::log(one.y / one.f));
  }
  line.n = static_cast<std::int64_t>(ratio.size());
  if (ratio.empty()) {
    line.note = note::kTooShort;
    return line;
  }
  line.ratio = sum_y / sum_f;
  const MeanInterval mean = mean_interval(ratio, 1, how);
  line.log_ratio = mean.mean;
  if (mean.range) {
    line.lo = mean.range->lo;
    line.hi = mean.range->hi;
  } else {
    line.note = ratio.size() < stats::kLeastOfInterval ? note::kTooShort : note::kNoSpread;
  }
  return line;
}

struct Bounds {
  double lo = 0.0;
  double hi = 0.0;
};
Bounds bounds(double b, double se) {
  return {.lo = b - kTwoSided95 * se, .hi = b + kTwoSided95 * se};
}
double percent(double logarithm) {
  return 100.0 * std::expm1(logarithm);
}

}  // namespace

std::int64_t decile_of(double share) {
  return std::min(kDeciles, 1 + static_cast<std::int64_t>(std::floor(10.0 * share)));
}

std::string compression_verdict(const Excess& plain, const Excess& hourly) {
  if (!hourly.b || !hourly.se) return "too few rows to say";
  const auto [lo, hi] = bounds(*hourly.b, *hourly.se);
  if (lo > 0.0) {
    return fmt::format("after compression volatility exceeds its forecast by {:.1f} %",
                       percent(*hourly.b));
  }
  if (hi < 0.0) {
    return fmt::format("after compression volatility stays below its forecast by {:.1f} %",
                       -percent(*hourly.b));
  }
  std::string text =
      fmt::format("no different, between {:.1f} and {:.1f} %", percent(lo), percent(hi));
  if (plain.b && plain.se) {
    const auto without = bounds(*plain.b, *plain.se);
    if (without.lo > 0.0 || without.hi < 0.0) text += ": compression is mostly time of day";
  }
  return text;
}

std::vector<Compression> compression(const Rows& rows, const Minutes& minutes,
                                     const CompressionParams& params,
                                     const stats::Resampling& how) {
  const auto deciles = deciles_of(rows, params);
  std::vector<Compression> results;
  for (const std::string_view forecast : kForecasts) {
    for (const std::int64_t horizon : kHorizons) {
      std::vector<Observation> seen;
      for (const ForecastPoint& point :
           scaled(forecast_points(rows, minutes, params.volatility, horizon, forecast))) {
        const auto decile = deciles.find(point.ts);
        if (decile == deciles.end() || !point.y || !point.f) continue;
        if (*point.y <= 0.0 || *point.f <= 0.0) continue;
        const auto hour =
            std::chrono::duration_cast<std::chrono::hours>(point.ts - Timestamp{day_of(point.ts)});
        seen.push_back({.decile = decile->second,
                        .hour = static_cast<std::size_t>(hour.count()),
                        .y = *point.y,
                        .f = *point.f});
      }
      Compression result{.forecast = forecast, .horizon_min = horizon};
      result.n = static_cast<std::int64_t>(seen.size());
      put_regressions(result, seen);
      for (std::int64_t decile = 1; decile <= kDeciles; ++decile) {
        result.deciles.push_back(decile_line(result, decile, seen, how));
      }
      result.verdict = compression_verdict(result.plain, result.hourly);
      results.push_back(result);
    }
  }
  return results;
}

}  // namespace toxvol::evaluate
