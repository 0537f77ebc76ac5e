// What becomes of a cancel, by what NautilusTrader reports.
#include <chrono>

#include <gtest/gtest.h>

#include "tests/engine/parity/said.hpp"
#include "tests/engine/parity/support.hpp"
#include "tests/engine/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/hosted_venue.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine::test {
namespace {

using trading::RejectReason;
using trading::TimeInForce;

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

}  // namespace
}  // namespace toxvol::engine::test
