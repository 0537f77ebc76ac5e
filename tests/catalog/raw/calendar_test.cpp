#include "toxvol/catalog/raw/calendar.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {
namespace {

constexpr Day kJan15{std::chrono::year{2024} / 1 / 15};
constexpr Day kJan14 = kJan15 - std::chrono::days{1};
constexpr Timestamp kMidnight{kJan15};

TEST(Calendar, ATradeAndAQuoteAreOfTheDayTheyHappenIn) {
  for (const Kind kind : {Kind::AggTrades, Kind::BookTicker}) {
    EXPECT_EQ(unit_of(kind, kMidnight), kJan15);
    EXPECT_EQ(unit_of(kind, kMidnight - Duration{1}), kJan14);
  }
}

TEST(Calendar, ABarIsOfTheDayItsMinuteOpensIn) {
  EXPECT_EQ(unit_day(Bar{.ts_event = kMidnight}), kJan14);
  EXPECT_EQ(unit_day(Bar{.ts_event = kMidnight + kMinute}), kJan15);
  EXPECT_EQ(unit_day(Bar{.ts_event = kMidnight + kMinute - Duration{1}}), kJan14);
}

TEST(Calendar, MetricsOfMidnightEndTheDayBefore) {
  Metrics metrics;
  metrics.ts_event = kMidnight;
  EXPECT_EQ(unit_day(metrics), kJan14);
  metrics.ts_event = kMidnight + Duration{1};
  EXPECT_EQ(unit_day(metrics), kJan15);
}

TEST(Calendar, FundingIsOfTheFirstOfItsMonth) {
  const Day first{std::chrono::year{2024} / 1 / 1};
  EXPECT_EQ(unit_day(Funding{.ts_event = kMidnight}), first);
  EXPECT_EQ(unit_day(Funding{.ts_event = Timestamp{first}}), first);
  EXPECT_EQ(unit_day(Funding{.ts_event = Timestamp{first} - Duration{1}}),
            Day{std::chrono::year{2023} / 12 / 1});
}

}  // namespace
}  // namespace toxvol::catalog
