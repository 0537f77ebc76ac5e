#include <chrono>
#include <optional>
#include <variant>

#include <gtest/gtest.h>

#include "tests/strategy/exits.hpp"
#include "tests/strategy/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

// R43: parameters change while the trader holds something.
namespace toxvol::strategy {
namespace {

using testing::at_s;
using testing::Bench;
using testing::in_regime;
using testing::long_row;
using testing::params;
using testing::px;
using testing::qty;
using testing::quiet_row;
using trading::Reason;
using trading::Role;

StrategyParams other_exits() {
  StrategyParams other = params();
  other.exit.k_stop = 1.0;
  other.exit.k_tp = 0.5;
  other.exit.max_hold = std::chrono::minutes{5};
  other.size.risk_bp = 7;
  return other;
}

// As in exits.hpp: stop 49 760.0; half the distance would be 49 880.0.
TEST(TraderAdopt, APositionKeepsTheExitsThatItWasOpenedWith) {
  Bench bench;
  bench.open_long();
  bench.trader.adopt(other_exits(), Regime::Neutral);
  bench.row(quiet_row(2));
  EXPECT_EQ(bench.trader.stop(), px(497'600));
  EXPECT_EQ(bench.trader.wake().at,
            at_s(60) + std::chrono::milliseconds{100} + std::chrono::minutes{30});
  bench.row(quiet_row(10));
  EXPECT_TRUE(bench.sent.empty()) << "the new limit of five minutes is not the position's";
}

TEST(TraderAdopt, ALaterFillOfTheEntryKeepsThemToo) {
  Bench bench;
  bench.row(long_row(1));
  const trading::Submit entry = bench.submit();
  bench.fill(entry, at_s(61), 500'001, qty(206), false);
  bench.trader.adopt(other_exits(), Regime::Neutral);
  bench.fill(entry, at_s(61), 500'001, qty(1'000), true);
  EXPECT_EQ(bench.trader.stop(), px(497'600));
}

TEST(TraderAdopt, TheNextEntryIsTheNewOnes) {
  Bench bench;
  bench.row(long_row(1));
  const Qty before = bench.submit().qty;
  Bench after;
  after.trader.adopt(other_exits(), Regime::Neutral);
  after.row(long_row(1));
  EXPECT_LT(after.submit().qty, before);
  after.fill(after.submit(), at_s(61), 500'001);
  EXPECT_EQ(after.trader.stop(), px(498'800));
}

TEST(TraderAdopt, AnotherRegimeOfTheNewModelIsNoFlip) {
  Bench bench;
  bench.open_long();  // in the neutral regime
  bench.trader.adopt(params(), Regime::CrowdedLong);
  bench.row(in_regime(quiet_row(2), Regime::CrowdedLong));
  EXPECT_TRUE(bench.sent.empty());
  bench.row(in_regime(quiet_row(3), Regime::Neutral));
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.submit().intent.role, Role::Flip) << "against the new model's regime";
}

TEST(TraderAdopt, AnUnknownRegimeIsAwaited) {
  Bench bench;
  bench.open_long();
  bench.trader.adopt(params(), std::nullopt);
  bench.row(in_regime(quiet_row(2), std::nullopt));
  bench.row(in_regime(quiet_row(3), Regime::CrowdedShort));
  EXPECT_TRUE(bench.sent.empty());
  bench.row(in_regime(quiet_row(4), Regime::Neutral));
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.submit().intent.role, Role::Flip);
}

TEST(TraderAdopt, ARestingEntryStaysInTheNewModelsRegime) {
  StrategyParams resting = params();
  resting.entry.order = EntryOrder::PostOnly;
  Bench bench{resting};
  bench.row(long_row(1));
  bench.accept(bench.submit(), at_s(60));
  bench.trader.adopt(resting, Regime::CrowdedShort);
  // Within give_up_after of the decision.
  auto row = in_regime(quiet_row(1), Regime::CrowdedShort);
  row.ts += std::chrono::seconds{10};
  row.ts_init += std::chrono::seconds{10};
  bench.row(row);
  for (const trading::Command& command : bench.sent) {
    EXPECT_FALSE(std::holds_alternative<trading::Cancel>(command) && bench.sent.size() == 1);
  }
}

TEST(TraderAdopt, WithBothAlphasOffOnlyWhatIsOpenIsManaged) {
  StrategyParams flat = params();
  flat.alpha_a.enabled = flat.alpha_b.enabled = false;
  Bench bench;
  bench.open_long();
  bench.trader.adopt(flat, Regime::Neutral);
  EXPECT_EQ(bench.reason(long_row(2)), Reason::Disabled);
  bench.quote(at_s(130), 497'600, 497'601);
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.submit().intent.role, Role::Stop);
}

}  // namespace
}  // namespace toxvol::strategy
