#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/real_data.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/range_estimators.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/volatility.hpp"

namespace toxvol::factors {
namespace {

const ZParams kClipAt5;

/// NEARUSDT, August to October 2023: 132 480 minutes without a gap.
std::vector<Bar> near_bars() {
  std::vector<Bar> bars;
  for (const char* month : {"2023-08", "2023-09", "2023-10"}) {
    const auto more = test::recorded_near_bars(month);
    bars.insert(bars.end(), more.begin(), more.end());
  }
  return bars;
}

struct Column {
  std::string name;
  Value VolatilityValues::* value = nullptr;
  double least = 0.0;
  double most = 0.0;
  std::size_t first_row = 0;  // the row, from 0, of its first value
};

TEST(VolatilityRecorded, ThreeMonthsGiveFiniteValuesOfASensibleSize) {
  const auto bars = near_bars();
  if (bars.empty()) GTEST_SKIP() << "no recorded data";
  ASSERT_EQ(bars.size(), 132'480U);
  const std::array columns = {
      Column{"var_parkinson", &VolatilityValues::var_parkinson, 0.0, 1e-2, 0},
      Column{"var_gk", &VolatilityValues::var_gk, 0.0, 1e-2, 0},
      Column{"var_rs", &VolatilityValues::var_rs, 0.0, 1e-2, 0},
      Column{"vol_yz", &VolatilityValues::vol_yz, 1e-5, 5e-2, 60},
      Column{"rv", &VolatilityValues::rv, 0.0, 1e-1, 30},
      Column{"rs_minus", &VolatilityValues::rs_minus, 0.0, 1e-1, 30},
      Column{"rs_plus", &VolatilityValues::rs_plus, 0.0, 1e-1, 30},
      Column{"bipower", &VolatilityValues::bipower, 0.0, 1e-1, 30},
      Column{"har", &VolatilityValues::har, 1e-4, 1e-1, 1368},
      Column{"har_log", &VolatilityValues::har_log, 1e-4, 1e-1, 0},
  };
  Volatility factor{{}, kClipAt5};
  std::array<std::size_t, columns.size()> first{};
  std::array<std::size_t, columns.size()> count{};
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const VolatilityValues& values = factor.update(bars[i]);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const Value value = values.*columns[k].value;
      if (!value) continue;
      if (count[k]++ == 0) first[k] = i;
      ASSERT_TRUE(std::isfinite(*value)) << columns[k].name << ' ' << i;
      ASSERT_GE(*value, columns[k].least) << columns[k].name << ' ' << i;
      ASSERT_LE(*value, columns[k].most) << columns[k].name << ' ' << i;
    }
    for (const Value& value : {values.vc, values.f1, values.sigma, values.gk_short}) {
      if (value) {
        ASSERT_TRUE(std::isfinite(*value)) << i;
      }
    }
    if (values.f1) {
      ASSERT_LE(std::abs(*values.f1), kClipAt5.clip);
    }
    ASSERT_EQ(values.rv.has_value(), values.rs_minus.has_value());
    if (values.rv) {
      ASSERT_NEAR(*values.rs_minus + *values.rs_plus, *values.rv, 1e-15 * *values.rv + 1e-30);
    }
  }
  for (std::size_t k = 0; k + 1 < columns.size(); ++k) {
    EXPECT_EQ(first[k], columns[k].first_row) << columns[k].name;
    EXPECT_EQ(count[k], bars.size() - columns[k].first_row) << columns[k].name;
  }
  // A7: thirty days (28.5, V8) of history, then sixty completed days.
  EXPECT_EQ(first.back() % 1440, 1439U);
  EXPECT_EQ(first.back() / 1440, 28U + 60U);
}

// V10 gives 1.26 for this file: why range variances are not taken as they are.
TEST(VolatilityRecorded, ReturnsHaveAQuarterMoreVarianceThanGarmanKlassSees) {
  const auto bars = near_bars();
  if (bars.empty()) GTEST_SKIP() << "no recorded data";
  double returns = 0.0;
  double ranges = 0.0;
  for (std::size_t i = 1; i < bars.size(); ++i) {
    if (bars[i].volume == Qty{}) continue;
    const double r = log_ratio(bars[i].close, bars[i - 1].close);
    returns += r * r;
    ranges += garman_klass_variance(bars[i]);
  }
  RecordProperty("ratio", std::to_string(returns / ranges));
  EXPECT_NEAR(returns / ranges, 1.26, 0.005);
}

}  // namespace
}  // namespace toxvol::factors
