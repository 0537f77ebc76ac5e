#include "toxvol/engine/ledger/ledger.hpp"

#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/rates.hpp"

namespace toxvol::engine::test {
namespace {

TEST(Ledger, LongRoundTripGainsThePriceDifferenceLessFees) {
  Ledger ledger{money(1'000), 10};
  Booked booked = ledger.fill(Side::Buy, price(100), qty(2), money(0.1));
  EXPECT_EQ(booked.opened, qty(2));
  EXPECT_EQ(booked.closed, Qty{});
  EXPECT_EQ(ledger.cost(), money(200));
  EXPECT_EQ(ledger.margin(), money(20));
  EXPECT_EQ(ledger.unrealised(mark(101)), money(2));
  EXPECT_EQ(ledger.equity(mark(101)), money(1'001.9));
  booked = ledger.fill(Side::Sell, price(103), qty(2), money(0.2));
  EXPECT_EQ(booked.realised, money(6));
  EXPECT_EQ(ledger.position(), Qty{});
  EXPECT_EQ(ledger.cost(), Money{});
  EXPECT_EQ(ledger.wallet(), money(1'005.7));
  EXPECT_EQ(ledger.equity(std::nullopt), money(1'005.7));
}

TEST(Ledger, ShortRoundTripIsTheMirror) {
  Ledger ledger{money(1'000), 10};
  ledger.fill(Side::Sell, price(100), qty(2), Money{});
  EXPECT_EQ(ledger.cost(), money(-200));
  EXPECT_EQ(ledger.margin(), money(20));
  EXPECT_EQ(ledger.unrealised(mark(101)), money(-2));
  EXPECT_EQ(ledger.fill(Side::Buy, price(97), qty(2), Money{}).realised, money(6));
}

TEST(Ledger, PartialCloseTruncatesItsShareOfTheCostAndTheLastCloseTakesTheRest) {
  Ledger ledger{money(1'000), 10};
  // Cost 100.1 + 2 · 100.2 = 300.5 for 0.003 + … in raw units: 3 lots of 0.001.
  ledger.fill(Side::Buy, price(100.1), qty(0.001), Money{});
  ledger.fill(Side::Buy, price(100.2), qty(0.002), Money{});
  ASSERT_EQ(ledger.cost().raw(), 30'050'000);  // 0.3005
  // a third of 30 050 000 is 10 016 666.67: truncated
  EXPECT_EQ(ledger.fill(Side::Sell, price(100.5), qty(0.001), Money{}).realised.raw(),
            10'050'000 - 10'016'666);
  EXPECT_EQ(ledger.cost().raw(), 30'050'000 - 10'016'666);
  EXPECT_EQ(ledger.fill(Side::Sell, price(100.5), qty(0.002), Money{}).realised.raw(),
            20'100'000 - 20'033'334);
  // In sum exactly what the prices say.
  EXPECT_EQ(ledger.realised().raw(), 30'150'000 - 30'050'000);
}

TEST(Ledger, ShortPartialCloseTruncatesTowardsZeroToo) {
  Ledger ledger{money(1'000), 10};
  ledger.fill(Side::Sell, price(100.1), qty(0.001), Money{});
  ledger.fill(Side::Sell, price(100.2), qty(0.002), Money{});
  // out = trunc(−30 050 000 / 3) = −10 016 666; R += −10 050 000 + 10 016 666
  EXPECT_EQ(ledger.fill(Side::Buy, price(100.5), qty(0.001), Money{}).realised.raw(), -33'334);
  EXPECT_EQ(ledger.cost().raw(), -20'033'334);
}

TEST(Ledger, FlipClosesThenOpens) {
  Ledger ledger{money(1'000), 10};
  ledger.fill(Side::Buy, price(100), qty(1), Money{});
  const Booked booked = ledger.fill(Side::Sell, price(104), qty(3), money(0.156));
  EXPECT_EQ(booked.closed, qty(1));
  EXPECT_EQ(booked.opened, qty(2));
  EXPECT_EQ(booked.realised, money(4));
  EXPECT_EQ(ledger.position(), qty(-2));
  EXPECT_EQ(ledger.cost(), money(-208));
}

TEST(Ledger, FundingIsFlooredAndChargesLongsWhenTheRateIsPositive) {
  Ledger ledger{money(1'000), 10};
  ledger.fill(Side::Buy, price(100.1), qty(0.003), Money{});
  // −0.003 · 100.15 · 0.0001 = −0.0000300450 → −3 005 (floor of −3 004.5)
  EXPECT_EQ(ledger.fund(rate(0.0001), Mark{price(100.1).raw() + price(100.2).raw()}).raw(), -3'005);
  // the mirror is received: +3 004.5 → 3 004
  EXPECT_EQ(ledger.fund(rate(-0.0001), Mark{price(100.1).raw() + price(100.2).raw()}).raw(), 3'004);
  EXPECT_EQ(ledger.funding().raw(), -1);
}

TEST(Ledger, MarginIsTheCostOverTheLeverageRoundedUp) {
  Ledger ledger{money(1'000), 3};
  ledger.fill(Side::Buy, price(100), qty(0.001), Money{});
  EXPECT_EQ(ledger.margin().raw(), 3'333'334);
  EXPECT_EQ(ledger.margin_of(price(100), qty(0.001)).raw(), 3'333'334);
  EXPECT_EQ(ledger.margin_of(price(300), qty(0.001)).raw(), 10'000'000);
}

TEST(Ledger, InsuranceIsPartOfTheWallet) {
  Ledger ledger{money(10), 10};
  ledger.insure(money(2.5));
  EXPECT_EQ(ledger.wallet(), money(12.5));
}

TEST(Ledger, RefusesPricesThatMoneyCannotHold) {
  Ledger ledger{money(10), 10};
  EXPECT_THROW(ledger.fill(Side::Buy, Price::from_raw(1), qty(0.001), Money{}), Error);
  EXPECT_THROW(ledger.fill(Side::Buy, price(90'000'000'000.0), qty(2), Money{}), Error);
}

TEST(Rates, FeeIsRoundedUpAndNineTenthsOfItExactly) {
  EXPECT_EQ(fee_on(Money::from_raw(2'000), rate(0.0005), false).raw(), 1);  // exactly 1
  EXPECT_EQ(fee_on(Money::from_raw(2'001), rate(0.0005), false).raw(), 2);
  EXPECT_EQ(fee_on(Money::from_raw(20'000), rate(0.0005), true).raw(), 9);  // exactly 9
  EXPECT_EQ(fee_on(Money::from_raw(20'001), rate(0.0005), true).raw(), 10);
  // the clearance fee is not discounted: 9 + 10
  EXPECT_EQ(fee_on(Money::from_raw(20'000), rate(0.0005), true, rate(0.0005)).raw(), 19);
}

std::vector<Bracket> brackets() {
  return {{money(1'000), rate(0.004), 20},
          {money(5'000), rate(0.01), 10},
          {money(20'000), rate(0.05), 2}};
}

TEST(Rates, CapIsThatOfTheHighestBracketWithTheLeverage) {
  EXPECT_EQ(cap_at(brackets(), 20), money(1'000));
  EXPECT_EQ(cap_at(brackets(), 11), money(1'000));
  EXPECT_EQ(cap_at(brackets(), 10), money(5'000));
  EXPECT_EQ(cap_at(brackets(), 1), money(20'000));
  EXPECT_EQ(cap_at(brackets(), 21), Money{});
}

TEST(Rates, CumMakesMaintenanceContinuousBetweenBrackets) {
  EXPECT_EQ(maintenance_at(brackets(), money(1'000)).cum, Money{});
  EXPECT_EQ(maintenance_at(brackets(), money(1'000.1)).cum, money(6));    // 1000 · .006
  EXPECT_EQ(maintenance_at(brackets(), money(5'000.1)).cum, money(206));  // + 5000 · .04
  EXPECT_EQ(maintenance_at(brackets(), money(1e6)).rate, rate(0.05));     // beyond the last
}

// Long 10 at 100, leverage 10: M = 100, C = 1000. In bracket 1 (≤ 1000) MM = .004 · 10 · m:
// 100 + 10 m − 1000 ≤ .04 m ⇔ m ≤ 900 / 9.96 = 90.3614…
TEST(Rates, LongIsLiquidatedAtItsPriceAndNotAbove) {
  EXPECT_FALSE(is_liquidated(brackets(), qty(10), money(1'000), money(100), mark(90.4)));
  EXPECT_TRUE(is_liquidated(brackets(), qty(10), money(1'000), money(100), mark(90.3)));
}

// Short 10 at 100: 100 − 10 m + 1000 ≤ .01 · 10 m − 6 (bracket 2) ⇔ m ≥ 1106 / 10.1 = 109.504…
TEST(Rates, ShortIsLiquidatedAtItsPriceAndNotBelow) {
  EXPECT_FALSE(is_liquidated(brackets(), qty(-10), money(-1'000), money(100), mark(109.5)));
  EXPECT_TRUE(is_liquidated(brackets(), qty(-10), money(-1'000), money(100), mark(109.6)));
  EXPECT_FALSE(is_liquidated({}, qty(-10), money(-1'000), money(100), mark(500)));
}

TEST(Rates, EqualityLiquidates) {
  // One bracket without maintenance: liquidated exactly when margin + loss = 0, at 90.
  const std::vector<Bracket> none{{money(1e6), Rate{}, 20}};
  EXPECT_TRUE(is_liquidated(none, qty(10), money(1'000), money(100), mark(90)));
  EXPECT_FALSE(
      is_liquidated(none, qty(10), money(1'000), money(100), Mark{2 * price(90).raw() + 2}));
}

TEST(Average, IsFlooredInTheEighthDecimal) {
  Average average;
  average.add(price(100), qty(1));
  average.add(price(100.1), qty(2));
  EXPECT_EQ(average.value().raw(), 10'006'666'666);  // 100.0666…
}

}  // namespace
}  // namespace toxvol::engine::test
