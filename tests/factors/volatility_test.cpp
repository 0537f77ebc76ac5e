#include "toxvol/factors/volatility.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/bars.hpp"
#include "tests/factors/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/diurnal.hpp"
#include "toxvol/factors/ewma.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/range_estimators.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::bar;
using test::minute;

const ZParams kZ;  // clipped at 5
constexpr double kPi = 3.141592653589793;

VolatilityParams params(VolatilityEstimator estimator) {
  VolatilityParams result;
  result.estimator = estimator;
  result.half_life_short = minutes{30};
  result.half_life_long = minutes{90};
  result.z_window = hours{6};
  result.z_min_count = 200;
  result.yz_n = 20;
  return result;
}

constexpr std::array kColumns = {
    &VolatilityValues::var_parkinson, &VolatilityValues::var_gk,  &VolatilityValues::var_rs,
    &VolatilityValues::vol_yz,        &VolatilityValues::rv,      &VolatilityValues::rs_minus,
    &VolatilityValues::rs_plus,       &VolatilityValues::bipower, &VolatilityValues::gk_short,
    &VolatilityValues::gk_long,       &VolatilityValues::vc,      &VolatilityValues::f1,
    &VolatilityValues::har,           &VolatilityValues::har_log, &VolatilityValues::sigma};

void expect_near(const Value& value, const Value& expected, double tolerance) {
  ASSERT_EQ(value.has_value(), expected.has_value());
  if (value) {
    ASSERT_NEAR(*value, *expected, tolerance * std::abs(*expected) + 1e-15);
  }
}

/// The definitions read word for word, over everything seen so far, again at every row.
class Oracle {
 public:
  explicit Oracle(const VolatilityParams& params) : params_{params} {}

  VolatilityValues update(const Bar& bar) {
    const bool follows = !bars_.empty() && bars_.back().ts_event + minutes{1} == bar.ts_event;
    Row row;
    row.ts = bar.ts_event;
    if (follows) row.r = std::log(bar.close.to_double() / bars_.back().close.to_double());
    row.var = variance(bar, row.r);
    if (bar.volume == Qty{}) row.var.reset();
    bars_.push_back(bar);

    VolatilityValues result;
    result.gk_short = smoothed(row, params_.half_life_short);
    result.gk_long = smoothed(row, params_.half_life_long);
    if (result.gk_short && result.gk_long && *result.gk_short > 0.0 && *result.gk_long > 0.0) {
      result.vc = std::log(*result.gk_short / *result.gk_long);
    }
    result.f1 = compression(row.ts, result.vc);
    row.vc = result.vc;
    rows_.push_back(row);
    result.har = har(row.ts);
    result.sigma = sigma(result);
    return result;
  }

 private:
  struct Row {
    Timestamp ts{};
    Value r, var, vc;
  };

  Value variance(const Bar& bar, Value r) const {
    switch (params_.estimator) {
      case VolatilityEstimator::Gk:
        return garman_klass_variance(bar);
      case VolatilityEstimator::Rs:
        return rogers_satchell_variance(bar);
      case VolatilityEstimator::Parkinson:
        return parkinson_variance(bar);
      case VolatilityEstimator::Rv:
        return r ? Value{*r * *r} : Value{};
      case VolatilityEstimator::GkGap:  // has a test of its own
      case VolatilityEstimator::Yz:
        break;
    }
    return {};
  }

  Value smoothed(const Row& now, Duration half_life) const {
    const auto h = static_cast<double>(half_life / minutes{1});
    double weighted = 0.0;
    double weight = 0.0;
    double age = 0.0;
    double w = 1.0;
    const double decay = std::pow(2.0, -1.0 / h);
    const auto enter = [&](const Row& row) {
      if (!row.var) return;
      weighted += w * *row.var;
      weight += w;
      w *= decay;
      age += 1.0;
    };
    enter(now);
    for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) enter(*row);
    if (age < h) return {};
    return std::sqrt(weighted / weight);
  }

  Value compression(Timestamp now, Value vc) const {
    std::vector<double> prior;
    for (const Row& row : rows_) {
      if (row.ts >= now - params_.z_window && row.vc) prior.push_back(-*row.vc);
    }
    if (!vc || prior.size() < static_cast<std::size_t>(params_.z_min_count)) return {};
    double mean = 0.0;
    for (const double x : prior) mean += x / static_cast<double>(prior.size());
    double squares = 0.0;
    for (const double x : prior) squares += (x - mean) * (x - mean);
    const double sd = std::sqrt(squares / static_cast<double>(prior.size() - 1));
    return std::clamp((-*vc - mean) / std::max(sd, 0.01), -kZ.clip, kZ.clip);
  }

  /// One horizon only: there are less than seven days.
  Value har(Timestamp now) const {
    double squares = 0.0;
    int count = 0;
    for (const Row& row : rows_) {
      if (row.ts <= now - hours{24} || !row.r) continue;
      squares += *row.r * *row.r;
      ++count;
    }
    if (count < 1368) return {};
    return 1440.0 * squares / count;
  }

  Value sigma(const VolatilityValues& values) const {
    if (!values.gk_short) return {};
    double returns = 0.0;
    double variances = 0.0;
    int count = 0;
    for (const Row& row : rows_) {
      if (row.ts <= rows_.back().ts - params_.z_window || !row.r || !row.var) continue;
      returns += *row.r * *row.r;
      variances += *row.var;
      ++count;
    }
    double ratio = 1.0;
    if (params_.estimator != VolatilityEstimator::Rv && count >= params_.z_min_count) {
      ratio = std::clamp(returns / variances, 0.5, 2.0);
    }
    const double range = ratio * *values.gk_short * *values.gk_short;
    if (!values.har) return std::sqrt(range);
    return std::sqrt(0.5 * range + 0.5 * *values.har / 1440.0);
  }

  VolatilityParams params_;
  std::vector<Bar> bars_;
  std::vector<Row> rows_;
};

TEST(Volatility, StreamingEqualsTheDefinitions) {
  const auto bars = test::random_walk(21, {.bars = 2600, .missing = 0.01, .without_trade = 0.05});
  for (const auto estimator : {VolatilityEstimator::Gk, VolatilityEstimator::Rs,
                               VolatilityEstimator::Parkinson, VolatilityEstimator::Rv}) {
    Volatility factor{params(estimator), kZ};
    Oracle oracle{params(estimator)};
    int scored = 0;
    int with_har = 0;
    for (const Bar& b : bars) {
      const VolatilityValues& values = factor.update(b);
      const VolatilityValues expected = oracle.update(b);
      for (const auto column : {&VolatilityValues::gk_short, &VolatilityValues::gk_long,
                                &VolatilityValues::har, &VolatilityValues::sigma}) {
        expect_near(values.*column, expected.*column, 1e-11);
        if (HasFatalFailure()) return;
      }
      // Differences of logarithms near 0.
      for (const auto column : {&VolatilityValues::vc, &VolatilityValues::f1}) {
        ASSERT_EQ((values.*column).has_value(), (expected.*column).has_value());
        if (values.*column) {
          ASSERT_NEAR(*(values.*column), *(expected.*column), 1e-10);
        }
      }
      scored += values.f1.has_value() ? 1 : 0;
      with_har += values.har.has_value() ? 1 : 0;
    }
    EXPECT_GT(scored, 1000);
    EXPECT_GT(with_har, 500);
  }
}

TEST(Volatility, ScalingAllPricesChangesNothing) {
  const auto bars = test::random_walk(8, {.bars = 2000, .missing = 0.005, .without_trade = 0.05});
  const auto scaled =
      test::random_walk(8, {.bars = 2000, .missing = 0.005, .without_trade = 0.05, .scale = 13});
  for (const auto estimator : {VolatilityEstimator::Gk, VolatilityEstimator::Yz}) {
    Volatility one{params(estimator), kZ};
    Volatility other{params(estimator), kZ};
    for (std::size_t i = 0; i < bars.size(); ++i) {
      const VolatilityValues values = one.update(bars[i]);
      const VolatilityValues same = other.update(scaled[i]);
      for (const auto column : kColumns) {
        ASSERT_EQ((values.*column).has_value(), (same.*column).has_value());
        if (values.*column) {
          ASSERT_NEAR(*(values.*column), *(same.*column),
                      1e-11 * std::abs(*(same.*column)) + 1e-11 * (column == kColumns[11]));
        }
      }
    }
  }
}

// V1: a bar without volume shows its variances of 0, feeds no EWMA, and its return of 0 counts.
// M30. Two bars of h = 1: the EWMA is the mean weighted 1/3, 2/3 (α = 1/2).
TEST(Volatility, TheGapEstimatorAddsTheSquaredJumpFromTheCloseBefore) {
  VolatilityParams jumping = params(VolatilityEstimator::GkGap);
  jumping.half_life_short = minutes{1};
  Volatility volatility{jumping, kZ};
  const Bar first = bar(0, 100, 102, 99, 101);
  const Bar second = bar(1, 103, 104, 103, 103);
  const double alone = garman_klass_variance(first);
  EXPECT_DOUBLE_EQ(*volatility.update(first).gk_short, std::sqrt(alone));
  const double jump = std::log(103.0 / 101.0);
  const double with_gap = garman_klass_variance(second) + jump * jump;
  const VolatilityValues& values = volatility.update(second);
  EXPECT_NEAR(*values.gk_short, std::sqrt((alone + 2 * with_gap) / 3), 1e-15);
  EXPECT_DOUBLE_EQ(*values.var_gk, garman_klass_variance(second));  // the column stays
}

TEST(Volatility, ABarWithoutVolumeRepeatsTheSmoothedVolatilities) {
  auto quick = params(VolatilityEstimator::Gk);
  quick.half_life_short = minutes{1};
  quick.half_life_long = minutes{2};
  Volatility factor{quick, kZ};
  factor.update(bar(1, 100, 102, 99, 101));
  const VolatilityValues before = factor.update(bar(2, 101, 103, 100, 102));
  const VolatilityValues after = factor.update(bar(3, 102, 102, 102, 102, 0.0));
  EXPECT_EQ(after.var_gk, 0.0);
  EXPECT_EQ(after.var_rs, 0.0);
  EXPECT_EQ(after.var_parkinson, 0.0);
  ASSERT_TRUE(before.gk_long);
  EXPECT_EQ(after.gk_short, before.gk_short);
  EXPECT_EQ(after.gk_long, before.gk_long);
  EXPECT_EQ(after.vc, before.vc);
  EXPECT_EQ(after.rv, 0.0);
  // The same bar with a trade does feed them.
  const VolatilityValues fed = factor.update(bar(4, 102, 102, 102, 102, 0.001));
  EXPECT_LT(*fed.gk_short, *after.gk_short);
}

// V2, h = 1: two variances a, b with weights ½ and ¼; V7: vc = ½ ln of the ratio.
TEST(Volatility, CompressionIsTheLogRatioOfTheTwoHorizons) {
  auto quick = params(VolatilityEstimator::Gk);
  quick.half_life_short = minutes{1};
  quick.half_life_long = minutes{2};
  Volatility factor{quick, kZ};
  const double a = 4.07353053525460780e-4;
  const double b = 2.00013334355639372e-4;
  const VolatilityValues first = factor.update(bar(1, 100, 102, 99, 101));
  EXPECT_NEAR(*first.gk_short, std::sqrt(a), 1e-16);
  EXPECT_FALSE(first.gk_long);
  EXPECT_FALSE(first.vc);
  const VolatilityValues second = factor.update(bar(2, 100, 101, 99, 100));
  const double shorter = (a + 2.0 * b) / 3.0;
  const double w = std::sqrt(0.5);
  const double longer = (w * a + b) / (w + 1.0);
  EXPECT_NEAR(*second.gk_short, std::sqrt(shorter), 1e-16);
  EXPECT_NEAR(*second.gk_long, std::sqrt(longer), 1e-16);
  EXPECT_NEAR(*second.vc, 0.5 * std::log(shorter / longer), 1e-14);
}

TEST(Volatility, HasNoCompressionWhileNothingMoves) {
  auto quick = params(VolatilityEstimator::Gk);
  quick.half_life_short = minutes{1};
  quick.half_life_long = minutes{2};
  Volatility factor{quick, kZ};
  for (int n = 1; n <= 5; ++n) {
    const VolatilityValues values = factor.update(bar(n, 100, 100, 100, 100));
    EXPECT_FALSE(values.vc);
    EXPECT_FALSE(values.f1);
  }
  EXPECT_EQ(factor.update(bar(6, 100, 100, 100, 100)).sigma, 0.0);
}

// V10: bars that jump from close to open have returns but no range: the ratio is held to 2. Bars
// whose range is much more than their return: to ½.
TEST(Volatility, TheDebiasingRatioIsHeldBetweenAHalfAndTwo) {
  auto quick = params(VolatilityEstimator::Parkinson);
  quick.z_min_count = 10;
  Volatility jumps{quick, kZ};
  Volatility ranges{quick, kZ};
  for (int n = 1; n <= 40; ++n) {
    const double level = n % 2 == 0 ? 100.0 : 110.0;
    const VolatilityValues jump = jumps.update(bar(n, level, level + 0.1, level, level + 0.1));
    const VolatilityValues range = ranges.update(bar(n, 100, 110, 90, 100));
    if (n < 30) continue;
    EXPECT_NEAR(*jump.sigma / *jump.gk_short, std::sqrt(2.0), 1e-12);
    EXPECT_NEAR(*range.sigma / *range.gk_short, std::sqrt(0.5), 1e-12);
  }
}

// The ratio is 1 below z_min_count bars with a return, and for "rv".
TEST(Volatility, TheDebiasingRatioIsOneUntilThereIsEnoughOfIt) {
  auto quick = params(VolatilityEstimator::Gk);
  quick.half_life_short = minutes{1};
  quick.z_min_count = 10;
  Volatility factor{quick, kZ};
  quick.estimator = VolatilityEstimator::Rv;
  Volatility of_returns{quick, kZ};
  for (int n = 1; n <= 30; ++n) {
    const Bar b = n % 2 == 0 ? bar(n, 100, 101, 99.9, 101) : bar(n, 101, 101.1, 100, 100);
    const VolatilityValues values = factor.update(b);
    EXPECT_EQ(std::abs(*values.sigma / *values.gk_short - 1.0) < 1e-12, n < 11) << n;
    if (const VolatilityValues& other = of_returns.update(b); other.sigma) {
      EXPECT_NEAR(*other.sigma / *other.gk_short, 1.0, 1e-12);
    }
  }
}

TEST(Volatility, YangZhangTakesBothHorizonsFromItsOwnWindows) {
  Volatility factor{params(VolatilityEstimator::Yz), kZ};
  auto same_window = params(VolatilityEstimator::Gk);
  same_window.yz_n = 30;
  Volatility shorter{same_window, kZ};
  same_window.yz_n = 90;
  Volatility longer{same_window, kZ};
  int compared = 0;
  for (const Bar& b : test::random_walk(5, {.bars = 1000, .missing = 0.002})) {
    const VolatilityValues& values = factor.update(b);
    EXPECT_EQ(values.gk_short, shorter.update(b).vol_yz);
    EXPECT_EQ(values.gk_long, longer.update(b).vol_yz);
    if (!values.gk_long) continue;
    ASSERT_NEAR(*values.vc, std::log(*values.gk_short / *values.gk_long), 1e-13);
    if (!values.har) {
      ASSERT_NEAR(*values.sigma, *values.gk_short, 1e-15);  // K = 1
    }
    ++compared;
  }
  EXPECT_GT(compared, 100);
}

/// A bar whose variance follows the hour of the day.
Bar seasonal_bar(std::int64_t n, test::Random& random) {
  const double hour = static_cast<double>((n - 1) % 1440) / 60.0;
  const double size = 0.2 * (1.5 + std::sin(hour / 12.0 * kPi)) * random.between(0.8, 1.2);
  const double high = std::round((100.0 + size) * 100.0) / 100.0;
  return bar(n, 100.0, high, 99.9, 100.0);
}

// V11: var/d goes into the EWMAs, the undivided var into K, and d multiplies all of sigma².
TEST(Volatility, DiurnalDividesTheVarianceAndMultipliesSigma) {
  auto seasonal = params(VolatilityEstimator::Gk);
  seasonal.diurnal = true;
  Volatility factor{seasonal, kZ};
  Volatility plain{params(VolatilityEstimator::Gk), kZ};
  Diurnal diurnal;
  Ewma shorter{30};
  Ewma longer{90};
  test::Random random{3};
  for (std::int64_t n = 1; n <= 9 * 1440; ++n) {
    const Bar b = seasonal_bar(n, random);
    const VolatilityValues& values = factor.update(b);
    const VolatilityValues& undivided = plain.update(b);
    const Timestamp open_time = b.ts_event - minutes{1};
    const Value d = diurnal.factor(open_time);
    if (d) {
      shorter.update(*values.var_gk / *d);
      longer.update(*values.var_gk / *d);
    }
    diurnal.update(open_time, *values.var_gk);
    if (n <= 7 * 1440) {
      ASSERT_FALSE(values.gk_short || values.gk_long || values.vc || values.f1 || values.sigma);
      continue;
    }
    ASSERT_EQ(values.gk_short.has_value(), n >= 7 * 1440 + 30);
    ASSERT_EQ(values.gk_long.has_value(), n >= 7 * 1440 + 90);
    if (!values.gk_long) continue;
    ASSERT_NEAR(*values.gk_short, std::sqrt(*shorter.value()), 1e-15);
    ASSERT_NEAR(*values.gk_long, std::sqrt(*longer.value()), 1e-15);
    // sigma² = ½ (K·gk² + har/1440), the same K with and without.
    const double har = *values.har / 1440.0;
    const double ratio = (2.0 * *undivided.sigma * *undivided.sigma - har) /
                         (*undivided.gk_short * *undivided.gk_short);
    const double expected = *d * 0.5 * (ratio * *values.gk_short * *values.gk_short + har);
    ASSERT_NEAR(*values.sigma * *values.sigma / expected, 1.0, 1e-10);
  }
}

}  // namespace
}  // namespace toxvol::factors
