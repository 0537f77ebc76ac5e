#include "toxvol/engine/parity/hosted_venue.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/parity/said.hpp"
#include "tests/engine/parity/support.hpp"
#include "tests/engine/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/books/outbox.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine::test {
namespace {

using trading::OrderId;
using trading::OrderStatus;
using trading::RejectReason;
using trading::TimeInForce;

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
