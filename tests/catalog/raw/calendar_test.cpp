#include "toxvol/catalog/raw/calendar.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {
namespace {

constexpr Day kMonday{std::chrono::year{2024} / 1 / 15};
constexpr Day kSunday = kMonday - std::chrono::days{1};
constexpr Timestamp kMondayBegins{kMonday};

TEST(Calendar, ATradeAndAQuoteAreOfTheDayTheyHappenIn) {
  for (const Kind kind : {Kind::AggTrades, Kind::BookTicker}) {
    EXPECT_EQ(unit_of(kind, kMondayBegins), kMonday);
    EXPECT_EQ(unit_of(kind, kMondayBegins - Duration{1}), kSunday);
  }
}

TEST(Calendar, ABarIsOfTheDayItsMinuteOpensIn) {
  EXPECT_EQ(unit_day(Bar{.ts_event = kMondayBegins}), kSunday);
  EXPECT_EQ(unit_day(Bar{.ts_event = kMondayBegins + kMinute}), kMonday);
  EXPECT_EQ(unit_day(Bar{.ts_event = kMondayBegins + kMinute - Duration{1}}), kSunday);
}

TEST(Calendar, MetricsOfMidnightEndTheDayBefore) {
  Metrics metrics;
  metrics.ts_event = kMondayBegins;
  EXPECT_EQ(unit_day(metrics), kSunday);
  metrics.ts_event = kMondayBegins + Duration{1};
  EXPECT_EQ(unit_day(metrics), kMonday);
}

TEST(Calendar, FundingIsOfTheFirstOfItsMonth) {
  const Day first{std::chrono::year{2024} / 1 / 1};
  EXPECT_EQ(unit_day(Funding{.ts_event = kMondayBegins}), first);
  EXPECT_EQ(unit_day(Funding{.ts_event = Timestamp{first}}), first);
  EXPECT_EQ(unit_day(Funding{.ts_event = Timestamp{first} - Duration{1}}),
            Day{std::chrono::year{2023} / 12 / 1});
}

}  // namespace
}  // namespace toxvol::catalog
