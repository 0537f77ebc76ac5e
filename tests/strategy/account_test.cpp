#include "toxvol/strategy/account.hpp"

#include <cstdint>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {
namespace {

using testing::at_s;
using testing::kFrom;
using testing::px;
using testing::qty;
using testing::usdt;

constexpr Duration kFundingDelay = std::chrono::seconds{60};

Account account() {
  return Account{usdt(100'000), true, kFundingDelay};
}

trading::FillSeen fill(Side side, std::int64_t tenths, std::int64_t lots, Timestamp ts = kFrom,
                       Money fee = {}) {
  return {.ts_seen = ts,
          .ts_event = ts,
          .side = side,
          .price = px(tenths),
          .qty = qty(lots),
          .fee = fee};
}

Funding settlement(Timestamp calc_time, std::int64_t rate_e8) {
  return {.ts_event = calc_time, .ts_init = calc_time, .rate = Rate::from_raw(rate_e8)};
}

TEST(Account, EquityIsDepositLessWhatWasPaidPlusThePositionAtTheMark) {
  Account own = account();
  EXPECT_EQ(own.equity(), usdt(100'000));
  own.on(fill(Side::Buy, 500'000, 2'000, kFrom, usdt(50)));
  EXPECT_EQ(own.equity(), usdt(99'950));  // marked at the fill
  own.mark(px(500'100), px(500'300));     // mid 50 020: + 40
  EXPECT_EQ(own.equity(), usdt(99'990));
  own.on(fill(Side::Sell, 500'100, 2'000, kFrom, usdt(50)));
  EXPECT_EQ(own.position(), Qty{});
  EXPECT_EQ(own.equity(), usdt(99'920));  // + 20 − 100
}

TEST(Account, AShortGainsWhenThePriceFalls) {
  Account own = account();
  own.on(fill(Side::Sell, 500'000, 1'000));
  EXPECT_EQ(own.position(), -qty(1'000));
  own.mark(px(499'000), px(499'000));
  EXPECT_EQ(own.equity(), usdt(100'100));
}

TEST(Account, TheAverageIsOfTheOpeningFillsRoundedDown) {
  Account own = account();
  own.on(fill(Side::Buy, 500'000, 1'000));
  own.on(fill(Side::Buy, 500'001, 2'000));
  EXPECT_EQ(own.average().raw(), 5'000'006'666'666);  // 50 000.066666…
  own.on(fill(Side::Sell, 600'000, 1'000));           // a reduction does not move it
  EXPECT_EQ(own.average().raw(), 5'000'006'666'666);
}

TEST(Account, AFlipStartsANewAverage) {
  Account own = account();
  own.on(fill(Side::Buy, 500'000, 1'000));
  own.on(fill(Side::Sell, 510'000, 3'000));
  EXPECT_EQ(own.position(), -qty(2'000));
  EXPECT_EQ(own.average(), px(510'000));
  own.on(fill(Side::Sell, 520'000, 2'000));
  EXPECT_EQ(own.average(), px(515'000));
  own.on(fill(Side::Buy, 500'000, 4'000));
  own.on(fill(Side::Buy, 490'000, 1'000));
  EXPECT_EQ(own.average(), px(490'000));
}

TEST(Account, FundingIsBookedWhenItsRateIsKnownAndNotBefore) {
  Account own = account();
  own.on(fill(Side::Buy, 500'000, 2'000));
  own.mark(px(500'000), px(500'000));
  own.on(settlement(at_s(100), 10'000));  // 1 bp of 100 000
  own.book_funding(at_s(160) - Duration{1});
  EXPECT_EQ(own.equity(), usdt(100'000));
  own.book_funding(at_s(160));
  EXPECT_EQ(own.equity(), usdt(99'990));
  own.book_funding(at_s(161));  // once
  EXPECT_EQ(own.equity(), usdt(99'990));
}

TEST(Account, AShortReceivesFunding) {
  Account own = account();
  own.on(fill(Side::Sell, 500'000, 2'000));
  own.on(settlement(at_s(100), 10'000));
  own.book_funding(at_s(160));
  EXPECT_EQ(own.equity(), usdt(100'010));
}

TEST(Account, FundingIsRoundedAgainstUs) {
  Account own = account();
  own.on(fill(Side::Sell, 1, 1));         // 0.001 at 0.1: notional 0.0001
  own.on(settlement(at_s(100), 10'050));  // 1.005e-8
  own.book_funding(at_s(160));
  EXPECT_EQ(own.equity() - usdt(100'000), Money::from_raw(1));
  Account payer = account();
  payer.on(fill(Side::Buy, 1, 1));
  payer.on(settlement(at_s(100), 10'050));
  payer.book_funding(at_s(160));
  EXPECT_EQ(payer.equity() - usdt(100'000), Money::from_raw(-2));
}

TEST(Account, FundingCountsTheFillsBeforeTheSettlementAlone) {
  Account own = account();
  own.mark(px(500'000), px(500'000));
  own.on(fill(Side::Buy, 500'000, 2'000, at_s(100) - kMillisecond));
  own.on(fill(Side::Buy, 500'000, 2'000, at_s(100)));  // seen first, but not before calc_time
  own.on(settlement(at_s(100), 10'000));
  own.on(fill(Side::Sell, 500'000, 1'000, at_s(100) - kMillisecond));  // seen late
  own.on(fill(Side::Sell, 500'000, 1'000, at_s(100)));                 // late, too late
  own.on(fill(Side::Sell, 500'000, 2'000, at_s(101)));
  own.book_funding(at_s(160));
  EXPECT_EQ(own.position(), Qty{});
  EXPECT_EQ(own.equity(), usdt(99'995));  // on 1.000
}

TEST(Account, WithoutFundingCostsNothingIsBooked) {
  Account own{usdt(100'000), false, kFundingDelay};
  own.on(fill(Side::Buy, 500'000, 2'000));
  own.on(settlement(at_s(100), 10'000));
  own.book_funding(at_s(1'000));
  EXPECT_EQ(own.equity(), usdt(100'000));
}

TEST(Account, OldFillsAreForgottenAndStillCounted) {
  Account own = account();
  own.on(fill(Side::Buy, 500'000, 2'000, at_s(10)));
  own.forget_before(at_s(11));
  own.on(settlement(at_s(100), 10'000));
  own.book_funding(at_s(160));
  EXPECT_EQ(own.equity(), usdt(99'990));
}

}  // namespace
}  // namespace toxvol::strategy
