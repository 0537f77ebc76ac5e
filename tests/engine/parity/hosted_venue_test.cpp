#include "toxvol/engine/parity/hosted_venue.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/books/outbox.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine::test {
namespace {

using trading::CommandOutcome;
using trading::OrderId;
using trading::OrderStatus;
using trading::RejectReason;
using trading::TimeInForce;

/// What NautilusTrader is said to have done, by hand. 20 ms of latency; times are ms.
struct Said {
  EngineParams with = after_20_ms();
  Instrument on = instrument();
  Tape tape;
  Bookkeeper bookkeeper{with, on, tape, rules_of(with.exchange.profile)};
  HostedVenue venue{with, bookkeeper, rules_of(with.exchange.profile)};
  Money paid{};

  static EngineParams after_20_ms() {
    EngineParams with = params();
    with.exchange.profile = Profile::Nautilus1221;
    with.exchange.order_latency.value = std::chrono::milliseconds{20};
    return with;
  }

  void submit(std::int64_t at, const trading::Submit& order) {
    venue.submit(order, ms(at), std::nullopt);
  }
  void cancel(std::int64_t at, std::int64_t id) { venue.cancel(OrderId{id}, ms(at)); }
  void accepted(std::int64_t at, std::int64_t id) { venue.accepted(OrderId{id}, ms(at)); }
  void rejected(std::int64_t at, std::int64_t id, RejectReason why = RejectReason::PostOnly) {
    venue.rejected(OrderId{id}, why, ms(at));
  }
  void canceled(std::int64_t at, std::int64_t id) { venue.canceled(OrderId{id}, ms(at)); }
  /// Always at 100.1, for a fee of 0.05 a unit: nothing is won or lost beside the fees.
  void filled(std::int64_t at, std::int64_t id, double size, double position) {
    const Money fee = money(0.05 * size);
    paid += fee;
    venue.filled(OrderId{id}, price(100.1), qty(size), false,
                 {.fee = fee,
                  .position = qty(position),
                  .average = 100.1,
                  .position_pnl = -paid,
                  .wallet = with.deposit - paid},
                 ms(at));
  }

  /// Numbers of the orders that go out; cancels are negative.
  std::vector<std::int64_t> take() {
    std::vector<std::int64_t> numbers;
    for (const trading::Command& command : venue.take()) {
      if (const auto* submit = std::get_if<trading::Submit>(&command)) {
        numbers.push_back(static_cast<std::int64_t>(submit->id));
      } else {
        numbers.push_back(-static_cast<std::int64_t>(std::get<trading::Cancel>(command).id));
      }
    }
    return numbers;
  }
  /// `accepted 20`: outcome and arrival of the command, from 1; `unknown` before it is written.
  [[nodiscard]] std::string command(std::size_t seq) const {
    if (tape.commands.size() < seq) return "unknown";
    const trading::CommandRecord& row = tape.commands[seq - 1];
    std::string text{name(row.outcome)};
    if (row.ts_arrive) {
      text += " " + std::to_string(floor_ms(*row.ts_arrive) - kStart);
    }
    return text;
  }
  const trading::OrderRecord& finished(std::int64_t id) {
    bookkeeper.finish();
    return tape.order(id);
  }
};

using Numbers = std::vector<std::int64_t>;

trading::Submit with_tif(trading::Submit submit, TimeInForce tif) {
  submit.tif = tif;
  return submit;
}

// ---- what goes out ----

TEST(ReportedVenueCommands, GoOutOnceInTheOrderInWhichTheyWereGiven) {
  Said said;
  EXPECT_FALSE(said.venue.has_commands());
  said.submit(0, limit_order(1, Side::Buy, 100.0, 1));
  said.cancel(0, 1);
  said.submit(0, market_order(2, Side::Sell, 1));
  EXPECT_TRUE(said.venue.has_commands());
  EXPECT_EQ(said.take(), (Numbers{1, -1, 2}));
  EXPECT_FALSE(said.venue.has_commands());
  EXPECT_EQ(said.take(), Numbers{});
  said.submit(1, market_order(3, Side::Sell, 1));
  EXPECT_EQ(said.take(), Numbers{3});
}

TEST(ReportedVenueCommands, OfTheRunsEndOrLaterNeverGoOut) {
  Said said;
  said.submit(599'999, limit_order(1, Side::Buy, 100.0, 1));
  said.submit(600'000, limit_order(2, Side::Buy, 100.0, 1));
  said.cancel(600'000, 1);
  EXPECT_EQ(said.take(), Numbers{1});
  EXPECT_EQ(said.finished(2).status, OrderStatus::Open);
  for (std::size_t seq = 1; seq <= 3; ++seq) EXPECT_EQ(said.command(seq), "never");
}

TEST(ReportedVenueCommands, ThatNautilusTraderDoesNotHaveAreAnError) {
  Said said;
  trading::Submit same_close = market_order(1, Side::Buy, 1);
  same_close.same_close = true;
  EXPECT_THROW(said.submit(0, same_close), Error);
  said.submit(0, market_order(2, Side::Buy, 1));
  EXPECT_THROW(said.submit(0, market_order(2, Side::Buy, 1)), Error);  // the number again
  said.with.exchange.order_latency.kind = Latency::Kind::Lognormal;
  EXPECT_THROW((HostedVenue{said.with, said.bookkeeper, Rules{}}), Error);
}

// ---- a submit has arrived when the first thing is heard of its order ----

TEST(ReportedVenueSubmit, ArrivesWhenItsOrderIsAccepted) {
  Said said;
  said.submit(0, limit_order(1, Side::Buy, 100.0, 1));
  EXPECT_EQ(said.command(1), "unknown");
  said.accepted(21, 1);
  EXPECT_EQ(said.command(1), "accepted 21");
  said.filled(30, 1, 1, 1);
  EXPECT_EQ(said.tape.commands.size(), 1U);
  const trading::OrderRecord& order = said.finished(1);
  EXPECT_EQ(order.ts_arrive, ms(21));
  EXPECT_EQ(order.ts_accepted, ms(21));
  EXPECT_EQ(order.ts_done, ms(30));
  EXPECT_EQ(order.status, OrderStatus::Filled);
}

TEST(ReportedVenueSubmit, ArrivesWhenItsOrderIsRejected) {
  Said said;
  said.submit(0, post_only(1, Side::Buy, 100.1, 1));
  said.rejected(21, 1);
  EXPECT_EQ(said.command(1), "rejected 21");
  const trading::OrderRecord& order = said.finished(1);
  EXPECT_EQ(order.ts_arrive, ms(21));
  EXPECT_EQ(order.ts_accepted, std::nullopt);
  EXPECT_EQ(order.ts_done, ms(21));
  EXPECT_EQ(order.status, OrderStatus::Rejected);
  EXPECT_EQ(order.reject_reason, RejectReason::PostOnly);
}

TEST(ReportedVenueSubmit, ArrivesWhenItsOrderIsFilledOrCanceledAtOnce) {
  Said said;
  said.submit(0, market_order(1, Side::Buy, 2));
  said.submit(0, with_tif(market_order(2, Side::Buy, 9), TimeInForce::Fok));
  said.filled(21, 1, 2, 2);
  said.canceled(22, 2);
  EXPECT_EQ(said.command(1), "accepted 21");
  EXPECT_EQ(said.command(2), "accepted 22");
  EXPECT_EQ(said.finished(1).ts_arrive, ms(21));
  EXPECT_EQ(said.tape.order(1).ts_accepted, std::nullopt);
  EXPECT_EQ(said.tape.order(2).ts_arrive, ms(22));
  EXPECT_EQ(said.tape.order(2).status, OrderStatus::Canceled);
}

TEST(ReportedVenueSubmit, ThatNothingIsHeardOfNeverArrives) {
  Said said;
  said.submit(0, market_order(1, Side::Buy, 2));
  said.venue.drained(ms(30));
  said.venue.reach(ms(40));
  EXPECT_EQ(said.finished(1).ts_arrive, std::nullopt);
  EXPECT_EQ(said.command(1), "never");
}

TEST(ReportedVenueSubmit, TellsTheStrategyWhatBecomesOfIt) {
  Said said;
  said.submit(0, limit_order(1, Side::Buy, 100.0, 3));
  said.accepted(20, 1);
  said.filled(21, 1, 1, 1);
  said.canceled(22, 1);
  Outbox& events = said.bookkeeper.events();
  const auto accepted = std::get<trading::OrderSeen>(events.pop().event);
  EXPECT_EQ(accepted.what, trading::OrderSeen::What::Accepted);
  EXPECT_EQ(accepted.ts_seen, ms(20));
  const auto fill = std::get<trading::FillSeen>(events.pop().event);
  EXPECT_EQ(fill.qty, qty(1));
  EXPECT_EQ(fill.fee, money(0.05));
  EXPECT_FALSE(fill.order_done);
  const auto canceled = std::get<trading::OrderSeen>(events.pop().event);
  EXPECT_EQ(canceled.what, trading::OrderSeen::What::Canceled);
  EXPECT_EQ(canceled.filled, qty(1));
  EXPECT_TRUE(events.empty());
}

// ---- a cancel ----

TEST(ReportedVenueCancel, OfAnOpenOrderArrivesWhenItIsCanceled) {
  Said said;
  said.submit(0, limit_order(1, Side::Buy, 100.0, 1));
  said.accepted(20, 1);
  said.cancel(30, 1);
  said.venue.drained(ms(52));
  said.canceled(52, 1);
  said.venue.reach(ms(53));
  EXPECT_EQ(said.command(2), "accepted 52");
  EXPECT_EQ(said.finished(1).ts_done, ms(52));
}

TEST(ReportedVenueCancel, IsAcceptedAlsoWhereTheVenueActedBetweenTheStrategysData) {
  // The strategy is not told of every datum; the cancel is due at 50.
  Said said;
  said.submit(0, limit_order(1, Side::Buy, 100.0, 1));
  said.accepted(20, 1);
  said.cancel(30, 1);
  said.venue.drained(ms(49));
  said.canceled(50, 1);
  said.venue.reach(ms(60));
  said.venue.drained(ms(60));
  EXPECT_EQ(said.command(2), "accepted 50");
}

TEST(ReportedVenueCancel, OfAClosedOrUnknownOrderIsTooLateAtOnceAndNotSent) {
  Said said;
  said.submit(0, market_order(1, Side::Buy, 1));
  said.filled(20, 1, 1, 1);
  static_cast<void>(said.take());
  said.cancel(21, 1);
  said.cancel(22, 77);
  EXPECT_EQ(said.take(), Numbers{});
  EXPECT_EQ(said.command(2), "too_late 21");
  EXPECT_EQ(said.command(3), "too_late 22");
}

TEST(ReportedVenueCancel, OfAnOrderWhoseCancelIsPendingIsTooLateAtOnceAndNotSent) {
  Said said;
  said.submit(0, limit_order(1, Side::Buy, 100.0, 1));
  said.accepted(20, 1);
  static_cast<void>(said.take());
  said.cancel(30, 1);
  said.cancel(31, 1);
  EXPECT_EQ(said.take(), Numbers{-1});
  said.canceled(50, 1);
  said.venue.reach(ms(51));
  EXPECT_EQ(said.command(2), "accepted 50");
  EXPECT_EQ(said.command(3), "too_late 31");
}

/// An order that fills at 40 while its cancel of 30 is on its way, due at 50.
Said& filled_meanwhile(Said& said) {
  said.submit(0, limit_order(1, Side::Buy, 100.0, 1));
  said.accepted(20, 1);
  said.cancel(30, 1);
  said.filled(40, 1, 1, 1);
  return said;
}

TEST(ReportedVenueCancel, ThatFindsItsOrderFilledIsTooLateWhenTimeHasGoneOn) {
  Said made;
  Said& said = filled_meanwhile(made);
  said.venue.drained(ms(50));
  said.venue.reach(ms(50));  // it could still be told of
  EXPECT_EQ(said.command(2), "unknown");
  said.venue.reach(ms(51));
  EXPECT_EQ(said.command(2), "too_late 50");
}

TEST(ReportedVenueCancel, ArrivesAtTheFirstDatumAtWhichItIsDue) {
  Said made;
  Said& said = filled_meanwhile(made);
  said.venue.drained(ms(49));
  said.venue.reach(ms(52));
  EXPECT_EQ(said.command(2), "unknown");
  said.venue.drained(ms(52));
  said.venue.drained(ms(52));
  said.venue.reach(ms(55));
  said.venue.drained(ms(55));
  EXPECT_EQ(said.command(2), "too_late 52");
}

TEST(ReportedVenueCancel, NeverArrivesWhenNothingComesBeforeTheEnd) {
  Said made;
  Said& said = filled_meanwhile(made);
  said.venue.drained(ms(600'000));  // the venue is closed
  said.venue.reach(ms(600'001));
  said.bookkeeper.finish();
  EXPECT_EQ(said.command(2), "never");
}

TEST(ReportedVenueCancel, IsNotSettledByTheVenuesOwnCancelBeforeItIsDue) {
  for (const TimeInForce tif : {TimeInForce::Fok, TimeInForce::Ioc}) {
    Said said;
    said.submit(0, with_tif(limit_order(1, Side::Buy, 100.0, 1), tif));
    said.cancel(1, 1);
    said.accepted(20, 1);
    said.canceled(20, 1);
    EXPECT_EQ(said.command(2), "unknown");
    said.venue.drained(ms(21));
    said.venue.reach(ms(22));
    EXPECT_EQ(said.command(2), "too_late 21");
    EXPECT_EQ(said.finished(1).ts_done, ms(20));
  }
}

TEST(ReportedVenueCancel, IsTooLateWhereTheVenueItselfCancelsTheOrderAsItArrives) {
  // Both are due at 20: first the order comes, which does not fill.
  for (const TimeInForce tif : {TimeInForce::Fok, TimeInForce::Ioc, TimeInForce::Gtc}) {
    Said said;
    said.submit(0, with_tif(limit_order(1, Side::Buy, 100.0, 1), tif));
    said.cancel(0, 1);
    said.venue.drained(ms(20));
    said.accepted(20, 1);
    said.canceled(20, 1);
    said.venue.reach(ms(21));
    EXPECT_EQ(said.command(2), tif == TimeInForce::Gtc ? "accepted 20" : "too_late 20");
  }
}

TEST(ReportedVenueCancel, IsTooLateWhereTheVenueCanceledTheOrderForTheSameDatum) {
  // A reduce-only order that finds no position is canceled when the quote is looked at, before
  // the strategy sees it and before the commands that are due.
  Said said;
  said.submit(0, reduce_only(limit_order(1, Side::Sell, 100.5, 1)));
  said.accepted(20, 1);
  said.cancel(30, 1);
  said.canceled(50, 1);
  said.venue.drained(ms(50));
  said.venue.reach(ms(51));
  EXPECT_EQ(said.command(2), "too_late 50");
}

TEST(ReportedVenueCancel, OfAnIocOrderThatRestsIsAccepted) {
  // It met a side without size (nautilus_oddities_test), and is canceled when its cancel comes.
  Said said;
  said.submit(0, with_tif(limit_order(1, Side::Buy, 100.1, 1), TimeInForce::Ioc));
  said.accepted(20, 1);
  said.cancel(30, 1);
  said.venue.drained(ms(50));
  said.canceled(50, 1);
  said.venue.reach(ms(51));
  EXPECT_EQ(said.command(2), "accepted 50");
}

TEST(ReportedVenueCancel, ThatIsStillOnItsWayIsTooLateWhereTheVenueCanceledTheOrder) {
  Said said;
  said.submit(0, reduce_only(limit_order(1, Side::Sell, 100.5, 1)));
  said.accepted(20, 1);
  said.cancel(30, 1);
  said.canceled(49, 1);
  said.venue.reach(ms(50));
  EXPECT_EQ(said.command(2), "unknown");
  said.venue.drained(ms(50));
  said.venue.reach(ms(51));
  EXPECT_EQ(said.command(2), "too_late 50");
}

TEST(ReportedVenueCancel, OfAnOrderThatIsDeniedOnItsWayOutIsTooLateAtOnce) {
  Said said;
  said.submit(5, market_order(1, Side::Buy, 1));
  said.cancel(5, 1);
  said.rejected(5, 1, RejectReason::RateLimit);
  EXPECT_EQ(said.command(1), "rejected 5");
  EXPECT_EQ(said.command(2), "too_late 5");
  // A venue's rejection leaves it on its way.
  said.submit(6, post_only(2, Side::Buy, 100.1, 1));
  said.cancel(7, 2);
  said.rejected(26, 2);
  EXPECT_EQ(said.command(4), "unknown");
  said.venue.drained(ms(27));
  said.venue.reach(ms(28));
  EXPECT_EQ(said.command(4), "too_late 27");
}

TEST(ReportedVenueCancel, SaysOfAnOrderWithoutAMarketThatItHadArrived) {
  // NautilusTrader rejects no order whose cancel is pending: a MARKET order that finds no market
  // then stays as it is, and nothing is told of it.
  Said said;
  said.submit(0, market_order(1, Side::Buy, 1));
  said.cancel(3, 1);
  said.venue.drained(ms(19));
  said.venue.drained(ms(21));
  said.venue.reach(ms(25));
  EXPECT_EQ(said.command(1), "unknown");
  static_cast<void>(said.take());
  said.venue.drained(ms(25));
  said.venue.reach(ms(26));
  EXPECT_EQ(said.command(1), "accepted 21");
  EXPECT_EQ(said.command(2), "too_late 25");
  // Its cancel is not pending any more.
  said.cancel(30, 1);
  EXPECT_EQ(said.take(), Numbers{-1});
  EXPECT_EQ(said.finished(1).ts_arrive, ms(21));
}

// ---- fills ----

TEST(ReportedVenueFill, OfAnOrderThatWasCutMakesItFilledAtTheSmallerQuantity) {
  Said whole;
  Said cut;
  for (Said* said : {&whole, &cut}) {
    said->submit(0, market_order(1, Side::Buy, 2));
    said->submit(0, reduce_only(market_order(2, Side::Sell, 5)));
    said->filled(20, 1, 2, 2);
    if (said == &cut) said->venue.resized(OrderId{2}, qty(2));
    said->filled(20, 2, 2, 0);
  }
  EXPECT_EQ(whole.finished(2).status, OrderStatus::Open);
  EXPECT_EQ(cut.finished(2).status, OrderStatus::Filled);
  EXPECT_EQ(cut.tape.order(2).ts_done, ms(20));
  EXPECT_EQ(cut.tape.order(2).filled_qty, qty(2));
  EXPECT_EQ(cut.tape.order(2).submit.qty, qty(5));  // as it was sent
}

TEST(ReportedVenueFill, TakesMoneyFromWhatIsSaid) {
  Said said;
  said.submit(0, limit_order(1, Side::Buy, 100.1, 2));
  said.venue.filled(OrderId{1}, price(100.1), qty(2), true,
                    {.fee = money(0.07),
                     .position = qty(2),
                     .average = 100.1,
                     .position_pnl = money(-0.07),
                     .wallet = money(99'999.93)},
                    ms(20));
  const trading::FillRecord& fill = said.tape.fills.at(0);
  EXPECT_EQ(fill.liquidity, trading::Liquidity::Maker);
  EXPECT_EQ(fill.fee, money(0.07));
  EXPECT_EQ(fill.balance_after, money(99'999.93));
  EXPECT_EQ(fill.position_after, qty(2));
  EXPECT_EQ(said.tape.equity.at(0).cause, trading::EquityCause::Fill);
  EXPECT_EQ(said.tape.equity.at(0).fees, money(0.07));
}

TEST(ReportedVenueFill, ThatMakesAnotherPositionThanNautilusTradersIsAnError) {
  Said said;
  said.submit(0, market_order(1, Side::Buy, 2));
  EXPECT_THROW(said.filled(20, 1, 2, 3), Error);
}

TEST(ReportedVenueReports, OfAnOrderThatIsNotOfThisRunAreAnError) {
  Said said;
  said.submit(0, market_order(1, Side::Buy, 2));
  const std::vector<std::function<void()>> reports = {
      [&] { said.accepted(20, 2); },     [&] { said.rejected(20, 2); },
      [&] { said.canceled(20, 2); },     [&] { said.venue.resized(OrderId{2}, qty(1)); },
      [&] { said.filled(20, 2, 1, 1); },
  };
  for (const auto& report : reports) {
    try {
      report();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_NE(std::string{error.what()}.find("O-2"), std::string::npos) << error.what();
    }
  }
}

// ---- NautilusTrader's money ----

TEST(NautilusLedgerAdopt, OpensAddsAndCloses) {
  NautilusLedger ledger{money(1'000)};
  const Booked opened = ledger.adopt(Side::Sell, qty(2),
                                     {.fee = money(0.1),
                                      .position = qty(-2),
                                      .average = 100.0,
                                      .position_pnl = money(-0.1),
                                      .wallet = money(999.9)});
  EXPECT_EQ(opened.opened, qty(2));
  EXPECT_EQ(opened.closed, Qty{});
  EXPECT_EQ(opened.realised, Money{});
  const Booked added = ledger.adopt(Side::Sell, qty(1),
                                    {.fee = money(0.05),
                                     .position = qty(-3),
                                     .average = 101.0,
                                     .position_pnl = money(-0.15),
                                     .wallet = money(999.85)});
  EXPECT_EQ(added.opened, qty(1));
  EXPECT_EQ(added.closed, Qty{});
  EXPECT_EQ(added.realised, Money{});
  // The wallet gains 3 less a fee of 0.02: so much was realised.
  const Booked closed = ledger.adopt(Side::Buy, qty(2),
                                     {.fee = money(0.02),
                                      .position = qty(-1),
                                      .average = 101.0,
                                      .position_pnl = money(2.83),
                                      .wallet = money(1'002.83)});
  EXPECT_EQ(closed.opened, Qty{});
  EXPECT_EQ(closed.closed, qty(2));
  EXPECT_EQ(closed.realised, money(3));
  EXPECT_EQ(ledger.position(), qty(-1));
  EXPECT_EQ(ledger.average(), 101.0);
  EXPECT_EQ(ledger.realised(), money(3));
  EXPECT_EQ(ledger.fees(), money(0.17));
  EXPECT_EQ(ledger.wallet(), money(1'002.83));
}

TEST(NautilusLedgerAdopt, RealisesNothingWhereNothingIsClosed) {
  NautilusLedger ledger{money(1'000)};
  const Booked opened = ledger.adopt(Side::Buy, qty(2),
                                     {.fee = money(0.1),
                                      .position = qty(2),
                                      .average = 100.0,
                                      .wallet = money(999.9) + Money::from_raw(1)});
  EXPECT_EQ(opened.realised, Money{});
  EXPECT_EQ(ledger.wallet().raw(), money(999.9).raw() + 1);
}

TEST(NautilusLedgerAdopt, SplitsAFlip) {
  NautilusLedger ledger{money(1'000)};
  static_cast<void>(ledger.adopt(Side::Buy, qty(2),
                                 {.position = qty(2), .average = 100.0, .wallet = money(1'000)}));
  const Booked flip = ledger.adopt(Side::Sell, qty(5),
                                   {.fee = money(0.25),
                                    .position = qty(-3),
                                    .average = 99.0,
                                    .position_pnl = money(-0.15),
                                    .wallet = money(997.75)});
  EXPECT_EQ(flip.closed, qty(2));
  EXPECT_EQ(flip.opened, qty(3));
  EXPECT_EQ(flip.realised, money(-2));
  EXPECT_EQ(ledger.position(), qty(-3));
  EXPECT_EQ(ledger.average(), 99.0);
  EXPECT_EQ(ledger.position_pnl(), money(-0.15));
  // 3 · (99.0 − 98.5)
  EXPECT_EQ(ledger.unrealised(Mark{2 * price(98.5).raw()}), money(1.5));
}

TEST(NautilusLedgerAdopt, ExactlyToFlatClosesAll) {
  NautilusLedger ledger{money(1'000)};
  static_cast<void>(ledger.adopt(Side::Buy, qty(2),
                                 {.position = qty(2), .average = 100.0, .wallet = money(1'000)}));
  const Booked closed =
      ledger.adopt(Side::Sell, qty(2), {.position_pnl = money(1), .wallet = money(1'001)});
  EXPECT_EQ(closed.closed, qty(2));
  EXPECT_EQ(closed.opened, Qty{});
  EXPECT_EQ(closed.realised, money(1));
}

TEST(NautilusLedgerAdopt, TellsBothPositionsWhereTheyDiffer) {
  NautilusLedger ledger{money(1'000)};
  try {
    static_cast<void>(ledger.adopt(Side::Buy, qty(2), {.position = qty(2.5)}));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("2.5"), std::string::npos) << text;
    EXPECT_NE(text.find("2.0"), std::string::npos) << text;
  }
}

TEST(NautilusLedgerAdopt, AllowsTwoRoundingsAndNoForeignMoney) {
  const auto open = [](std::int64_t units) {
    NautilusLedger ledger{money(1'000)};
    static_cast<void>(ledger.adopt(Side::Buy, qty(2),
                                   {.fee = money(0.1),
                                    .position = qty(2),
                                    .average = 100.0,
                                    .position_pnl = money(-0.1),
                                    .wallet = money(999.9) + Money::from_raw(units)}));
    return ledger;
  };
  const auto close = [&](std::int64_t units) {
    NautilusLedger ledger = open(0);
    static_cast<void>(ledger.adopt(Side::Sell, qty(2),
                                   {.fee = money(0.1),
                                    .position_pnl = money(0.8),
                                    .wallet = money(1'000.8) + Money::from_raw(units)}));
  };
  for (const std::int64_t units : {-2, 2}) {
    EXPECT_NO_THROW(open(units));
    EXPECT_NO_THROW(close(units));
  }
  for (const std::int64_t units : {-3, 3}) {
    EXPECT_THROW(open(units), Error);
    EXPECT_THROW(close(units), Error);
  }
}

TEST(NautilusLedgerAdopt, TakesFundingAndTheWalletAsTheyAre) {
  NautilusLedger ledger{money(1'000)};
  ledger.adopt_funding(money(-0.3), money(999.71));
  ledger.adopt_funding(money(0.1), money(999.81));
  EXPECT_EQ(ledger.funding(), money(-0.2));
  EXPECT_EQ(ledger.wallet(), money(999.81));
}

TEST(BookkeeperFunding, BelongsToThePositionThatIsHeld) {
  Said said;
  said.submit(0, market_order(1, Side::Buy, 2));
  said.filled(20, 1, 2, 2);
  said.bookkeeper.fund_reported(money(-0.3), money(99'999.6), ms(30));
  const trading::EquityRecord& sample = said.tape.equity.back();
  EXPECT_EQ(sample.cause, trading::EquityCause::Funding);
  EXPECT_EQ(sample.ts, ms(30));
  EXPECT_EQ(sample.funding, money(-0.3));
  EXPECT_EQ(sample.equity, money(99'999.6));  // no mark yet
  said.bookkeeper.finish();
  EXPECT_EQ(said.tape.positions.at(0).funding, money(-0.3));
}

}  // namespace
}  // namespace toxvol::engine::test
