#include "toxvol/strategy/sizing.hpp"

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/costs.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {
namespace {

using testing::instrument;
using testing::kFrom;
using testing::long_row;
using testing::params;
using testing::px;
using testing::qty;
using testing::usdt;
using trading::Reason;

// Equity 100 000, risk 35 bp: budget 350. σ = 6 bp per √minute over 16 minutes, k = 2, at 50 000:
// stop distance 2 · 0.0006 · 4 · 50 000 = 240. Two takers at 5 bp: 50 a unit.
SizeInputs inputs() {
  return {.equity = 100'000.0,
          .price = px(500'000),
          .spread_ticks = 1,
          .fees = {.maker = 0.0002, .taker = 0.0005},
          .ts = kFrom};
}

Size size_of(const StrategyParams& given, const SizeInputs& from = inputs(),
             const factors::FactorRow& row = long_row(1)) {
  return size_entry(row, from, instrument(), given);
}

TEST(Sizing, RisksTheBudgetOverStopDistanceAndRoundTripCost) {
  EXPECT_EQ(size_of(params()).qty, qty(1'206));  // 350 / (240 + 50) = 1.2069
  EXPECT_EQ(size_of(params()).reason, Reason::EnterLong);
}

TEST(Sizing, APostOnlyEntryPaysTheMakerRateOnce) {
  StrategyParams given = params();
  given.entry.order = EntryOrder::PostOnly;
  EXPECT_EQ(size_of(given).qty, qty(1'272));  // 350 / (240 + 35) = 1.2727
}

TEST(Sizing, TheProposalsRuleTargetsVolatilityAlone) {
  StrategyParams given = params();
  given.size.rule = SizeRule::Sigma;
  EXPECT_EQ(size_of(given).qty, qty(2'916));  // 350 / (0.0006 · 4) / 50 000 = 2.9167
}

TEST(Sizing, ToxicFlowAndAWideSpreadEachScaleTheSize) {
  factors::FactorRow row = long_row(1);
  row.gated.toxic = true;
  EXPECT_EQ(size_of(params(), inputs(), row).qty, qty(603));  // 0.6034
  SizeInputs wide = inputs();
  wide.spread_ticks = 4;
  EXPECT_EQ(size_of(params(), wide).qty, qty(1'206));
  wide.spread_ticks = 5;
  EXPECT_EQ(size_of(params(), wide).qty, qty(603));
  EXPECT_EQ(size_of(params(), wide, row).qty, qty(301));  // 0.3017
}

TEST(Sizing, TheScaleGateMultipliesByOneMinusTheRank) {
  StrategyParams given = params();
  given.factors.toxicity.gate = factors::ToxicityGate::Scale;
  EXPECT_EQ(size_of(given).qty, qty(905));  // × 0.75 = 0.9052
  factors::FactorRow row = long_row(1);
  row.thresholds.t_rank = 1.0;
  EXPECT_EQ(size_of(given, inputs(), row).reason, Reason::MinNotional);
}

TEST(Sizing, EachLimitCapsTheSize) {
  StrategyParams given = params();
  given.size.max_leverage = 0.5;
  EXPECT_EQ(size_of(given).qty, qty(1'000));
  given = params();
  given.size.max_notional_usdt = usdt(40'000);
  EXPECT_EQ(size_of(given).qty, qty(800));
  given = params();
  given.size.max_qty = qty(700);
  EXPECT_EQ(size_of(given).qty, qty(700));
}

TEST(Sizing, LimitsThatLeaveLessThanALotAreTheReason) {
  StrategyParams given = params();
  given.size.max_qty = qty(1);
  const SizeInputs cheap = inputs();
  EXPECT_EQ(size_of(given, cheap).reason, Reason::MinNotional);  // a lot, but 50 < 100 USDT
  given.size.max_qty = Qty::from_raw(qty(1).raw() - 1);
  EXPECT_EQ(size_of(given, cheap).reason, Reason::Cap);
  EXPECT_EQ(size_of(given, cheap).qty, Qty{});
}

TEST(Sizing, ARiskBudgetBelowALotIsNotTheLimitsFault) {
  SizeInputs poor = inputs();
  poor.equity = 0.05;
  EXPECT_EQ(size_of(params(), poor).reason, Reason::MinNotional);
}

TEST(Sizing, WithoutEquityNothingIsSent) {
  SizeInputs broke = inputs();
  broke.equity = 0.0;
  EXPECT_EQ(size_of(params(), broke).qty, Qty{});
  broke.equity = -5.0;
  EXPECT_EQ(size_of(params(), broke).qty, Qty{});
}

TEST(Sizing, TheMinimumNotionalPassesWhenMetExactly) {
  StrategyParams given = params();
  given.size.max_qty = qty(2);
  EXPECT_EQ(size_of(given).qty, qty(2));  // 2 lots at 50 000 = 100 USDT
  SizeInputs lower = inputs();
  lower.price = px(499'999);
  EXPECT_EQ(size_of(given, lower).reason, Reason::MinNotional);
}

TEST(Sizing, TheMinimumNotionalIsTheOneOfItsTime) {
  Instrument dated = instrument();
  dated.min_notional = {{.from = {}, .value = usdt(5)}, {.from = kFrom, .value = usdt(100)}};
  StrategyParams given = params();
  given.size.max_qty = qty(1);
  SizeInputs before = inputs();
  before.ts = kFrom - Duration{1};
  EXPECT_EQ(size_entry(long_row(1), before, dated, given).qty, qty(1));
  EXPECT_EQ(size_entry(long_row(1), inputs(), dated, given).reason, Reason::MinNotional);
}

TEST(Sizing, TheMinimumQuantityRejects) {
  Instrument table = instrument();
  table.min_qty = qty(1'206);
  EXPECT_EQ(size_entry(long_row(1), inputs(), table, params()).qty, qty(1'206));
  table.min_qty = qty(1'207);
  EXPECT_EQ(size_entry(long_row(1), inputs(), table, params()).reason, Reason::MinNotional);
}

TEST(Sizing, WithoutVolatilityOnlyCostsAndLimitsSize) {
  factors::FactorRow still = long_row(1);
  still.volatility.sigma = 0.0;
  EXPECT_EQ(size_of(params(), inputs(), still).qty, qty(6'000));  // 350 / 50 = 7, leverage 3 → 6
  StrategyParams given = params();
  given.size.rule = SizeRule::Sigma;
  EXPECT_EQ(size_of(given, inputs(), still).qty, qty(6'000));
}

TEST(FeeRates, AreFractionsLessTheDiscount) {
  trading::CostParams costs;
  EXPECT_DOUBLE_EQ(fee_rates(instrument(), costs, kFrom).maker, 0.0002);
  EXPECT_DOUBLE_EQ(fee_rates(instrument(), costs, kFrom).taker, 0.0005);
  costs.bnb_discount = true;
  EXPECT_DOUBLE_EQ(fee_rates(instrument(), costs, kFrom).maker, 0.00018);
  EXPECT_DOUBLE_EQ(fee_rates(instrument(), costs, kFrom).taker, 0.00045);
}

TEST(ExitLevels, LieAroundTheAverageFillPrice) {
  // Distance 2 · 0.0006 · 4 · 50 000 = 240; target 1.5 × that.
  const Levels bought = exit_levels(Side::Buy, px(500'000), 0.0006, px(1), params().exit);
  EXPECT_EQ(bought.stop, px(497'600));
  EXPECT_EQ(bought.take_profit, px(503'600));
  const Levels sold = exit_levels(Side::Sell, px(500'000), 0.0006, px(1), params().exit);
  EXPECT_EQ(sold.stop, px(502'400));
  EXPECT_EQ(sold.take_profit, px(496'400));
}

TEST(ExitLevels, AreRoundedToTheTickAwayFromTheEntry) {
  // Average 50 000.05: distance 240.00024, stop 49 760.04976, target 50 360.05036.
  const Price average = Price::from_raw(px(500'000).raw() + px(1).raw() / 2);
  const Levels bought = exit_levels(Side::Buy, average, 0.0006, px(1), params().exit);
  EXPECT_EQ(bought.stop, px(497'600));
  EXPECT_EQ(bought.take_profit, px(503'601));
  // Mirrored: stop 50 240.05024, target 49 640.04964.
  const Levels sold = exit_levels(Side::Sell, average, 0.0006, px(1), params().exit);
  EXPECT_EQ(sold.stop, px(502'401));
  EXPECT_EQ(sold.take_profit, px(496'400));
}

TEST(ExitLevels, NeverReachZero) {
  const Levels bought = exit_levels(Side::Buy, px(500'000), 0.5, px(1), params().exit);
  EXPECT_EQ(bought.stop, px(1));
}

}  // namespace
}  // namespace toxvol::strategy
