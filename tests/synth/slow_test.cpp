#include "toxvol/synth/slow.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

#include "market_files.hpp"
#include "toxvol/synth/latent.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/random.hpp"
#include "toxvol/synth/rows.hpp"

namespace toxvol::synth {
namespace {

// F = P + clamp(0.01 % − P, ±0.05 %), |F| <= 0.3 %; in 1e-8.
TEST(Funding, TheClampHidesPremiumsNearTheInterestRate) {
  EXPECT_EQ(funding_rate_e8(10'000), 10'000);
  EXPECT_EQ(funding_rate_e8(60'000), 10'000);  // the band's upper end
  EXPECT_EQ(funding_rate_e8(60'001), 10'001);
  EXPECT_EQ(funding_rate_e8(-40'000), 10'000);  // and its lower one
  EXPECT_EQ(funding_rate_e8(-40'001), 9'999);
  EXPECT_EQ(funding_rate_e8(-50'000), 0);
  EXPECT_EQ(funding_rate_e8(350'000), 300'000);
  EXPECT_EQ(funding_rate_e8(350'001), 300'000);  // the cap
  EXPECT_EQ(funding_rate_e8(-900'000), -300'000);
}

struct Settlements {
  int count = 0;
  int baseline = 0;
  int negative = 0;
  int on_the_grid = 0;
  std::int64_t latest = 0;
  std::int64_t highest = 0;
};

TEST(Funding, SettlementsHaveTheSharesOfTheRealOnes) {
  const Params params = test::small("x");
  const Params filled = completed(params);
  Settlements seen;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Rng rng{seed};
    Positioning positioning{filled, contract_of(filled.start_price)};
    Latent latent{filled};
    for (std::int64_t minute = 0; minute < 200 * 1440; ++minute) {
      const Minute now = latent.step(minute * 60'000, rng);
      const auto due = positioning.open_minute(minute * 60'000, now, rng);
      if (!due) continue;
      ++seen.count;
      seen.baseline += due->rate_e8 == 10'000 ? 1 : 0;
      seen.negative += due->rate_e8 < 0 ? 1 : 0;
      seen.on_the_grid += due->calc_ms % 28'800'000 == 0 ? 1 : 0;
      seen.latest = std::max(seen.latest, due->calc_ms % 28'800'000);
      seen.highest = std::max(seen.highest, std::abs(due->rate_e8));
    }
  }
  EXPECT_EQ(seen.count, 4 * 600);
  // Real: 40.7 %, 13.5 %, 49.1 %; the crowd is slow, so 2,400 settlements are few.
  EXPECT_NEAR(seen.baseline / 2400.0, 0.41, 0.12);
  EXPECT_NEAR(seen.negative / 2400.0, 0.12, 0.10);
  EXPECT_NEAR(seen.on_the_grid / 2400.0, 0.49, 0.05);
  EXPECT_LE(seen.latest, 47);
  EXPECT_GT(seen.latest, 30);
  EXPECT_LE(seen.highest, 300'000);
}

TEST(CoarseMarket, BarsAreWholeAndOfTheVolatilityOfTheModel) {
  Params params = test::small("x");
  params = completed(params);
  Rng rng{5};
  Latent latent{params};
  CoarseMarket market{params, contract_of(params.start_price)};
  double squares = 0.0;
  std::int64_t close = 0;
  constexpr int kMonth = 30 * 1440;
  for (int minute = 0; minute < kMonth; ++minute) {
    const Minute now = latent.step(minute * 60'000LL, rng);
    const KlineRow row = market.minute(minute * 60'000LL, now, rng);
    ASSERT_LE(row.low, std::min(row.open, row.close));
    ASSERT_GE(row.high, std::max(row.open, row.close));
    ASSERT_GT(row.low, 0);
    ASSERT_GE(row.buy_lots, 0);
    ASSERT_LE(row.buy_lots, row.lots);
    ASSERT_LE(row.buy_quote, row.quote);
    ASSERT_GE(row.count, 1);
    ASSERT_GE(row.quote, row.lots * row.low);
    ASSERT_LE(row.quote, row.lots * row.high);
    if (minute > 0) {
      const double r = std::log(static_cast<double>(row.close) / static_cast<double>(close));
      squares += r * r;
    }
    close = row.close;
  }
  const double per_minute_bp = std::sqrt(squares / kMonth) * 1e4;
  EXPECT_GT(per_minute_bp, 4.5);
  EXPECT_LT(per_minute_bp, 8.5);
}

}  // namespace
}  // namespace toxvol::synth
