#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using trading::CommandOutcome;
using trading::EquityCause;
using trading::OrderStatus;

std::vector<std::string> names(const Player& player) {
  std::vector<std::string> result;
  result.reserve(player.told.size());
  for (const auto& told : player.told) result.push_back(told.what);
  return result;
}

TEST(Loop, DataIsSeenAtItsInitTimePlusTheDelays) {
  Market market;
  market.trade(10, Side::Buy, 100.1, 1).quote(10, 100.0, 1, 100.1, 1);
  market.bar(60'000, 100, 100, 100, 100).fund(70'000, 0.0001);
  EngineParams with = params();
  with.exchange.data_latency.value = milliseconds{5};
  with.agg_delay = milliseconds{100};
  with.bar_delay = milliseconds{7};
  Player player;
  player.waking.at = Timestamp{};  // everything
  Tape tape;
  play(market, player, tape, with);
  ASSERT_EQ(names(player), (std::vector<std::string>{"quote", "trade", "row", "funding"}));
  EXPECT_EQ(player.told[0].seen, ms(15) + nanoseconds{300'000});
  EXPECT_EQ(player.told[1].seen, ms(115));
  EXPECT_EQ(player.told[2].seen, ms(60'012) + nanoseconds{800'000});
  EXPECT_EQ(player.told[3].seen, ms(70'005) + nanoseconds{950'000});
}

TEST(Loop, DeliveriesOfOneKindNeverOvertakeEachOther) {
  Market market;
  market.quote(10, 100.0, 1, 100.1, 1).quote(12, 100.0, 1, 100.1, 2);
  market.quotes[0].ts_sent = ms(20);  // E − T = 10 ms
  market.quotes[1].ts_sent = ms(12);
  EngineParams with = params();
  with.exchange.data_latency.kind = Latency::Kind::Recorded;
  Player player;
  player.waking.every_quote = true;
  Tape tape;
  play(market, player, tape, with);
  ASSERT_EQ(player.told.size(), 2U);
  EXPECT_EQ(player.told[0].seen, ms(20) + nanoseconds{300'000});
  EXPECT_EQ(player.told[1].seen, player.told[0].seen);
}

TEST(Loop, TheStrategyIsCalledOnlyForWhatItWaitsFor) {
  Market market;
  market.quote(10, 100.0, 1, 100.1, 1).quote(20, 99.9, 1, 100.0, 1).quote(30, 100.2, 1, 100.3, 1);
  market.trade(40, Side::Buy, 100.3, 1).trade(50, Side::Sell, 99.8, 1);
  const auto count = [&](auto set) {
    Player player;
    set(player.waking);
    Tape tape;
    play(market, player, tape);
    return player.told.size();
  };
  EXPECT_EQ(count([](trading::Wake&) {}), 0U);
  EXPECT_EQ(count([](trading::Wake& wake) { wake.bid_at_most = price(99.9); }), 1U);
  EXPECT_EQ(count([](trading::Wake& wake) { wake.bid_at_most = price(99.8); }), 0U);
  EXPECT_EQ(count([](trading::Wake& wake) { wake.bid_at_least = price(100.2); }), 1U);
  EXPECT_EQ(count([](trading::Wake& wake) { wake.ask_at_most = price(100.0); }), 1U);
  EXPECT_EQ(count([](trading::Wake& wake) { wake.ask_at_least = price(100.3); }), 1U);
  EXPECT_EQ(count([](trading::Wake& wake) { wake.trade_at_most = price(99.8); }), 1U);
  EXPECT_EQ(count([](trading::Wake& wake) { wake.trade_at_least = price(100.3); }), 1U);
  EXPECT_EQ(count([](trading::Wake& wake) { wake.trade_at_least = price(100.4); }), 0U);
  EXPECT_EQ(count([](trading::Wake& wake) { wake.at = ms(30); }), 3U);
  EXPECT_EQ(count([](trading::Wake& wake) { wake.every_quote = true; }), 3U);
}

TEST(Loop, AlarmComesExactlyAtItsTimeBeforeDataSeenThen) {
  Market market;
  market.trade(10, Side::Buy, 100.1, 1);
  Player player;
  player.waking.at = Timestamp{};
  player.at(ms(10), cancel(5));
  player.at(ms(30) + nanoseconds{123}, cancel(5));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(names(player), (std::vector<std::string>{"alarm", "trade", "quote", "alarm"}));
  EXPECT_EQ(player.told[0].seen, ms(10));
  EXPECT_EQ(player.told[3].seen, ms(30) + nanoseconds{123});
}

TEST(Loop, AnOrderActsAfterTheLatencyOnWhatTheExchangeThenShows) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9).quote(140, 101.0, 9, 101.1, 9).quote(142, 102.0, 9, 102.1, 9);
  EngineParams with = params();
  with.exchange.order_latency.value = milliseconds{40};
  with.exchange.data_latency.value = milliseconds{10};
  Player player;
  player.at(ms(100) + nanoseconds{999'999}, market_order(1, Side::Buy, 1));
  Tape tape;
  play(market, player, tape, with);
  ASSERT_EQ(tape.fills.size(), 1U);
  EXPECT_EQ(tape.fills[0].ts, ms(141));
  EXPECT_EQ(tape.fills[0].price, price(101.1));
  EXPECT_EQ(tape.fills[0].ts_init, ms(151));
  EXPECT_EQ(tape.order(1).bid, price(100.0));  // as seen when it was sent
  EXPECT_DOUBLE_EQ(*tape.fills[0].mid_fill, 101.05);
  EXPECT_EQ(tape.fills[0].slippage, money(1.05));
}

TEST(Loop, NoCommandActsInTheMillisecondOfTheDatumThatCausedIt) {
  // The quote of ms 50 is seen at 50.3; the order that it causes arrives at 51.
  Market market;
  market.quote(50, 100.0, 9, 100.1, 9).quote(51, 103.0, 9, 103.1, 9);
  Player player;
  player.waking.every_quote = true;
  bool sent = false;
  player.on_quote = [&](const trading::QuoteSeen&, std::vector<trading::Command>& out) {
    if (!sent) out.emplace_back(market_order(1, Side::Buy, 1));
    sent = true;
  };
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 1U);
  EXPECT_EQ(tape.fills[0].ts, ms(51));
  EXPECT_EQ(tape.fills[0].price, price(100.1));  // commands before the quotes of their ms
  EXPECT_EQ(tape.order(1).ts_submit, ms(50) + nanoseconds{300'000});
}

TEST(Loop, CommandsArriveInTheOrderGiven) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9);
  EngineParams with = params();
  with.exchange.order_latency = {
      .kind = Latency::Kind::Lognormal, .value = milliseconds{20}, .sigma = 1.0};
  Player player;
  for (int i = 1; i <= 40; ++i) player.at(ms(i), limit_order(i, Side::Buy, 99.0, 1));
  Tape tape;
  play(market, player, tape, with);
  ASSERT_EQ(tape.commands.size(), 40U);
  const LatencyModel model{with.exchange, with.seed};
  ExchangeTime last{};
  for (int i = 1; i <= 40; ++i) {
    last = std::max(last, arrival_time(ms(i), model.of_order(i)));
    EXPECT_EQ(tape.commands[static_cast<std::size_t>(i - 1)].ts_arrive, last);
  }
}

TEST(Loop, FillsPrecedeTheDatumThatCausedThem) {
  Market market;
  market.quote(0, 100.0, 0.5, 100.1, 9).trade(50, Side::Sell, 100.0, 1);
  Player player;
  player.at(ms(20), limit_order(1, Side::Buy, 100.0, 1));
  player.waking.trade_at_most = price(100.0);
  Tape tape;
  play(market, player, tape);
  EXPECT_EQ(names(player), (std::vector<std::string>{"alarm", "order", "fill", "trade"}));
  EXPECT_EQ(player.told[2].seen, player.told[3].seen);
}

TEST(Loop, OrderEventsAreSeenAtExchangeTimePlusTheDataLatency) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9);
  EngineParams with = params();
  with.exchange.data_latency.value = milliseconds{10} + nanoseconds{5};
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  player.at(ms(40), market_order(2, Side::Buy, 0.0005));
  Tape tape;
  play(market, player, tape, with);
  ASSERT_EQ(player.orders.size(), 2U);
  EXPECT_EQ(player.orders[0].ts_seen, ms(31) + nanoseconds{5});
  EXPECT_EQ(player.orders[0].ts_event, ms(21));
  EXPECT_EQ(player.fills.at(0).ts_seen, ms(31) + nanoseconds{5});
  EXPECT_TRUE(player.fills[0].order_done);
  EXPECT_EQ(player.orders[1].what, trading::OrderSeen::What::Rejected);
  EXPECT_EQ(player.orders[1].reject_reason, trading::RejectReason::Lot);
}

TEST(Loop, SamplesTheStartEveryMinuteEndAndTheEnd) {
  Market market;
  market.quote(-10, 99.0, 1, 99.1, 1).quote(60'000, 100.0, 9, 100.1, 9);
  market.quote(119'999, 101.0, 9, 101.1, 9).quote(120'000, 102.0, 9, 102.1, 9);
  EngineParams with = params();
  with.to = ms(150'000);
  Player player;
  player.at(ms(60'010), market_order(1, Side::Buy, 1));
  Tape tape;
  play(market, player, tape, with);
  ASSERT_EQ(tape.equity.size(), 5U);
  EXPECT_EQ(tape.equity[0].cause, EquityCause::Start);
  EXPECT_EQ(tape.equity[0].ts, ms(0));
  EXPECT_DOUBLE_EQ(*tape.equity[0].mark, 99.05);  // data before `from` is known
  EXPECT_EQ(tape.equity[1].cause, EquityCause::Minute);
  EXPECT_EQ(tape.equity[1].ts, ms(60'000));
  EXPECT_DOUBLE_EQ(*tape.equity[1].mark, 99.05);  // quotes with ts_event < T
  EXPECT_EQ(tape.equity[2].cause, EquityCause::Fill);
  EXPECT_EQ(tape.equity[3].ts, ms(120'000));
  EXPECT_DOUBLE_EQ(*tape.equity[3].mark, 101.05);
  EXPECT_EQ(tape.equity[3].unrealised, money(0.95));
  EXPECT_EQ(tape.equity[3].margin, money(10.01));
  EXPECT_EQ(tape.equity[4].cause, EquityCause::End);
  EXPECT_EQ(tape.equity[4].ts, ms(150'000));
  EXPECT_EQ(tape.equity[4].seq, 5);
  EXPECT_EQ(tape.equity[4].equity, money(100'000 + 1.95 - 0.05005));
  EXPECT_DOUBLE_EQ(tape.equity[2].drawdown, -0.10005 / 100'000);
}

TEST(Loop, BeforeTheFirstQuoteThereIsNoMark) {
  Market market;
  market.quote(10, 100.0, 9, 100.1, 9);
  Player player;
  Tape tape;
  play(market, player, tape);
  EXPECT_FALSE(tape.equity[0].mark);
  EXPECT_EQ(tape.equity[0].equity, money(100'000));
}

TEST(Loop, FundingIsPaidOnFillsAndQuotesBeforeItsTime) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9).quote(100, 200.0, 9, 200.1, 9);
  market.fund(100, 0.001).fund(5'000, 0.002);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  player.at(ms(99), market_order(2, Side::Buy, 1));  // arrives at 100: too late to count
  Tape tape;
  play(market, player, tape);
  const auto& payment = tape.equity.at(2);
  EXPECT_EQ(payment.cause, EquityCause::Funding);
  EXPECT_EQ(payment.ts, ms(100));
  EXPECT_EQ(payment.position, qty(1));
  EXPECT_EQ(payment.funding, money(-0.10005));  // 1 · 100.05 · 0.001
  EXPECT_EQ(tape.equity.at(4).funding, money(-0.10005 - 2 * 200.05 * 0.002));
  EXPECT_EQ(tape.positions.at(0).funding, money(-0.10005 - 2 * 200.05 * 0.002));
}

TEST(Loop, NoFundingIsPaidWhenFlatOrSwitchedOff) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9).fund(10, 0.001).fund(100, 0.001);
  EngineParams off = params();
  off.costs.funding = false;
  Player player;
  player.waking = {};
  player.at(ms(20), market_order(1, Side::Buy, 1));
  Tape tape;
  play(market, player, tape, off);
  EXPECT_EQ(tape.equity.back().funding, Money{});
  EXPECT_EQ(names(player).back(), "funding");  // told all the same
}

TEST(Loop, CommandsThatWouldArriveAtTheEndNeverAct) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9);
  EngineParams with = params();
  with.to = ms(1'000);
  Player player;
  player.at(ms(998), market_order(1, Side::Buy, 1));
  player.at(ms(999), market_order(2, Side::Buy, 1));
  Tape tape;
  play(market, player, tape, with);
  EXPECT_EQ(tape.order(1).status, OrderStatus::Filled);
  EXPECT_EQ(tape.order(2).status, OrderStatus::Open);
  EXPECT_FALSE(tape.order(2).ts_arrive);
  EXPECT_EQ(tape.commands.at(1).outcome, CommandOutcome::Never);
  EXPECT_FALSE(tape.commands.at(1).ts_arrive);
  EXPECT_EQ(tape.fills.size(), 1U);
}

TEST(Loop, TheBarThatEndsWithTheRunIsStillSeenAndTicksFromThereAreNot) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9).quote(60'000, 100.0, 9, 100.1, 9);
  market.bar(60'000, 100, 100, 100, 100).bar(120'000, 100, 100, 100, 100);
  EngineParams with = params();
  with.to = ms(60'000);
  Player player;
  player.waking.every_quote = true;
  Tape tape;
  play(market, player, tape, with);
  EXPECT_EQ(names(player), (std::vector<std::string>{"quote", "row"}));
}

TEST(Loop, ACommandBeforeTheStartIsAnError) {
  Market market;
  market.quote(-100, 100.0, 9, 100.1, 9);
  Player player;
  player.at(ms(-50), market_order(1, Side::Buy, 1));
  Tape tape;
  EXPECT_THROW(play(market, player, tape), Error);
}

TEST(Loop, APositionRunsFromFlatToFlatAndAFlipBeginsTheNext) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9).quote(100, 102.0, 9, 102.1, 9).quote(200, 98.0, 9, 98.1, 9);
  Player player;
  player.stop_level = price(95);
  trading::Submit entry = market_order(1, Side::Buy, 2);
  entry.intent.alpha = trading::Alpha::A;
  entry.intent.sigma = 0.5;
  trading::Submit flip = market_order(2, Side::Sell, 3);
  flip.intent.role = trading::Role::Flip;
  player.at(ms(20), entry);
  player.at(ms(120), flip);
  player.at(ms(220), market_order(3, Side::Buy, 1));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.positions.size(), 2U);
  const auto& first = tape.positions[0];
  EXPECT_EQ(first.position, 1);
  EXPECT_EQ(first.alpha, trading::Alpha::A);
  EXPECT_EQ(first.sigma_open, 0.5);
  EXPECT_EQ(first.ts_open, ms(21));
  EXPECT_EQ(first.ts_close, ms(121));
  EXPECT_EQ(first.exit_role, trading::Role::Flip);
  EXPECT_EQ(first.qty_max, qty(2));
  EXPECT_EQ(first.avg_entry, price(100.1));
  EXPECT_EQ(first.avg_exit, price(102.0));
  EXPECT_EQ(first.realised, money(3.8));
  EXPECT_EQ(first.fees, money(0.1001 + 0.153));  // 5 bp of 200.2, and the whole fee of the flip
  EXPECT_EQ(first.n_fills, 1);                   // the row of the flip names the next position
  EXPECT_EQ(first.stop, price(95));
  // marks 100.05 (its fill) and 102.05 (the flip), of 100.1
  EXPECT_NEAR(*first.mae_bp, -0.05 / 100.1 * 1e4, 1e-9);
  EXPECT_NEAR(*first.mfe_bp, 1.95 / 100.1 * 1e4, 1e-9);
  const auto& second = tape.positions[1];
  EXPECT_EQ(second.side, Side::Sell);
  EXPECT_EQ(second.realised, money(3.9));  // 102.0 − 98.1
  EXPECT_EQ(second.fees, money(0.04905));
  EXPECT_EQ(second.n_fills, 2);
  EXPECT_EQ(tape.fills[1].position, 2);
  EXPECT_EQ(tape.order(2).position, 2);
  const Money sum = first.realised - first.fees + second.realised - second.fees;
  EXPECT_EQ(tape.equity.back().equity, money(100'000) + sum);
}

TEST(Loop, FundingTailwindIsTheSignOfTheLastPublishedRateAgainstThePosition) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9).fund(10, 0.001);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  player.at(ms(40), market_order(2, Side::Sell, 2));
  Tape tape;
  play(market, player, tape);
  EXPECT_EQ(tape.positions.at(0).funding_tailwind, false);
  EXPECT_EQ(tape.positions.at(1).funding_tailwind, true);
}

TEST(Loop, OpenPositionsAreMarkedAndNotFlattened) {
  Market market;
  market.quote(0, 100.0, 9, 100.1, 9);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  Tape tape;
  play(market, player, tape);
  EXPECT_FALSE(tape.positions.at(0).ts_close);
  EXPECT_FALSE(tape.positions.at(0).avg_exit);
  EXPECT_FALSE(tape.positions.at(0).exit_role);
  EXPECT_EQ(tape.equity.back().position, qty(1));
  EXPECT_EQ(tape.equity.back().unrealised, money(-0.05));
}

TEST(Loop, ImpossibleParametersAreRefused) {
  const auto build = [](const EngineParams& with, const Instrument& on) {
    Player player;
    Tape tape;
    play(Market{}, player, tape, with, on);
  };
  EXPECT_NO_THROW(build(params(), instrument()));
  EngineParams bad = params();
  bad.to = bad.from;
  EXPECT_THROW(build(bad, instrument()), Error);
  bad = params();
  bad.costs.tier = "VIP9";
  EXPECT_THROW(build(bad, instrument()), Error);
  Instrument fine = instrument();
  fine.lot = Qty::from_raw(100);  // 6 decimals + 1
  EXPECT_NO_THROW(build(params(), fine));
  fine.lot = Qty::from_raw(10);
  EXPECT_THROW(build(params(), fine), Error);
}

}  // namespace
}  // namespace toxvol::engine::test
