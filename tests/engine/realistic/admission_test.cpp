#include <cstdint>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine::test {
namespace {

using trading::CommandOutcome;
using trading::OrderStatus;
using trading::RejectReason;
using trading::TimeInForce;

Market calm() {
  Market market;
  market.quote(0, 100.0, 50, 100.1, 50);
  return market;
}

RejectReason verdict(const trading::Submit& submit, const EngineParams& with = params(),
                     const Instrument& on = instrument()) {
  Player player;
  player.at(ms(20), submit);
  Tape tape;
  play(calm(), player, tape, with, on);
  return tape.orders.at(0).reject_reason;
}

TEST(Admission, PricesMustLieOnTheTickOfTheDay) {
  EXPECT_EQ(verdict(limit_order(1, Side::Buy, 99.9, 1)), RejectReason::None);
  EXPECT_EQ(verdict(limit_order(1, Side::Buy, 99.95, 1)), RejectReason::Tick);
  EXPECT_EQ(verdict(limit_order(1, Side::Buy, 0, 1)), RejectReason::Tick);
  Instrument on = instrument();
  on.tick.push_back({ms(21), price(0.01)});  // arrival is at 21
  EXPECT_EQ(verdict(limit_order(1, Side::Buy, 99.95, 1), params(), on), RejectReason::None);
  on.tick.back().from = ms(22);
  EXPECT_EQ(verdict(limit_order(1, Side::Buy, 99.95, 1), params(), on), RejectReason::Tick);
}

TEST(Admission, QuantitiesMustLieOnTheLotAndReachTheMinimum) {
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 1.0005)), RejectReason::Lot);
  Instrument on = instrument();
  on.min_qty = qty(0.1);
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 0.1), params(), on), RejectReason::None);
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 0.099), params(), on), RejectReason::MinQty);
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 0)), RejectReason::MinQty);
}

TEST(Admission, TheFirstFailureNamesTheReason) {
  EXPECT_EQ(verdict(limit_order(1, Side::Buy, 99.95, 0.0005)), RejectReason::Tick);
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 0.0005)), RejectReason::Lot);
  EXPECT_EQ(verdict(reduce_only(market_order(1, Side::Buy, 0.001))), RejectReason::ReduceOnly);
}

TEST(Admission, MinimumNotionalIsReachedByEquality) {
  // MARKET BUY counts at the ask 100.1, LIMIT at its price.
  Instrument on = instrument();
  on.min_notional = {{Timestamp{}, money(10.01)}};
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 0.1), params(), on), RejectReason::None);
  EXPECT_EQ(verdict(market_order(1, Side::Sell, 0.1), params(), on), RejectReason::MinNotional);
  EXPECT_EQ(verdict(limit_order(1, Side::Buy, 100.0, 0.1), params(), on),
            RejectReason::MinNotional);
  EXPECT_EQ(verdict(limit_order(1, Side::Buy, 100.0, 0.101), params(), on), RejectReason::None);
}

TEST(Admission, MarginAndFeeMustFitTheWallet) {
  EngineParams poor = params();
  // 1 BUY at 100.1: margin 10.01, fee 0.05005
  poor.deposit = money(10.06005);
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 1), poor), RejectReason::None);
  poor.deposit = Money::from_raw(money(10.06005).raw() - 1);
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 1), poor), RejectReason::Margin);
  // post-only at 100.0: margin 10, fee at the maker rate 0.02
  poor.deposit = money(10.02);
  EXPECT_EQ(verdict(post_only(1, Side::Buy, 100.0, 1), poor), RejectReason::None);
  EXPECT_EQ(verdict(limit_order(1, Side::Buy, 100.0, 1), poor), RejectReason::Margin);
}

TEST(Admission, AnAbsurdQuantityIsRejectedForMarginToo) {
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 9e10)), RejectReason::Margin);
  EXPECT_EQ(verdict(limit_order(1, Side::Buy, 9e10, 9e10)), RejectReason::Margin);
}

TEST(Admission, OnlyWhatExceedsTheOppositePositionNeedsMargin) {
  EngineParams poor = params();
  poor.deposit = money(12);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));    // margin 10.01
  player.at(ms(40), market_order(2, Side::Sell, 1));   // opens nothing, not reduce-only
  player.at(ms(60), market_order(3, Side::Buy, 1.2));  // 12.012 + fee does not fit
  Tape tape;
  play(calm(), player, tape, poor);
  EXPECT_EQ(tape.order(2).status, OrderStatus::Filled);
  EXPECT_EQ(tape.order(3).reject_reason, RejectReason::Margin);
}

TEST(Admission, BracketCapsThePositionAfterTheOrder) {
  Instrument on = instrument();
  on.brackets = {{Timestamp{}, {{money(200.2), rate(0.004), 20}, {money(1'000), rate(0.01), 5}}}};
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 2), params(), on), RejectReason::None);
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 2.001), params(), on), RejectReason::Bracket);
  EngineParams low = params();
  low.exchange.leverage = 5;
  EXPECT_EQ(verdict(market_order(1, Side::Buy, 2.001), low, on), RejectReason::None);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  player.at(ms(40), market_order(2, Side::Buy, 1.001));
  player.at(ms(60), market_order(3, Side::Buy, 1));
  Tape tape;
  play(calm(), player, tape, params(), on);
  EXPECT_EQ(tape.order(2).reject_reason, RejectReason::Bracket);
  EXPECT_EQ(tape.order(3).status, OrderStatus::Filled);
}

TEST(Admission, PostOnlyRejectsAtTheAskAndRestsOneTickBelow) {
  EXPECT_EQ(verdict(post_only(1, Side::Buy, 100.1, 1)), RejectReason::PostOnly);
  EXPECT_EQ(verdict(post_only(1, Side::Buy, 100.0, 1)), RejectReason::None);
  EXPECT_EQ(verdict(post_only(1, Side::Sell, 100.0, 1)), RejectReason::PostOnly);
  EXPECT_EQ(verdict(post_only(1, Side::Sell, 100.1, 1)), RejectReason::None);
  trading::Submit submit = post_only(1, Side::Buy, 100.0, 1);
  submit.tif = TimeInForce::Ioc;
  EXPECT_EQ(verdict(submit), RejectReason::PostOnly);
  submit.tif = TimeInForce::Fok;
  EXPECT_EQ(verdict(submit), RejectReason::PostOnly);
}

TEST(Admission, ReduceOnlyIsClampedToThePositionAndThenFilled) {
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  player.at(ms(40), reduce_only(market_order(2, Side::Buy, 1)));
  player.at(ms(60), reduce_only(market_order(3, Side::Sell, 3)));
  player.at(ms(80), reduce_only(market_order(4, Side::Sell, 1)));
  Tape tape;
  play(calm(), player, tape);
  EXPECT_EQ(tape.order(2).reject_reason, RejectReason::ReduceOnly);
  EXPECT_EQ(tape.order(3).status, OrderStatus::Filled);
  EXPECT_EQ(tape.order(3).filled_qty, qty(1));
  EXPECT_EQ(tape.order(3).submit.qty, qty(3));  // as submitted
  EXPECT_EQ(tape.order(4).reject_reason, RejectReason::ReduceOnly);
  EXPECT_EQ(tape.fills.back().position_after, Qty{});
}

TEST(Admission, ReduceOnlyIsExemptFromNotionalMarginAndBracket) {
  Instrument on = instrument();
  on.min_notional.push_back({ms(30), money(1'000)});
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  player.at(ms(40), market_order(2, Side::Sell, 0.5));
  player.at(ms(60), reduce_only(market_order(3, Side::Sell, 0.5)));
  Tape tape;
  play(calm(), player, tape, params(), on);
  EXPECT_EQ(tape.order(2).reject_reason, RejectReason::MinNotional);
  EXPECT_EQ(tape.order(3).status, OrderStatus::Filled);
}

TEST(Admission, RestingReduceOnlyOrdersAreCutToWhatIsLeftOfThePosition) {
  Market market = calm();
  market.trade(100, Side::Buy, 101.1, 9);  // through 101.0
  Player player;
  player.at(ms(10), market_order(1, Side::Buy, 3));
  player.at(ms(20), reduce_only(limit_order(2, Side::Sell, 101.0, 3)));
  player.at(ms(30), market_order(3, Side::Sell, 2));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 3U);
  EXPECT_EQ(tape.fills[2].qty, qty(1));
  EXPECT_EQ(tape.order(2).status, OrderStatus::Filled);
  EXPECT_EQ(tape.fills[2].position_after, Qty{});
}

TEST(Admission, AReduceOnlyOrderIsCanceledWhenThePositionIsGone) {
  Player player;
  player.at(ms(10), market_order(1, Side::Buy, 3));
  player.at(ms(20), reduce_only(limit_order(2, Side::Sell, 101.0, 3)));
  player.at(ms(30), market_order(3, Side::Sell, 4));  // flips
  Tape tape;
  play(calm(), player, tape);
  EXPECT_EQ(tape.order(2).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(2).ts_done, ms(31));
  EXPECT_EQ(player.orders.back().what, trading::OrderSeen::What::Canceled);
}

TEST(Admission, CancelsActOnArrivalOrAreTooLate) {
  Player player;
  player.at(ms(10), limit_order(1, Side::Buy, 99.0, 1));
  player.at(ms(20), cancel(1));
  player.at(ms(30), cancel(1));
  player.at(ms(30), cancel(77));
  Tape tape;
  play(calm(), player, tape);
  EXPECT_EQ(tape.order(1).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(1).ts_done, ms(21));
  ASSERT_EQ(tape.commands.size(), 4U);
  EXPECT_EQ(tape.commands[1].outcome, CommandOutcome::Accepted);
  EXPECT_EQ(tape.commands[2].outcome, CommandOutcome::TooLate);
  EXPECT_EQ(tape.commands[3].outcome, CommandOutcome::TooLate);
  EXPECT_EQ(tape.commands[3].seq, 4);
}

trading::Submit replacing(trading::Submit submit, std::int64_t old) {
  submit.replaces = trading::OrderId{old};
  return submit;
}

TEST(Admission, AReplacementLosesTheQueueAndIsCutByWhatTheOldOneFilled) {
  Market market = calm();
  market.trade(50, Side::Sell, 100.0, 51);  // 50 ahead, then 1 for us
  market.trade(300, Side::Sell, 99.8, 9);
  Player player;
  player.at(ms(20), limit_order(1, Side::Buy, 100.0, 3));
  player.at(ms(100), cancel(1));
  player.at(ms(100), replacing(limit_order(2, Side::Buy, 99.9, 3), 1));
  Tape tape;
  play(market, player, tape);
  EXPECT_EQ(tape.order(1).filled_qty, qty(1));
  EXPECT_EQ(tape.order(1).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(2).filled_qty, qty(2));
  EXPECT_EQ(tape.order(2).status, OrderStatus::Filled);
  EXPECT_EQ(tape.order(2).submit.qty, qty(3));
}

TEST(Admission, AReplacementOfAFilledOrderIsRejected) {
  Market market = calm();
  market.trade(50, Side::Sell, 99.9, 60);
  Player player;
  player.at(ms(20), limit_order(1, Side::Buy, 100.0, 3));
  player.at(ms(100), cancel(1));
  player.at(ms(100), replacing(limit_order(2, Side::Buy, 99.9, 4), 1));
  Tape tape;
  play(market, player, tape);
  EXPECT_EQ(tape.order(2).reject_reason, RejectReason::Replaced);
  EXPECT_EQ(tape.commands[1].outcome, CommandOutcome::TooLate);
  EXPECT_EQ(tape.commands[2].outcome, CommandOutcome::Rejected);
}

TEST(Admission, OrderNumbersAreUsedOnce) {
  Player player;
  player.at(ms(10), limit_order(1, Side::Buy, 99.0, 1));
  player.at(ms(20), limit_order(1, Side::Buy, 99.0, 1));
  Tape tape;
  EXPECT_THROW(play(calm(), player, tape), Error);
}

}  // namespace
}  // namespace toxvol::engine::test
