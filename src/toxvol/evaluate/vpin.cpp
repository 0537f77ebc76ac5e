#include "toxvol/evaluate/vpin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/held.hpp"
#include "toxvol/core/levels.hpp"
#include "toxvol/core/normal.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/minutes.hpp"
#include "toxvol/evaluate/note.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/evaluate/vpin_variants.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/newey_west.hpp"
#include "toxvol/stats/ranks.hpp"
#include "toxvol/stats/regression.hpp"

namespace toxvol::evaluate {

namespace {

constexpr std::int64_t kHour = 60;  // minutes
constexpr std::array<std::int64_t, 3> kVarianceHours = {1, 24, 168};
constexpr std::array<std::int64_t, 2> kVolumeHours = {1, 24};
constexpr std::size_t kControls = kVarianceHours.size() + kVolumeHours.size() + 1;
constexpr std::array<std::string_view, 2> kTargets = {"ln_variance", "abs_return"};
constexpr double kSure = 1.96;    // |t|
constexpr double kWorth = 0.005;  // of R²

bool is_hour(const Row& row) {
  return row.ts.time_since_epoch() % (kHour * kMinute) == Duration{};
}

Value logarithm(const Value& x) {
  if (!x || *x <= 0.0) return std::nullopt;
  return std::log(*x);
}
Value per_hour(const Value& x, std::int64_t hours) {
  if (!x) return std::nullopt;
  return *x / static_cast<double>(hours);
}

/// A whole hour: what follows it, and what is known of the hours before.
struct Hour {
  const Row* row = nullptr;
  std::array<Value, kTargets.size()> targets;
  std::array<Value, kControls> controls;  // variance of 1, 24, 168 h; volume of 1, 24 h; count
  bool is_controlled = false;             // all of them are known
};

Hour hour_of(const Row& row, const Rows& rows, const Minutes& minutes) {
  Hour hour{.row = &row, .targets = {}, .controls = {}};
  const Timestamp end = row.ts;
  hour.targets[0] = logarithm(minutes.variance(end + kHour * kMinute, kHour));
  if (const Row* later = rows.at(end + kHour * kMinute)) {
    if (const Value moved = moved_bp(row.mid, later->mid)) hour.targets[1] = std::abs(*moved);
  }
  std::size_t next = 0;
  for (const std::int64_t hours : kVarianceHours) {
    hour.controls.at(next++) = logarithm(per_hour(minutes.variance(end, hours * kHour), hours));
  }
  for (const std::int64_t hours : kVolumeHours) {
    hour.controls.at(next++) = logarithm(per_hour(minutes.volume(end, hours * kHour), hours));
  }
  hour.controls.at(next) = logarithm(minutes.sum(end, kHour, &Minute::count));
  hour.is_controlled =
      std::ranges::all_of(hour.controls, [](const Value& x) { return x.has_value(); });
  return hour;
}

using Reading = std::function<Value(const Row&)>;

/// The hours at which target, controls and VPIN are known.
struct HourSample {
  std::vector<double> y;
  std::vector<double> vpin;
  std::array<std::vector<double>, kControls> controls;
};

HourSample sample_of(const std::vector<Hour>& hours, std::size_t target, const Reading& read) {
  HourSample sample;
  for (const Hour& hour : hours) {
    const Value& y = hour.targets.at(target);
    const Value vpin = read(*hour.row);
    if (!y || !vpin || !hour.is_controlled) continue;
    sample.y.push_back(*y);
    sample.vpin.push_back(*vpin);
    for (std::size_t i = 0; i < kControls; ++i) {
      sample.controls.at(i).push_back(held(hour.controls.at(i)));
    }
  }
  return sample;
}

VpinRow regression_of(const HourSample& sample, std::int64_t spec) {
  VpinRow line;
  line.spec = spec;
  const std::size_t n = sample.y.size();
  line.n = static_cast<std::int64_t>(n);
  if (n < stats::kLeastOfInterval) {
    line.note = note::kTooShort;
    return line;
  }
  const bool has_vpin = spec != 2;
  const std::size_t controls = spec == 1 ? 0 : kControls;
  stats::Matrix x{n, 1 + controls + (has_vpin ? 1 : 0)};
  x.set_column(0, std::vector<double>(n, 1.0));
  for (std::size_t i = 0; i < controls; ++i) x.set_column(1 + i, sample.controls.at(i));
  if (has_vpin) x.set_column(1 + controls, sample.vpin);
  const stats::Regression fit = stats::regress(sample.y, x.view(), stats::newey_west_lags(n));
  line.r2 = fit.r2;
  if (!has_vpin) return line;
  const auto& coefficient = fit.coefficients.back();
  const auto& error = fit.errors.back();
  const auto deviation = stats::moments_of(sample.vpin).standard_deviation();
  if (!coefficient || !error || !deviation || *error <= 0.0) {
    line.note = note::kNoSpread;
    return line;
  }
  line.coef = *coefficient * *deviation;
  line.se = *error * *deviation;
  line.t = *coefficient / *error;
  line.p = 2.0 * normal_cdf(-std::abs(*line.t));
  return line;
}

/// The three regressions of one way to make VPIN; the last is that with controls.
std::array<VpinRow, 3> lines_of(const std::vector<Hour>& hours, std::size_t target,
                                std::string_view classifier, const std::string& variant,
                                const Reading& read) {
  const HourSample sample = sample_of(hours, target, read);
  std::array<VpinRow, 3> lines;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines.at(i) = regression_of(sample, static_cast<std::int64_t>(i) + 1);
    lines.at(i).classifier = classifier;
    lines.at(i).variant = variant;
    lines.at(i).target = kTargets.at(target);
  }
  const std::optional<double> without = lines[1].r2;
  const std::optional<double> with = lines[2].r2;
  if (with && without) lines[2].gain = *with - *without;
  return lines;
}

void put_correlations(Vpin& result, const std::vector<Hour>& hours, std::string_view classifier,
                      Value Row::* value) {
  struct With {
    std::string_view name;
    std::size_t control;
  };
  constexpr std::array kWith = {With{"ln_volume", 3}, With{"ln_count", 5}, With{"ln_variance", 0}};
  for (const With& with : kWith) {
    std::vector<double> x;
    std::vector<double> y;
    for (const Hour& hour : hours) {
      const Value& vpin = hour.row->*value;
      const Value& control = hour.controls.at(with.control);  // of the last hour, whatever is older
      if (!vpin || !control) continue;
      x.push_back(*vpin);
      y.push_back(*control);
    }
    result.correlations.push_back({.classifier = classifier,
                                   .with = with.name,
                                   .n = static_cast<std::int64_t>(x.size()),
                                   .pearson = stats::correlation(x, y),
                                   .rank = stats::rank_correlation(x, y)});
  }
}

void put_permutations(Vpin& result, VpinFinding& finding, const std::vector<Hour>& hours,
                      std::size_t target, const VpinVariants& variants) {
  std::int64_t further = 0;
  bool all = finding.t.has_value();
  for (std::size_t i = 0; i < kPermutations; ++i) {
    const auto lines =
        lines_of(hours, target, "aggressor", fmt::format("permutation {}", i),
                 [&variants, i](const Row& row) { return variants.at(row.ts).permuted.at(i); });
    result.lines.insert(result.lines.end(), lines.begin(), lines.end());
    const std::optional<double> t = lines[2].t;
    all = all && t;
    if (t && finding.t && std::abs(*t) >= std::abs(*finding.t)) ++further;
  }
  if (all) {
    finding.permutation_p =
        static_cast<double>(1 + further) / static_cast<double>(kPermutations + 1);
  }
}

void put_origins(Vpin& result, VpinFinding& finding, const std::vector<Hour>& hours,
                 std::size_t target, const VpinVariants& variants) {
  for (std::size_t j = 0; j < kOrigins; ++j) {
    const auto lines =
        lines_of(hours, target, "aggressor", fmt::format("origin {}", j),
                 [&variants, j](const Row& row) { return variants.at(row.ts).origins.at(j); });
    result.lines.insert(result.lines.end(), lines.begin(), lines.end());
    const std::optional<double> t = lines[2].t;
    if (!t) continue;
    finding.origin_t_lo = std::min(finding.origin_t_lo.value_or(*t), *t);
    finding.origin_t_hi = std::max(finding.origin_t_hi.value_or(*t), *t);
  }
}

std::optional<double> origin_deviation(const std::vector<Hour>& hours,
                                       const VpinVariants& variants) {
  stats::Moments deviations;
  for (const Hour& hour : hours) {
    stats::Moments of_hour;
    for (const Value& value : variants.at(hour.row->ts).origins) {
      if (value) of_hour.add(*value);
    }
    if (of_hour.count() < static_cast<std::int64_t>(kOrigins)) continue;
    if (const auto deviation = of_hour.standard_deviation()) deviations.add(*deviation);
  }
  if (deviations.count() == 0) return std::nullopt;
  return deviations.mean();
}

}  // namespace

std::string vpin_verdict(const std::optional<double>& t, const std::optional<double>& gain,
                         const std::optional<double>& permutation_p) {
  if (!t || !gain) return "too few hours to say";
  const bool is_sure = std::abs(*t) >= kSure;
  if (is_sure && !permutation_p) return "without trades it cannot be told from volume";
  if (is_sure && *gain >= kWorth && *permutation_p <= kTestLevel) {
    return "more than volume and volatility";
  }
  if (is_sure) return "it was volume: the signs were not found to matter";
  return "nothing that volume and volatility do not say";
}

void ask_hours(const Rows& rows, VpinVariants& variants) {
  for (const Row& row : rows.all()) {
    if (is_hour(row)) variants.ask(row.ts);
  }
}

Vpin vpin(const Rows& rows, const Minutes& minutes, const VpinVariants* variants) {
  std::vector<Hour> hours;
  for (const Row& row : rows.all()) {
    if (is_hour(row)) hours.push_back(hour_of(row, rows, minutes));
  }
  Vpin result;
  put_correlations(result, hours, "aggressor", &Row::vpin);
  put_correlations(result, hours, "bvc_1m", &Row::vpin_bvc);
  for (std::size_t target = 0; target < kTargets.size(); ++target) {
    VpinFinding& finding = result.findings.at(target);
    finding.target = kTargets.at(target);
    const auto add = [&](std::string_view classifier, const Reading& read) {
      const auto lines = lines_of(hours, target, classifier, "run", read);
      result.lines.insert(result.lines.end(), lines.begin(), lines.end());
      return lines[2];
    };
    const VpinRow own = add("aggressor", [](const Row& row) { return row.vpin; });
    finding.t = own.t;
    finding.gain = own.gain;
    add("bvc_1m", [](const Row& row) { return row.vpin_bvc; });
    if (variants != nullptr) {
      add("bvc_1s", [&](const Row& row) { return variants->at(row.ts).bvc_1s; });
      put_permutations(result, finding, hours, target, *variants);
      put_origins(result, finding, hours, target, *variants);
    }
    finding.verdict = vpin_verdict(finding.t, finding.gain, finding.permutation_p);
  }
  if (variants != nullptr) result.origin_sd = origin_deviation(hours, *variants);
  return result;
}

}  // namespace toxvol::evaluate
