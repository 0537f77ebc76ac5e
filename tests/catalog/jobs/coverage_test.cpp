#include "toxvol/catalog/jobs/coverage.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr Day kFirst{std::chrono::year{2024} / 1 / 15};

/// Days by their distance from the 15th.
std::vector<Day> list(const std::vector<int>& offsets) {
  std::vector<Day> result;
  result.reserve(offsets.size());
  for (const int offset : offsets) result.push_back(kFirst + days{offset});
  return result;
}

DayWindow window(int first, int last) {
  return {.first = kFirst + days{first}, .last = kFirst + days{last}};
}

Timestamp at(int day, Duration time = {}) {
  return Timestamp{kFirst + days{day}} + time;
}

TEST(Share, CountsTheUtcDaysThatTheWindowTouches) {
  Coverage coverage;
  coverage.days[Kind::Metrics] = list({0, 1, 3});
  EXPECT_EQ(share(coverage, Kind::Metrics, at(0), at(4)), 0.75);
  EXPECT_EQ(share(coverage, Kind::Metrics, at(0), at(2)), 1.0);
  EXPECT_EQ(share(coverage, Kind::Metrics, at(-1), at(5)), 0.5);
}

TEST(Share, CountsADayWholeOfWhichTheWindowTouchesANanosecond) {
  Coverage coverage;
  coverage.days[Kind::Metrics] = list({0, 2});
  // `to` is exclusive: the midnight itself touches nothing of the day that begins there.
  EXPECT_EQ(share(coverage, Kind::Metrics, at(0, hours{12}), at(1)), 1.0);
  EXPECT_EQ(share(coverage, Kind::Metrics, at(0, hours{12}), at(1) + Duration{1}), 0.5);
  EXPECT_EQ(share(coverage, Kind::Metrics, at(2, hours{12}), at(2, hours{13})), 1.0);
  EXPECT_EQ(share(coverage, Kind::Metrics, at(1, hours{23}), at(2, hours{1})), 0.5);
}

TEST(Share, IsZeroOfAKindThatIsNotThereAndOfAnEmptyWindow) {
  Coverage coverage;
  coverage.days[Kind::Metrics] = list({0});
  EXPECT_EQ(share(coverage, Kind::BookTicker, at(0), at(1)), 0.0);
  EXPECT_EQ(share(coverage, Kind::Metrics, at(0), at(0)), 0.0);
}

TEST(Share, TellsNinetyFivePercentExactly) {
  Coverage coverage;
  for (int day = 0; day < 20; ++day) {
    if (day != 7) coverage.days[Kind::Metrics].push_back(kFirst + days{day});
  }
  EXPECT_EQ(share(coverage, Kind::Metrics, at(0), at(20)), 0.95);
  EXPECT_LT(share(coverage, Kind::Metrics, at(1), at(20)), 0.95);
}

TEST(Windows, AreTheRunsOfDaysThatHaveEveryKindTheLongestFirstThenTheLatest) {
  Coverage coverage;
  coverage.days[Kind::Klines] = list({0, 1, 2, 3, 5, 6, 8, 9, 10, 20, 21});
  coverage.days[Kind::AggTrades] = list({1, 2, 3, 4, 5, 6, 9, 10, 20, 21, 22});
  const std::vector<DayWindow> both{window(1, 3), window(20, 21), window(9, 10), window(5, 6)};
  EXPECT_EQ(windows(coverage, {Kind::Klines, Kind::AggTrades}), both);
  const std::vector<DayWindow> klines{window(0, 3), window(8, 10), window(20, 21), window(5, 6)};
  EXPECT_EQ(windows(coverage, {Kind::Klines}), klines);
  EXPECT_TRUE(windows(coverage, {Kind::Klines, Kind::BookTicker}).empty());
}

TEST(Windows, AreCutToTheBoundsBothEndsIncluded) {
  Coverage coverage;
  coverage.days[Kind::Klines] = list({0, 1, 2, 3, 5, 6});
  const std::vector<DayWindow> cut{window(2, 3), window(5, 5)};
  EXPECT_EQ(windows(coverage, {Kind::Klines}, window(2, 5)), cut);
  EXPECT_TRUE(windows(coverage, {Kind::Klines}, window(4, 4)).empty());
}

TEST(DaysWith, CountsTheDaysThatHaveEveryKindInsideTheBounds) {
  Coverage coverage;
  coverage.days[Kind::Klines] = list({0, 1, 2, 3, 5, 6});
  coverage.days[Kind::AggTrades] = list({1, 3, 4, 5, 9});
  EXPECT_EQ(days_with(coverage, {Kind::Klines, Kind::AggTrades}, window(1, 5)), 3);
  EXPECT_EQ(days_with(coverage, {Kind::Klines, Kind::AggTrades}, window(2, 4)), 1);
  EXPECT_EQ(days_with(coverage, {Kind::BookTicker}, kAllDays), 0);
}

TEST(Windows, AreRunFromTheirFirstMidnightToTheOneAfterTheirLastDay) {
  EXPECT_EQ(window(0, 2).from(), at(0));
  EXPECT_EQ(window(0, 2).to(), at(3));
  EXPECT_EQ(window(0, 2).days(), 3);
  EXPECT_EQ(window(0, 2).text(), "2024-01-15..2024-01-17");
  EXPECT_EQ(window(0, 0).text(), "2024-01-15");
  EXPECT_EQ(days_of(at(0), at(3)), window(0, 2));
  EXPECT_EQ(days_of(at(0, hours{5}), at(2) + Duration{1}), window(0, 2));
}

TEST(Runnable, AsksForKlinesAlwaysAndForTradesUnderQuotes) {
  Coverage coverage;
  coverage.days[Kind::Klines] = list({0, 1, 2, 3, 4, 5});
  coverage.days[Kind::AggTrades] = list({1, 2, 3, 7});
  coverage.days[Kind::BookTicker] = list({2, 3, 4, 7});
  const Runnable found = runnable(coverage);
  EXPECT_EQ(found.with_quotes, std::vector<DayWindow>{window(2, 3)});
  EXPECT_EQ(found.with_trades, std::vector<DayWindow>{window(1, 3)});
  EXPECT_EQ(found.with_klines, std::vector<DayWindow>{window(0, 5)});
}

TEST(RawCoverage, GivesAMonthlyFileEveryDayOfItsMonth) {
  const TestFolder folder;
  folder.put("BTCUSDT-1m-2024-02.csv", "");
  folder.put("BTCUSDT-1m-2024-03-02.csv", "");
  folder.put("BTCUSDT-fundingRate-2023-02.csv", "");
  folder.put("ETHUSDT-1m-2024-05.csv", "");
  const Coverage found = raw_coverage({folder.raw()}, "BTCUSDT");
  ASSERT_EQ(found.days.size(), 2U);
  const std::vector<Day>& klines = found.days.at(Kind::Klines);
  ASSERT_EQ(klines.size(), 30U);
  EXPECT_EQ(to_string(klines.front()), "2024-02-01");
  EXPECT_EQ(to_string(klines[28]), "2024-02-29");
  EXPECT_EQ(to_string(klines[29]), "2024-03-02");
  EXPECT_EQ(found.days.at(Kind::Funding).size(), 28U);
}

// The middle of a month is missing in the rows: it is the files that count.
TEST(CatalogCoverage, GivesAFundingFileEveryDayOfItsMonth) {
  const TestFolder folder;
  folder.put("BTCUSDT-fundingRate-2024-01.csv",
             "calc_time,funding_interval_hours,last_funding_rate\n"
             "1705305600001,8,0.0001\n"
             "1705334400000,8,0.0001\n");
  IngestOptions options;
  options.raw = {folder.raw()};
  options.catalog = folder.catalog();
  Progress silent;
  static_cast<void>(ingest(options, silent));
  const Coverage found = coverage(folder.catalog(), "BTCUSDT");
  const std::vector<Day>& month = found.days.at(Kind::Funding);
  ASSERT_EQ(month.size(), 31U);
  EXPECT_EQ(to_string(month.front()), "2024-01-01");
  EXPECT_EQ(to_string(month.back()), "2024-01-31");
  EXPECT_EQ(found.days, raw_coverage({folder.raw()}, "BTCUSDT").days);
}

}  // namespace
}  // namespace toxvol::catalog
