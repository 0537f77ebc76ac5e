// N4: nothing is had at a price that is older than it may be.
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine::test {
namespace {

using std::chrono::milliseconds;
using trading::CommandOutcome;
using trading::FillRule;
using trading::OrderStatus;
using trading::RejectReason;

/// A quote at 0, and a trade at `trade_at` if it is not negative.
Market stale(std::int64_t trade_at = -1, Side aggressor = Side::Sell, double at_price = 95.0) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9);
  if (trade_at >= 0) market.trade(trade_at, aggressor, at_price, 2);
  return market;
}

/// The fills of one order given at `given`; it arrives a millisecond later.
Records sent(const Market& market, std::int64_t given, const trading::Submit& submit,
             const EngineParams& with = params()) {
  Player player;
  player.at(ms(given), submit);
  Tape tape;
  play(market, player, tape, with);
  return static_cast<Records&>(tape);
}

TEST(TouchAge, AQuoteIsTakenUpToItsAgeAndNotBeyond) {
  const Records young = sent(stale(), 9'999, market_order(1, Side::Buy, 1));
  ASSERT_EQ(young.fills.size(), 1U);
  EXPECT_EQ(young.fills[0].price, price(100.1));
  EXPECT_EQ(young.fills[0].ts, ms(10'000));
  const Records old = sent(stale(), 10'000, market_order(1, Side::Buy, 1));
  EXPECT_TRUE(old.fills.empty());
  EXPECT_EQ(old.order(1).status, OrderStatus::Open);  // it waits, to the end
  EXPECT_EQ(old.order(1).ts_accepted, ms(10'001));
  EXPECT_EQ(old.commands.at(0).outcome, CommandOutcome::Accepted);
}

TEST(TouchAge, WhereTheQuoteIsTooOldTheLastTradeIsTheTouchIfItIsNot) {
  const Records young = sent(stale(5'000), 14'999, market_order(1, Side::Sell, 1));
  ASSERT_EQ(young.fills.size(), 1U);
  EXPECT_EQ(young.fills[0].price, price(95.0));
  EXPECT_EQ(young.fills[0].rule, FillRule::X6);
  EXPECT_TRUE(sent(stale(5'000), 15'000, market_order(1, Side::Sell, 1)).fills.empty());
  // The far side is a tick beyond; the size is the trades' median, then slices of it.
  const Records buy = sent(stale(5'000), 11'000, market_order(1, Side::Buy, 3));
  ASSERT_EQ(buy.fills.size(), 2U);
  EXPECT_EQ(buy.fills[0].price, price(95.1));
  EXPECT_EQ(buy.fills[0].qty, qty(2));
  EXPECT_EQ(buy.fills[1].price, price(95.2));
}

TEST(TouchAge, TheLimitIsAKey) {
  EngineParams with = params();
  with.exchange.max_touch_age = milliseconds{50};
  EXPECT_EQ(sent(stale(), 49, market_order(1, Side::Buy, 1), with).fills.size(), 1U);
  EXPECT_TRUE(sent(stale(), 50, market_order(1, Side::Buy, 1), with).fills.empty());
}

TEST(TouchAge, AQuoteASecondBehindTheLastTradeGivesNoBetterPriceThanThatTrade) {
  const auto sell = [](std::int64_t trade_at, double at_price) {
    return sent(stale(trade_at, Side::Sell, at_price), 2'000, market_order(1, Side::Sell, 1))
        .fills.at(0)
        .price;
  };
  EXPECT_EQ(sell(1'000, 99.0), price(100.0));  // not more than a second
  EXPECT_EQ(sell(1'001, 99.0), price(99.0));
  EXPECT_EQ(sell(1'001, 101.0), price(100.0));  // never better than the bid either
  const auto buy = [](double at_price) {
    return sent(stale(1'001, Side::Buy, at_price), 2'000, market_order(1, Side::Buy, 1))
        .fills.at(0)
        .price;
  };
  EXPECT_EQ(buy(101.0), price(101.0));
  EXPECT_EQ(buy(99.0), price(100.1));
}

TEST(TouchAge, SlicesGoOnFromTheWorsePriceAndWhatIsTakenIsTheQuotes) {
  Market market = stale(1'500, Side::Sell, 99.0);
  market.quote(2'300, 100.0, 9, 100.1, 9);  // the same best price: what we took is still gone
  Player player;
  player.at(ms(2'000), market_order(1, Side::Sell, 10));
  player.at(ms(2'400), market_order(2, Side::Sell, 1));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 3U);
  EXPECT_EQ(tape.fills[0].price, price(99.0));
  EXPECT_EQ(tape.fills[0].qty, qty(9));
  EXPECT_EQ(tape.fills[1].price, price(98.9));
  EXPECT_EQ(tape.fills[2].price, price(99.9));
}

TEST(TouchAge, ALimitTakesNothingBeyondItsPriceAtTheWorseOne) {
  const Market market = stale(1'500, Side::Buy, 101.0);
  const Records reached = sent(market, 2'000, limit_order(1, Side::Buy, 101.0, 1));
  ASSERT_EQ(reached.fills.size(), 1U);
  EXPECT_EQ(reached.fills[0].price, price(101.0));
  EXPECT_EQ(reached.fills[0].rule, FillRule::X9);
  trading::Submit ioc = limit_order(1, Side::Buy, 100.9, 1);
  ioc.tif = trading::TimeInForce::Ioc;
  EXPECT_EQ(sent(market, 2'000, ioc).order(1).status, OrderStatus::Canceled);
}

TEST(TouchAge, ALimitWithoutATouchNeverTakes) {
  const Records rests = sent(stale(), 10'000, limit_order(1, Side::Buy, 100.5, 1));
  EXPECT_TRUE(rests.fills.empty());
  EXPECT_EQ(rests.order(1).status, OrderStatus::Open);
  for (const auto tif : {trading::TimeInForce::Ioc, trading::TimeInForce::Fok}) {
    trading::Submit submit = limit_order(1, Side::Buy, 100.5, 1);
    submit.tif = tif;
    EXPECT_EQ(sent(stale(), 10'000, submit).order(1).status, OrderStatus::Canceled);
  }
}

TEST(TouchAge, PostOnlyAsksTheTouchAlone) {
  const auto verdict = [](const Market& market, double at_price) {
    return sent(market, 10'000, post_only(1, Side::Buy, at_price, 1)).order(1).reject_reason;
  };
  EXPECT_EQ(verdict(stale(), 100.1), RejectReason::None);  // the quote is too old
  EXPECT_EQ(verdict(stale(5'000), 95.1), RejectReason::PostOnly);
  EXPECT_EQ(verdict(stale(5'000), 95.0), RejectReason::None);
}

TEST(TouchAge, ARowThatIsNotUsableIsNoTouch) {
  Market market = stale();
  market.quote(9'000, 100.0, 9, 100.0, 9);
  EXPECT_EQ(sent(market, 9'500, market_order(1, Side::Buy, 1)).fills.at(0).price, price(100.1));
  EXPECT_TRUE(sent(market, 10'500, market_order(1, Side::Buy, 1)).fills.empty());
}

TEST(TouchAge, OrdersRecordTheTouchAsSeenAtTheirTime) {
  const auto seen = [](const Market& market, std::int64_t given, Duration latency) {
    EngineParams with = params();
    with.exchange.data_latency.value = latency;
    const Records got = sent(market, given, market_order(1, Side::Sell, 1), with);
    return got.order(1).bid;
  };
  EXPECT_EQ(seen(stale(), 10'000, Duration{}), price(100.0));
  EXPECT_EQ(seen(stale(), 10'001, Duration{}), std::nullopt);
  EXPECT_EQ(seen(stale(5'000), 10'001, Duration{}), price(95.0));
  EXPECT_EQ(seen(stale(5'000), 15'001, Duration{}), std::nullopt);
  // A trade that is not seen yet is no touch.
  EXPECT_EQ(seen(stale(10'000), 10'050, milliseconds{100}), std::nullopt);
}

TEST(TouchAge, AnOrderCausedByATradeHasSeenIt) {
  Player player;
  player.waking.trade_at_most = price(95.0);
  bool given = false;
  player.on_trade = [&](const trading::TradeSeen&, std::vector<trading::Command>& out) {
    if (!given) out.emplace_back(market_order(1, Side::Sell, 1));
    given = true;
  };
  Tape tape;
  play(stale(20'000), player, tape);
  EXPECT_EQ(tape.order(1).bid, price(95.0));
  EXPECT_EQ(tape.order(1).ask, price(95.1));
}

TEST(TouchAge, TheStrategyIsShownATradesTouchOnlyWhereItIsTheTouch) {
  Market market = stale(5'000);
  market.trade(10'001, Side::Buy, 96.0, 2);
  Player player;
  player.waking.bid_at_most = price(99.0);
  std::vector<Price> bids;
  player.on_quote = [&](const trading::QuoteSeen& quote, std::vector<trading::Command>&) {
    bids.push_back(quote.touch.bid);
  };
  Tape tape;
  play(market, player, tape);
  EXPECT_EQ(bids, std::vector{price(95.9)});
}

TEST(TouchAge, ARowIsShownNoTouchThatIsTooOld) {
  Market market = stale();
  market.bar(60'000, 100, 100, 100, 100);
  market.quote(115'000, 101.0, 9, 101.1, 9).bar(120'000, 100, 100, 100, 100);
  Player player;
  std::vector<std::optional<Price>> bids;
  player.on_row = [&](const trading::RowSeen& row, std::vector<trading::Command>&) {
    bids.push_back(row.touch ? std::optional{row.touch->bid} : std::nullopt);
  };
  Tape tape;
  play(market, player, tape);
  EXPECT_EQ(bids, (std::vector<std::optional<Price>>{std::nullopt, price(101.0)}));
}

TEST(TouchAge, TheMarkIsOfTheYoungerOfQuoteAndTrade) {
  Market market = stale(30'000, Side::Sell, 95.0);
  market.quote(70'000, 97.0, 9, 97.1, 9);
  Player player;
  Tape tape;
  play(market, player, tape);
  EXPECT_DOUBLE_EQ(*tape.equity.at(1).mark, 95.05);  // at 60 000, however old
  EXPECT_DOUBLE_EQ(*tape.equity.at(2).mark, 97.05);
  EXPECT_DOUBLE_EQ(*tape.equity.back().mark, 97.05);
}

// --- Waiting --------------------------------------------------------------------------------

TEST(Waiting, OrdersAreServedByArrivalOnceATradeIsTheTouch) {
  Market market = stale();
  market.trade(20'000, Side::Buy, 105.0, 3);
  Player player;
  player.at(ms(12'000), market_order(1, Side::Buy, 2));
  player.at(ms(13'000), market_order(2, Side::Buy, 2));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 3U);
  EXPECT_EQ(tape.fills[0].order, trading::OrderId{1});
  EXPECT_EQ(tape.fills[0].price, price(105.0));
  EXPECT_EQ(tape.fills[0].ts, ms(20'000));
  EXPECT_EQ(tape.fills[0].rule, FillRule::X6);
  EXPECT_EQ(tape.fills[1].qty, qty(1));  // what the first has left of three
  EXPECT_EQ(tape.fills[2].price, price(105.1));
  EXPECT_DOUBLE_EQ(*tape.fills[0].mid_fill, 104.95);
  EXPECT_FALSE(tape.fills[0].mid_decision);
  EXPECT_FALSE(tape.fills[0].slippage);
}

TEST(Waiting, AUsableQuoteServesAndALockedOneDoesNot) {
  Market market = stale();
  market.quote(20'000, 103.0, 9, 103.0, 9).quote(21'000, 103.0, 9, 103.1, 9);
  const Records got = sent(market, 12'000, market_order(1, Side::Buy, 2));
  ASSERT_EQ(got.fills.size(), 1U);
  EXPECT_EQ(got.fills[0].ts, ms(21'000));
  EXPECT_EQ(got.fills[0].price, price(103.1));
}

TEST(Waiting, ItIsJudgedByTheRestOfX4WhenItsTouchComes) {
  Instrument on = instrument();
  on.min_notional = {{Timestamp{}, money(300)}};
  Market market = stale();
  market.trade(20'000, Side::Buy, 120.0, 3);
  Player player;
  player.at(ms(12'000), market_order(1, Side::Buy, 2));       // 240 is less than 300
  player.at(ms(12'000), market_order(2, Side::Buy, 3));       // 360
  player.at(ms(12'000), market_order(3, Side::Buy, 0.0005));  // the lot is asked at once
  player.at(ms(12'000), reduce_only(market_order(4, Side::Buy, 1)));
  Tape tape;
  play(market, player, tape, params(), on);
  EXPECT_EQ(tape.order(1).reject_reason, RejectReason::MinNotional);
  EXPECT_EQ(tape.order(1).ts_accepted, ms(12'001));
  EXPECT_EQ(tape.order(1).ts_done, ms(20'000));
  EXPECT_EQ(tape.commands.at(0).outcome, CommandOutcome::Accepted);
  EXPECT_EQ(tape.order(2).status, OrderStatus::Filled);
  EXPECT_EQ(tape.order(3).ts_done, ms(12'001));
  EXPECT_EQ(tape.order(3).reject_reason, RejectReason::Lot);
  EXPECT_EQ(tape.order(4).reject_reason, RejectReason::ReduceOnly);
  EXPECT_EQ(tape.order(4).ts_done, ms(20'000));
  EXPECT_EQ(player.orders.back().what, trading::OrderSeen::What::Rejected);
}

TEST(Waiting, ItCanBeCanceled) {
  Market market = stale();
  market.trade(20'000, Side::Buy, 105.0, 3);
  Player player;
  player.at(ms(12'000), market_order(1, Side::Buy, 2));
  player.at(ms(19'998), cancel(1));
  player.at(ms(12'000), market_order(2, Side::Buy, 1));
  player.at(ms(20'000), cancel(2));  // too late
  Tape tape;
  play(market, player, tape);
  EXPECT_EQ(tape.order(1).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(1).ts_done, ms(19'999));
  EXPECT_EQ(tape.order(2).status, OrderStatus::Filled);
  EXPECT_EQ(tape.commands.back().outcome, CommandOutcome::TooLate);
}

TEST(Waiting, AReduceOnlyOrderIsCutWithThePosition) {
  // A resting SELL is served by the trade that then is the touch for what waits.
  Market market = stale();
  market.trade(20'000, Side::Buy, 101.1, 9);
  const auto play_it = [&](double resting, Tape& tape) {
    Player player;
    player.at(ms(10), market_order(1, Side::Buy, 3));
    player.at(ms(20), limit_order(2, Side::Sell, 101.0, resting));
    player.at(ms(12'000), reduce_only(market_order(3, Side::Sell, 3)));
    play(market, player, tape);
  };
  Tape some;
  play_it(2, some);
  EXPECT_EQ(some.order(3).filled_qty, qty(1));
  EXPECT_EQ(some.order(3).status, OrderStatus::Filled);
  EXPECT_EQ(some.fills.back().position_after, Qty{});
  Tape all;
  play_it(3, all);
  EXPECT_EQ(all.order(3).status, OrderStatus::Canceled);
  EXPECT_EQ(all.order(3).ts_done, ms(20'000));
}

/// A MARKET BUY that waits since 12.001 s; the bar of the second minute opens at 107.
Records bar_serves(double volume, const Market& ticks, std::int64_t given = 12'000,
                   const EngineParams& with = params()) {
  Market market = ticks;
  market.bar(60'000, 100, 100, 100, 100).bar(120'000, 107, 108, 106, 106);
  market.bars[1].volume = qty(volume);
  return sent(market, given, market_order(1, Side::Buy, 20), with);
}

TEST(Waiting, ABarsOpenServesWhereItsMinuteHasVolumeAndNoTick) {
  EngineParams with = params();
  with.exchange.data_latency.value = milliseconds{10};
  const Records got = bar_serves(1, stale(), 12'000, with);
  ASSERT_EQ(got.fills.size(), 1U);
  EXPECT_EQ(got.fills[0].rule, FillRule::X22);
  EXPECT_EQ(got.fills[0].ts, ms(60'000));
  EXPECT_EQ(got.fills[0].price, price(107.1));  // a tick of impact, any quantity
  EXPECT_EQ(got.fills[0].qty, qty(20));
  // That no tick would come was known when the minute was over.
  EXPECT_EQ(got.fills[0].ts_init, ms(120'010));
  EXPECT_EQ(got.equity.at(2).ts, ms(60'000));  // start, minute, fill
  EXPECT_EQ(got.equity.at(2).cause, trading::EquityCause::Fill);
  EXPECT_TRUE(bar_serves(0, stale()).fills.empty());
}

TEST(Waiting, ATickInTheMinuteServesInsteadOfItsOpen) {
  Market traded = stale();
  traded.trade(119'999, Side::Buy, 105.0, 50);
  EXPECT_EQ(bar_serves(1, traded).fills.at(0).ts, ms(119'999));
  Market quoted = stale();
  quoted.quote(60'000, 105.0, 9, 105.1, 50);
  EXPECT_EQ(bar_serves(1, quoted).fills.at(0).price, price(105.1));
  Market late = stale();
  late.quote(80'000, 105.0, 9, 105.0, 50);  // not usable
  late.trade(120'000, Side::Buy, 105.0, 50);
  EXPECT_EQ(bar_serves(1, late).fills.at(0).ts, ms(60'000));
}

TEST(Waiting, ABarsOpenServesWhatHasArrivedByThen) {
  EXPECT_EQ(bar_serves(1, stale(), 59'999).fills.size(), 1U);
  EXPECT_TRUE(bar_serves(1, stale(), 60'000).fills.empty());
}

TEST(Waiting, AtABarsOpenToTheRestOfX4IsAsked) {
  EngineParams poor = params();
  poor.deposit = money(100);  // 20 · 107.1 needs 214.2
  const Records got = bar_serves(1, stale(), 12'000, poor);
  EXPECT_EQ(got.order(1).reject_reason, RejectReason::Margin);
  EXPECT_EQ(got.order(1).ts_done, ms(60'000));
}

TEST(Waiting, WithoutQuotesAnOldTradeIsNoTouchEither) {
  Market market;
  market.trade(0, Side::Buy, 100.0, 2).trade(30'000, Side::Buy, 110.0, 2);
  EngineParams with = params();
  with.inputs = {.trades = true, .bars = true};
  const Records got = sent(market, 10'000, market_order(1, Side::Buy, 1), with);
  ASSERT_EQ(got.fills.size(), 1U);
  EXPECT_EQ(got.fills[0].ts, ms(30'000));
  EXPECT_EQ(got.fills[0].price, price(110.0));
  EXPECT_EQ(sent(market, 9'999, market_order(1, Side::Buy, 1), with).fills.at(0).price,
            price(100.0));
}

// --- Liquidation ----------------------------------------------------------------------------

TEST(TouchAge, ATradeThatIsTheTouchIsLookedAtForLiquidation) {
  // Long 10 at 100.1: liquidated where the mark is 90.09 or less.
  const auto fills = [](std::int64_t at) {
    Market market;
    market.quote(0, 100.0, 20, 100.1, 20).trade(at, Side::Sell, 90.0, 20);
    Player player;
    player.at(ms(20), market_order(1, Side::Buy, 10));
    Tape tape;
    play(market, player, tape, params(), bare());
    return tape.fills;
  };
  EXPECT_EQ(fills(10'000).size(), 1U);  // the quote is the touch
  const auto liquidated = fills(10'001);
  ASSERT_EQ(liquidated.size(), 2U);
  EXPECT_EQ(liquidated[1].rule, FillRule::Liq);
  EXPECT_EQ(liquidated[1].price, price(90.0));
  EXPECT_EQ(liquidated[1].ts, ms(10'001));
}

TEST(TouchAge, ALiquidationTakesTheLastKnownPriceAndImpactWhereThereIsNoTouch) {
  // The trade marks, but the quote is the touch then; the payment looks when both are too old.
  Market market;
  market.quote(0, 100.0, 20, 100.1, 20).trade(5'000, Side::Sell, 90.0, 2).fund(45'000, 0.0001);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 10));
  player.at(ms(30'000), market_order(2, Side::Buy, 1));  // waits
  Tape tape;
  play(market, player, tape, params(), bare());
  ASSERT_EQ(tape.fills.size(), 2U);
  EXPECT_EQ(tape.fills[1].rule, FillRule::Liq);
  EXPECT_EQ(tape.fills[1].ts, ms(45'000));
  EXPECT_EQ(tape.fills[1].price, price(89.9));
  EXPECT_EQ(tape.fills[1].qty, qty(10));
  EXPECT_EQ(tape.order(2).status, OrderStatus::Canceled);
}

}  // namespace
}  // namespace toxvol::engine::test
