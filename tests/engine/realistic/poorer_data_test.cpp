// Trades without quotes (X21), bars only (X22), the decision bar's close (X24).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/trade_touch.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine::test {
namespace {

using trading::FillRule;
using trading::Liquidity;
using trading::OrderStatus;
using trading::RejectReason;

EngineParams trades_only() {
  EngineParams result = params();
  result.inputs = {.trades = true, .bars = true};
  return result;
}
EngineParams bars_only() {
  EngineParams result = params();
  result.inputs = {.bars = true};
  return result;
}

TEST(TradeTouch, TheMedianIsOfTheLastThousandTradesThisOneIncluded) {
  TradeTouch touch{qty(0.001)};
  Trade trade;
  trade.price = price(100);
  trade.aggressor = Side::Buy;
  const auto size = [&](double quantity) {
    trade.qty = qty(quantity);
    touch.on(trade);
    return touch.quote(price(0.1)).bid_qty;
  };
  EXPECT_EQ(size(1), qty(1));
  EXPECT_EQ(size(2), qty(1.5));
  EXPECT_EQ(size(9), qty(2));
  EXPECT_EQ(size(2.001), qty(2));  // (2 + 2.001) / 2 = 2.0005, floored to the lot
  // 996 of 7 make a thousand; then one of 8 drops the first.
  for (int i = 0; i < 996; ++i) EXPECT_EQ(size(7).raw() > 0, true);
  EXPECT_EQ(size(8), qty(7));
  TradeTouch tiny{qty(1)};
  trade.qty = qty(0.5);
  tiny.on(trade);
  EXPECT_EQ(tiny.quote(price(0.1)).ask_qty, qty(1));  // at least one lot
}

TEST(TradeTouch, EqualsASortedWindowOnRandomQuantitiesHoweverOftenItIsAsked) {
  TradeTouch touch{qty(0.001)};
  TradeTouch seldom{qty(0.001)};
  std::vector<std::int64_t> all;
  std::uint64_t state = 7;
  Trade trade;
  trade.price = price(100);
  for (int i = 0; i < 2'500; ++i) {
    state = splitmix64(state);
    trade.qty = Qty::from_raw(static_cast<std::int64_t>(state % 50 + 1) * 100'000);
    all.push_back(trade.qty.raw());
    std::vector<std::int64_t> window(all.size() > 1'000 ? all.end() - 1'000 : all.begin(),
                                     all.end());
    std::sort(window.begin(), window.end());
    const std::size_t n = window.size();
    const std::int64_t median = (window[(n - 1) / 2] + window[n / 2]) / 2;
    touch.on(trade);
    seldom.on(trade);
    ASSERT_EQ(touch.quote(price(0.1)).ask_qty.raw(), median / 100'000 * 100'000);
    if (state % 7 == 0) {
      ASSERT_EQ(seldom.quote(price(0.1)).ask_qty, touch.quote(price(0.1)).ask_qty);
    }
  }
}

TEST(TradeTouch, IsNoThinnerThanWhatTheLastWholeMinuteTradedASecond) {
  TradeTouch touch{qty(0.001)};
  Trade trade;
  trade.price = price(100);
  const auto size = [&](std::int64_t at, double quantity) {
    trade.ts_event = ms(at);
    trade.qty = qty(quantity);
    touch.on(trade);
    return touch.quote(price(0.1)).bid_qty;
  };
  EXPECT_EQ(size(0, 0.1), qty(0.1));
  EXPECT_EQ(size(30'000, 0.1), qty(0.1));
  EXPECT_EQ(size(59'999, 60), qty(0.1));     // of the minute that is not over: nothing
  EXPECT_EQ(size(60'000, 0.1), qty(1.003));  // 60.2 / 60 = 1.00333, floored to the lot
  EXPECT_EQ(size(119'999, 0.1), qty(1.003));
  EXPECT_EQ(size(120'000, 0.1), qty(0.1));  // 0.2 / 60 is less than the median
  EXPECT_EQ(size(179'000, 300), qty(0.1));
  EXPECT_EQ(size(240'000, 0.1), qty(0.1));  // a minute without a trade lies between
}

TEST(TradesOnly, ATradeBecomesTheTouchOfItsAggressorsSide) {
  Market market;
  market.trade(0, Side::Buy, 100.1, 2).trade(30, Side::Sell, 99.0, 2);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));   // ask 100.1
  player.at(ms(25), market_order(2, Side::Sell, 1));  // bid 100.0
  player.at(ms(40), market_order(3, Side::Buy, 1));   // ask 99.1
  player.at(ms(50), market_order(4, Side::Sell, 1));  // bid 99.0
  Tape tape;
  play(market, player, tape, trades_only());
  ASSERT_EQ(tape.fills.size(), 4U);
  EXPECT_EQ(tape.fills[0].price, price(100.1));
  EXPECT_EQ(tape.fills[1].price, price(100.0));
  EXPECT_EQ(tape.fills[2].price, price(99.1));
  EXPECT_EQ(tape.fills[3].price, price(99.0));
  EXPECT_EQ(tape.fills[0].rule, FillRule::X6);
  EXPECT_EQ(tape.order(1).ask, price(100.1));  // the strategy sees the same touch
}

TEST(TradesOnly, OnlyATradeThroughThePriceFills) {
  Market market;
  market.trade(0, Side::Buy, 100.1, 2).trade(30, Side::Sell, 100.0, 90);
  market.trade(40, Side::Buy, 100.0, 90);  // ask 100.0 ≤ px: X16 does not run
  market.trade(50, Side::Sell, 99.9, 0.3).trade(60, Side::Sell, 99.8, 9);
  Player player;
  player.at(ms(20), post_only(1, Side::Buy, 100.0, 1));
  Tape tape;
  play(market, player, tape, trades_only());
  ASSERT_EQ(tape.fills.size(), 2U);
  EXPECT_EQ(tape.fills[0].rule, FillRule::X13);
  EXPECT_EQ(tape.fills[0].ts, ms(50));
  EXPECT_EQ(tape.fills[0].qty, qty(0.3));
  EXPECT_EQ(tape.fills[0].price, price(100.0));
  EXPECT_EQ(tape.fills[1].qty, qty(0.7));
}

TEST(TradesOnly, RestingOrdersAreServedBeforeTheTradeBecomesTheQuote) {
  Market market;
  market.trade(0, Side::Buy, 100.1, 2).trade(30, Side::Sell, 99.0, 2);
  Player player;
  player.at(ms(20), post_only(1, Side::Buy, 100.0, 1));
  Tape tape;
  play(market, player, tape, trades_only());
  ASSERT_EQ(tape.fills.size(), 1U);
  EXPECT_DOUBLE_EQ(*tape.fills[0].mid_fill, 100.05);  // the touch before
}

TEST(TradesOnly, TheStrategyIsShownTheTouchAsAQuote) {
  Market market;
  market.trade(0, Side::Buy, 100.1, 2).trade(30, Side::Sell, 99.0, 2);
  Player player;
  player.waking.bid_at_most = price(99.0);
  player.waking.trade_at_most = price(99.0);
  trading::Touch seen;
  player.on_quote = [&](const trading::QuoteSeen& quote, std::vector<trading::Command>&) {
    seen = quote.touch;
  };
  Tape tape;
  play(market, player, tape, trades_only());
  ASSERT_EQ(player.told.size(), 2U);
  EXPECT_EQ(player.told[0].what, "trade");
  EXPECT_EQ(player.told[1].what, "quote");
  EXPECT_EQ(seen.bid, price(99.0));
  EXPECT_EQ(seen.ask, price(99.1));
}

/// A MARKET BUY and a SELL given at these times, on bars that open at 100.4 and 101.2.
Records at_open(std::int64_t buy, std::int64_t sell, BarEntry entry) {
  Market market;
  market.bar(60'000, 100, 101, 99, 100.5).bar(120'000, 100.4, 102, 99, 101);
  market.bar(180'000, 101.2, 102, 99, 101);
  EngineParams with = bars_only();
  with.exchange.bar_entry = entry;
  Player player;
  player.at(ms(buy), market_order(1, Side::Buy, 50));
  player.at(ms(sell), market_order(2, Side::Sell, 10));
  Tape tape;
  play(market, player, tape, with);
  return static_cast<Records&>(tape);
}

TEST(BarsOnly, AMarketOrderOfABarsFirstSecondTakesThatOpenWhenItArrives) {
  const Records got = at_open(60'010, 60'998, BarEntry::Open);
  ASSERT_EQ(got.fills.size(), 2U);
  EXPECT_EQ(got.fills[0].price, price(100.5));  // 100.4 + a tick, any quantity
  EXPECT_EQ(got.fills[0].qty, qty(50));
  EXPECT_EQ(got.fills[0].ts, ms(60'011));
  EXPECT_EQ(got.fills[0].rule, FillRule::X22);
  EXPECT_EQ(got.fills[1].price, price(100.3));
  EXPECT_EQ(got.fills[1].ts, ms(60'999));
  EXPECT_EQ(got.order(1).ts_arrive, ms(60'011));
  EXPECT_DOUBLE_EQ(*got.fills[0].mid_decision, 100.5);  // the last close
}

TEST(BarsOnly, AMarketOrderThatArrivesLaterWaitsForTheNextOpen) {
  const Records got = at_open(60'999, 119'999, BarEntry::Open);  // the SELL arrives with the open
  ASSERT_EQ(got.fills.size(), 2U);
  EXPECT_EQ(got.fills[0].price, price(101.3));
  EXPECT_EQ(got.fills[0].ts, ms(120'000));
  EXPECT_EQ(got.fills[1].price, price(101.1));
  EXPECT_EQ(got.fills[1].ts, ms(120'000));
}

TEST(BarsOnly, BarEntryArrivalKeepsTheStricterReading) {
  const Records got = at_open(60'000, 119'999, BarEntry::Arrival);
  ASSERT_EQ(got.fills.size(), 2U);
  EXPECT_EQ(got.fills[0].ts, ms(120'000));
  EXPECT_EQ(got.fills[0].price, price(101.3));
  EXPECT_EQ(at_open(59'999, 119'999, BarEntry::Arrival).fills.at(0).ts, ms(60'000));
}

TEST(BarsOnly, AnOpenServesNothingOnceItsSecondIsOverThoughBarsAreMissing) {
  Market market;
  market.bar(60'000, 100, 101, 99, 100.5).bar(300'000, 104, 104, 104, 104);
  Player player;
  player.at(ms(60'500), market_order(1, Side::Buy, 1));  // no bar opens at 60 000
  Tape tape;
  play(market, player, tape, bars_only());
  ASSERT_EQ(tape.fills.size(), 1U);
  EXPECT_EQ(tape.fills[0].ts, ms(240'000));
  EXPECT_EQ(tape.fills[0].price, price(104.1));
}

TEST(BarsOnly, ACancelActsOnArrivalAlsoInABarsFirstSecond) {
  Market market;
  market.bar(60'000, 100, 101, 99, 100).bar(120'000, 100, 101, 90, 100);
  Player player;
  player.at(ms(60'010), limit_order(1, Side::Buy, 99.5, 1));
  player.at(ms(60'500), cancel(1));
  Tape tape;
  play(market, player, tape, bars_only());
  EXPECT_TRUE(tape.fills.empty());
  EXPECT_EQ(tape.order(1).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(1).ts_done, ms(60'501));
}

TEST(BarsOnly, WithoutAnyCloseThereIsNoPriceToAdmitAMarketOrderAt) {
  Market market;
  market.bar(120'000, 100, 101, 99, 100);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  Tape tape;
  play(market, player, tape, bars_only());
  EXPECT_EQ(tape.order(1).reject_reason, RejectReason::NoQuote);
}

TEST(BarsOnly, ALimitFillsOnlyWhenTheBarGoesThroughIt) {
  const auto fills = [](double open, double low, double first_low) {
    Market market;
    market.bar(60'000, 100, 101, 99, 100);
    market.bar(120'000, 100.5, 101, first_low, 100);
    market.bar(180'000, open, 101, low, 100);
    Player player;
    player.at(ms(59'990), limit_order(1, Side::Buy, 99.5, 1));
    Tape tape;
    play(market, player, tape, bars_only());
    return tape.fills;
  };
  EXPECT_TRUE(fills(100, 99.5, 99.6).empty());  // touched, not through
  auto through = fills(100, 99.4, 99.6);
  ASSERT_EQ(through.size(), 1U);
  EXPECT_EQ(through[0].price, price(99.5));
  EXPECT_EQ(through[0].liquidity, Liquidity::Maker);
  EXPECT_EQ(through[0].ts, ms(180'000));
  auto gap = fills(99.2, 99.0, 99.6);  // opens beyond it, not its first bar: maker, at the open
  ASSERT_EQ(gap.size(), 1U);
  EXPECT_EQ(gap[0].price, price(99.2));
  EXPECT_EQ(gap[0].liquidity, Liquidity::Maker);
}

TEST(BarsOnly, ALimitBeyondTheOpenOfItsFirstBarTakes) {
  Market market;
  market.bar(60'000, 100, 101, 99, 100).bar(120'000, 99.5, 101, 99.4, 100);
  Player player;
  player.at(ms(59'990), limit_order(1, Side::Buy, 99.5, 1));
  Tape tape;
  play(market, player, tape, bars_only());
  ASSERT_EQ(tape.fills.size(), 1U);
  EXPECT_EQ(tape.fills[0].liquidity, Liquidity::Taker);
  EXPECT_EQ(tape.fills[0].fee, money(0.04975));
}

TEST(BarsOnly, ALimitOfABarsFirstSecondIsInForceForThatBar) {
  const auto filled = [](std::int64_t given, BarEntry entry) {
    Market market;
    market.bar(60'000, 100, 101, 99, 100).bar(120'000, 100, 101, 90, 100);
    EngineParams with = bars_only();
    with.exchange.bar_entry = entry;
    Player player;
    player.at(ms(given), limit_order(1, Side::Buy, 99.5, 1));
    Tape tape;
    play(market, player, tape, with);
    return tape.fills.size() == 1;
  };
  EXPECT_TRUE(filled(60'998, BarEntry::Open));
  EXPECT_FALSE(filled(60'999, BarEntry::Open));  // arrives at 61 000
  EXPECT_TRUE(filled(59'999, BarEntry::Arrival));
  EXPECT_FALSE(filled(60'000, BarEntry::Arrival));
}

/// Long 1 from the open of the bar that ends at 120 000, stop and target set; then one more bar.
Records exits(double open, double high, double low, std::optional<double> stop,
              std::optional<double> target, Side side = Side::Buy, bool limit_exits = false) {
  Market market;
  market.bar(0, 100, 100, 100, 100).bar(60'000, 100, 100, 100, 100);
  market.bar(120'000, 100, 100, 100, 100).bar(180'000, open, high, low, 100);
  Player player;
  player.exit_qty = qty(1);
  player.exit_side = opposite(side);
  player.limit_exits = limit_exits;
  player.at(ms(59'990), market_order(1, side, 1));
  player.on_fill = [&](const trading::FillSeen& fill) {
    if (fill.id != trading::OrderId{1}) return;
    if (stop) player.stop_level = price(*stop);
    if (target) player.target_level = price(*target);
  };
  Tape tape;
  play(market, player, tape, bars_only());
  return static_cast<Records&>(tape);
}

TEST(BarsOnly, TheStopFillsAtItsPriceOrAWorseOpenLessImpact) {
  EXPECT_EQ(exits(100, 101, 99.1, 99, std::nullopt).fills.size(), 1U);
  const Records touched = exits(100, 101, 99, 99, std::nullopt);
  ASSERT_EQ(touched.fills.size(), 2U);
  EXPECT_EQ(touched.fills[1].price, price(98.9));
  EXPECT_EQ(touched.fills[1].rule, FillRule::X22);
  EXPECT_EQ(touched.fills[1].ts, ms(180'000));
  EXPECT_EQ(touched.positions.at(0).exit_role, trading::Role::Stop);
  EXPECT_EQ(touched.positions[0].stop, price(99));
  EXPECT_EQ(exits(98, 101, 97, 99, std::nullopt).fills.at(1).price, price(97.9));
  // short: mirrored
  EXPECT_EQ(exits(100, 101, 99, 101, std::nullopt, Side::Sell).fills.at(1).price, price(101.1));
}

TEST(BarsOnly, TheStopComesBeforeTheTarget) {
  const Records both = exits(100, 105, 95, 99, 102.0);
  ASSERT_EQ(both.fills.size(), 2U);
  EXPECT_EQ(both.fills[1].price, price(98.9));
}

TEST(BarsOnly, TheTargetMustBeTradedThrough) {
  EXPECT_EQ(exits(100, 102, 99.5, 99, 102.0).fills.size(), 1U);
  const Records through = exits(100, 102.1, 99.5, 99, 102.0);
  ASSERT_EQ(through.fills.size(), 2U);
  EXPECT_EQ(through.fills[1].price, price(101.9));
  EXPECT_EQ(through.positions.at(0).exit_role, trading::Role::TakeProfit);
  EXPECT_EQ(exits(103, 104, 99.5, 99, 102.0).fills.at(1).price, price(102.9));
}

TEST(BarsOnly, ATargetThatIsALimitOrderIsAMakersAndHasNoImpact) {
  const Records through = exits(100, 102.1, 99.5, 99, 102.0, Side::Buy, true);
  ASSERT_EQ(through.fills.size(), 2U);
  EXPECT_EQ(through.fills[1].price, price(102.0));
  EXPECT_EQ(through.fills[1].liquidity, Liquidity::Maker);
}

TEST(BarsOnly, TheCloseIsTheMark) {
  Market market;
  market.bar(0, 100, 100, 100, 100).bar(60'000, 100, 100, 100, 100);
  market.bar(120'000, 101, 101, 101, 103);
  Player player;
  player.at(ms(59'990), market_order(1, Side::Buy, 1));
  EngineParams with = bars_only();
  with.to = ms(120'000);
  Tape tape;
  play(market, player, tape, with);
  EXPECT_DOUBLE_EQ(*tape.equity.at(1).mark, 100);  // minute
  EXPECT_DOUBLE_EQ(*tape.equity.at(2).mark, 100);  // the fill at the open of 101.1
  EXPECT_EQ(tape.equity[2].unrealised, money(-1.1));
  EXPECT_DOUBLE_EQ(*tape.equity.at(3).mark, 103);
}

TEST(SameClose, TheEntryFillsAtTheDecisionBarsCloseAtOnce) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9).quote(60'000, 105.0, 9, 105.1, 9);
  market.bar(60'000, 100, 101, 99, 100.4);
  EngineParams with = params();
  with.exchange.order_latency.value = std::chrono::milliseconds{20};
  with.exchange.data_latency.value = std::chrono::milliseconds{10};
  Player player;
  player.on_row = [&](const trading::RowSeen&, std::vector<trading::Command>& out) {
    trading::Submit submit = market_order(1, Side::Buy, 100);  // any quantity
    submit.same_close = true;
    out.emplace_back(submit);
  };
  Tape tape;
  play(market, player, tape, with);
  ASSERT_EQ(tape.fills.size(), 1U);
  EXPECT_EQ(tape.fills[0].price, price(100.4));
  EXPECT_EQ(tape.fills[0].rule, FillRule::X24);
  EXPECT_EQ(tape.fills[0].liquidity, Liquidity::Taker);
  EXPECT_EQ(tape.fills[0].ts, ms(60'010));
  EXPECT_EQ(tape.order(1).ts_arrive, ms(60'010));
  EXPECT_EQ(tape.commands.at(0).outcome, trading::CommandOutcome::Accepted);
  EXPECT_EQ(player.fills.at(0).ts_seen, ms(60'020));
}

TEST(SameClose, IsNeverSeenBeforeItWasSent) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9).bar(60'000, 100, 101, 99, 100.4);
  Player player;
  player.on_row = [&](const trading::RowSeen&, std::vector<trading::Command>& out) {
    trading::Submit submit = market_order(1, Side::Buy, 1);
    submit.same_close = true;
    out.emplace_back(submit);
  };
  Tape tape;
  play(market, player, tape);  // no data latency: 60 000 + 0.8 ms
  EXPECT_EQ(player.fills.at(0).ts_seen, tape.order(1).ts_submit);
}

}  // namespace
}  // namespace toxvol::engine::test
