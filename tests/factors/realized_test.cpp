#include "toxvol/factors/realized.hpp"

#include <cmath>
#include <cstdint>
#include <map>
#include <numbers>
#include <optional>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"

namespace toxvol::factors {
namespace {

using test::minute;

// 1 − 2 + 0 + 3 (per mille): Σr² = 14, of falls 4, of rises 10; pairs 2 + 0 + 0.
TEST(Realized, HasTheSumsWorkedOutByHand) {
  Realized factor{4};
  std::int64_t n = 0;
  for (const double r : {1e-3, -2e-3, 0.0, 3e-3}) {
    EXPECT_FALSE(factor.rv());
    factor.update(minute(n++), r);
  }
  EXPECT_NEAR(factor.rv().value(), 14e-6, 1e-20);
  EXPECT_NEAR(factor.rs_minus().value(), 4e-6, 1e-20);
  EXPECT_NEAR(factor.rs_plus().value(), 10e-6, 1e-20);
  EXPECT_NEAR(factor.bipower().value(), std::numbers::pi / 2 * 2e-6, 1e-20);
}

// Only the n − 1 pairs inside: 5·2 with the return before the window is not among them.
TEST(Realized, BipowerTakesNoPairAcrossTheEdge) {
  Realized factor{2};
  factor.update(minute(0), 5.0);
  factor.update(minute(1), 2.0);
  factor.update(minute(2), 3.0);
  EXPECT_NEAR(factor.bipower().value(), std::numbers::pi / 2 * 6.0, 1e-14);
}

TEST(Realized, AWindowOfOneMinuteHasNoBipower) {
  Realized factor{1};
  factor.update(minute(0), 2.0);
  factor.update(minute(1), 3.0);
  EXPECT_EQ(factor.rv(), 9.0);
  EXPECT_FALSE(factor.bipower());
}

// V3: the bar after a missing minute has no return, so four more are needed after it.
TEST(Realized, IsEmptyUntilWholeAgain) {
  Realized factor{3};
  for (int i = 0; i < 3; ++i) factor.update(minute(i), 1.0);
  EXPECT_TRUE(factor.rv());
  factor.update(minute(4), std::nullopt);
  for (int i = 5; i < 8; ++i) {
    EXPECT_FALSE(factor.rv());
    factor.update(minute(i), 1.0);
  }
  EXPECT_EQ(factor.rv(), 3.0);
}

TEST(Realized, StreamingEqualsTheDefinitionAndTheHalvesMakeTheWhole) {
  for (const std::int64_t n : {1, 2, 30, 60, 61, 120, 240}) {
    test::Random random{static_cast<std::uint64_t>(n)};
    Realized factor{n};
    std::map<std::int64_t, double> returns;
    int compared = 0;
    bool had_row = false;
    for (std::int64_t i = 0; i < 8000; ++i) {
      if (random.below(200) == 0) {
        had_row = false;
        continue;
      }
      Value r;
      if (had_row) r = random.below(10) == 0 ? 0.0 : random.between(-1e-3, 1e-3);
      had_row = true;
      factor.update(minute(i), r);
      if (r) returns[i] = *r;
      double rv = 0.0;
      double bipower = 0.0;
      std::int64_t count = 0;
      std::int64_t pairs = 0;
      for (auto it = returns.upper_bound(i - n); it != returns.end(); ++it) {
        rv += it->second * it->second;
        ++count;
        const auto before = returns.find(it->first - 1);
        if (before == returns.end() || before->first <= i - n) continue;
        bipower += std::abs(it->second * before->second);
        ++pairs;
      }
      const bool is_filled = n <= 60 ? count == n : 100 * count >= 95 * n;
      ASSERT_EQ(factor.rv().has_value(), is_filled) << i;
      if (!is_filled) continue;
      ++compared;
      const double scaled = rv * static_cast<double>(n) / static_cast<double>(count);
      ASSERT_NEAR(*factor.rv(), scaled, 1e-12 * scaled);
      ASSERT_NEAR(*factor.rs_minus() + *factor.rs_plus(), *factor.rv(), 1e-15 * *factor.rv());
      const bool has_pairs = n > 1 && (n - 1 <= 60 ? pairs == n - 1 : 100 * pairs >= 95 * (n - 1));
      ASSERT_EQ(factor.bipower().has_value(), has_pairs) << i;
      if (!has_pairs) continue;
      const double product =
          std::numbers::pi / 2 * bipower * static_cast<double>(n - 1) / static_cast<double>(pairs);
      ASSERT_NEAR(*factor.bipower(), product, 1e-12 * product);
    }
    EXPECT_GT(compared, 500);
  }
}

}  // namespace
}  // namespace toxvol::factors
