#include "toxvol/factors/yang_zhang.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/bars.hpp"
#include "tests/factors/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/range_estimators.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

void feed(YangZhang& factor, const Bar& bar, const Bar* before) {
  Value opening;
  if (before != nullptr && before->ts_event + kMinute == bar.ts_event) {
    opening = log_ratio(bar.open, before->close);
  }
  factor.update(bar.ts_event, opening, log_ratio(bar.close, bar.open),
                rogers_satchell_variance(bar));
}

/// Equation 1 of the doc page over bars[first, first + n), each with its predecessor.
double direct(const std::vector<Bar>& bars, std::size_t first, std::size_t n) {
  const auto count = static_cast<double>(n);
  double opening_mean = 0.0;
  double body_mean = 0.0;
  double range = 0.0;
  for (std::size_t i = first; i < first + n; ++i) {
    opening_mean += log_ratio(bars[i].open, bars[i - 1].close) / count;
    body_mean += log_ratio(bars[i].close, bars[i].open) / count;
    range += rogers_satchell_variance(bars[i]) / count;
  }
  double opening = 0.0;
  double body = 0.0;
  for (std::size_t i = first; i < first + n; ++i) {
    const double o = log_ratio(bars[i].open, bars[i - 1].close) - opening_mean;
    const double c = log_ratio(bars[i].close, bars[i].open) - body_mean;
    opening += o * o / (count - 1.0);
    body += c * c / (count - 1.0);
  }
  const double k = .34 / (1.34 + (count + 1.0) / (count - 1.0));
  return opening + k * body + (1.0 - k) * range;
}

// k of definition (3), to ten digits.
TEST(YangZhang, WeightIsTheOneOfTheTable) {
  const std::vector<std::pair<std::int64_t, double>> table = {
      {2, .0783410138},  {5, .1197183099},  {10, .1326973114},
      {20, .1390443392}, {60, .1432243324}, {1440, .1452128954}};
  for (const auto& [n, k] : table) EXPECT_NEAR(yang_zhang_weight(n), k, 5e-11) << n;
}

// docs/factors/yang_zhang.md, "Worked numbers": no value at row 10, which has nine opening terms.
TEST(YangZhang, AgreesWithTtrOverTenBars) {
  const auto bars = test::ttr_bars();
  YangZhang factor{10};
  for (std::size_t i = 0; i < bars.size(); ++i) {
    feed(factor, bars[i], i > 0 ? &bars[i - 1] : nullptr);
    const Value variance = factor.variance();
    EXPECT_EQ(variance.has_value(), i >= 10);
    if (i == 10) {
      EXPECT_NEAR(std::sqrt(260.0 * *variance), .211196419119, 1e-12);
    }
    if (i == 19) {
      EXPECT_NEAR(std::sqrt(260.0 * *variance), .309134707517, 1e-12);
    }
  }
}

TEST(YangZhang, IsEmptyAfterAMissingMinuteUntilNPlusOneBarsFollowEachOther) {
  for (const std::size_t n : {2U, 5U, 90U}) {  // beyond an hour too
    YangZhang factor{static_cast<std::int64_t>(n)};
    auto bars = test::random_walk(3, {.bars = 400});
    bars.erase(bars.begin() + 200);
    for (std::size_t i = 0; i < bars.size(); ++i) {
      feed(factor, bars[i], i > 0 ? &bars[i - 1] : nullptr);
      const bool is_whole = i < 200 ? i >= n : i >= 200 + n;
      ASSERT_EQ(factor.variance().has_value(), is_whole) << i;
    }
  }
}

TEST(YangZhang, StreamingEqualsTheDefinition) {
  const auto bars = test::random_walk(11, {.bars = 6000, .missing = 0.002, .without_trade = 0.05});
  for (const std::size_t n : {2U, 10U, 60U, 360U}) {
    YangZhang factor{static_cast<std::int64_t>(n)};
    int compared = 0;
    for (std::size_t i = 0; i < bars.size(); ++i) {
      feed(factor, bars[i], i > 0 ? &bars[i - 1] : nullptr);
      if (const Value variance = factor.variance()) {
        const double expected = direct(bars, i + 1 - n, n);
        ASSERT_NEAR(*variance, expected, 1e-11 * expected);
        ++compared;
      }
    }
    EXPECT_GT(compared, 500);
  }
}

TEST(YangZhang, IsExactlyZeroOnceEverythingIsFlat) {
  YangZhang factor{5};
  auto bars = test::random_walk(2, {.bars = 100});
  for (std::int64_t n = 101; n <= 120; ++n) {
    Bar flat = bars.back();
    flat.ts_event = test::minute(n);
    flat.open = flat.high = flat.low = flat.close;
    bars.push_back(flat);
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    feed(factor, bars[i], i > 0 ? &bars[i - 1] : nullptr);
  }
  EXPECT_EQ(factor.variance(), 0.0);
}

}  // namespace
}  // namespace toxvol::factors
