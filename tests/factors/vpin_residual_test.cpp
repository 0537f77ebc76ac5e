// E5: z_vpin of what volume, volatility and |SVI| do not explain of VPIN.
#include <cmath>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/toxicity.hpp"

namespace toxvol::factors {
namespace {

using test::flat_bar;
using test::kTradesAndBars;

Toxicity toxicity(VpinOf of) {
  ToxicityParams p;
  p.vpin_buckets = 1;
  p.z_min_count = 8;
  p.vpin_of = of;
  return {p, VolatilityParams{}, ZParams{}, kTradesAndBars};
}

/// Minutes of volume 1 or 3, of which ln(1 + volume) is ln 2 or 2·ln 2, sigma 4e-4 or 6e-4 and an
/// SVI of −0.2 or 0.6, in all combinations; VPIN is 0.1·log₂(1 + volume) + 500·sigma − 0.25·|SVI|
/// and `beyond`.
Toxicity::Values feed(Toxicity& tox, std::int64_t n, double beyond, bool knows_sigma = true) {
  const bool is_large = n % 2 == 0;
  const double sigma = n / 2 % 2 == 0 ? 4e-4 : 6e-4;
  const double svi = n / 4 % 2 == 0 ? -0.2 : 0.6;
  MinuteRow row;
  row.bar = flat_bar(n, is_large ? 3 : 1);
  row.v_star_e8 = Qty::kOne;
  const double vpin = 0.1 * (is_large ? 2.0 : 1.0) + 500.0 * sigma - 0.25 * std::abs(svi) + beyond;
  row.tick_buckets = {{.ts_event = row.bar.ts_event - Duration{1}, .imbalance = vpin}};
  return tox.update(row, {}, {}, true,
                    {.sigma = knows_sigma ? Value{sigma} : std::nullopt, .svi = svi});
}

TEST(VpinResidual, IsWhatThePastDoesNotExplain) {
  Toxicity tox = toxicity(VpinOf::Residual);
  for (std::int64_t n = 1; n <= 8; ++n) {
    const auto values = feed(tox, n, 0.0);
    EXPECT_TRUE(values.vpin);
    EXPECT_EQ(values.vpin_residual, std::nullopt) << n;  // fewer than z_min_count before
  }
  const auto ninth = feed(tox, 9, 0.03);
  EXPECT_NEAR(ninth.vpin_residual.value(), 0.03, 1e-12);
  EXPECT_EQ(ninth.z_vpin, std::nullopt);  // eight observations, and no residual yet
}

// Eight residuals of 0, so that the floor of 0.005 divides.
TEST(VpinResidual, IsComparedWithEarlierResiduals) {
  Toxicity tox = toxicity(VpinOf::Residual);
  for (std::int64_t n = 1; n <= 15; ++n) feed(tox, n, 0.0);
  EXPECT_EQ(feed(tox, 16, 0.0).z_vpin, std::nullopt);
  const auto values = feed(tox, 17, 0.02);
  EXPECT_NEAR(values.z_vpin.value(), 4.0, 1e-9);
  EXPECT_EQ(values.t, values.z_vpin);
}

TEST(VpinResidual, WhereSomethingIsUnknownThereIsNeitherResidualNorObservation) {
  Toxicity tox = toxicity(VpinOf::Residual);
  for (std::int64_t n = 1; n <= 8; ++n) feed(tox, n, 0.0, n != 3);
  EXPECT_EQ(feed(tox, 9, 0.0).vpin_residual, std::nullopt);  // seven
  EXPECT_TRUE(feed(tox, 10, 0.0).vpin_residual);             // eight
  EXPECT_EQ(feed(tox, 11, 0.0, false).vpin_residual, std::nullopt);
}

TEST(VpinResidual, IsNotAskedForByDefault) {
  Toxicity tox = toxicity(VpinOf::Level);
  for (std::int64_t n = 1; n <= 8; ++n) feed(tox, n, 0.0);
  const auto values = feed(tox, 9, 0.5);
  EXPECT_EQ(values.vpin_residual, std::nullopt);
  EXPECT_TRUE(values.z_vpin);
}

}  // namespace
}  // namespace toxvol::factors
