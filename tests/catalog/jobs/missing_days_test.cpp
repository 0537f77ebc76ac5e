#include "toxvol/catalog/jobs/missing_days.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/ingest_run.hpp"
#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/check.hpp"
#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/ingest_finding.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;

Day day(int month, int of_month) {
  return std::chrono::year{2024} / month / of_month;
}

std::vector<Day> from_to(Day first, Day last) {
  std::vector<Day> result;
  for (Day next = first; next <= last; next += std::chrono::days{1}) result.push_back(next);
  return result;
}

/// `kind first..end count text`, the end exclusive; only of `kind`.
std::vector<std::string> found(const Coverage& coverage, Kind kind) {
  std::vector<std::string> lines;
  for (const IngestFinding& missing : missing_days(coverage, "")) {
    const quality::Finding& finding = missing.finding;
    EXPECT_EQ(finding.code, quality::Code::DayMissing);
    EXPECT_EQ(Timestamp{*finding.day}, finding.ts);
    if (missing.kind != kind) continue;
    lines.push_back(to_string(*finding.day) + ".." + to_string(day_of(*finding.ts_end)) + " " +
                    std::to_string(finding.count) + " " + finding.text);
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(MissingDays, AreFoundAtBothEndsAndInTheMiddleOfTheKlinesSpan) {
  Coverage coverage;
  coverage.days[Kind::Klines] = from_to(day(1, 10), day(1, 20));
  coverage.days[Kind::Metrics] = from_to(day(1, 12), day(1, 14));
  coverage.days[Kind::Metrics].push_back(day(1, 18));
  EXPECT_EQ(found(coverage, Kind::Metrics),
            (Lines{"2024-01-10..2024-01-12 2 no metrics for these days",
                   "2024-01-15..2024-01-18 3 no metrics for these days",
                   "2024-01-19..2024-01-21 2 no metrics for these days"}));
  EXPECT_EQ(found(coverage, Kind::Klines), Lines{});
}

TEST(MissingDays, AreNoneWhereTheFirstAndTheLastKlinesDayAreThere) {
  Coverage coverage;
  coverage.days[Kind::Klines] = from_to(day(1, 10), day(1, 12));
  coverage.days[Kind::BookTicker] = from_to(day(1, 9), day(1, 13));
  EXPECT_EQ(found(coverage, Kind::BookTicker), Lines{});
}

TEST(MissingDays, AreFoundInTheKlinesThemselves) {
  Coverage coverage;
  coverage.days[Kind::Klines] = {day(1, 10), day(1, 12), day(1, 13)};
  EXPECT_EQ(found(coverage, Kind::Klines),
            Lines{"2024-01-11..2024-01-12 1 no klines for these days"});
}

TEST(MissingDays, OfFundingAreMonths) {
  Coverage coverage;
  coverage.days[Kind::Klines] = from_to(day(1, 31), day(5, 1));
  coverage.days[Kind::Funding] = from_to(day(4, 1), day(4, 30));
  EXPECT_EQ(found(coverage, Kind::Funding),
            (Lines{"2024-01-01..2024-04-01 3 no fundingRate for these months",
                   "2024-05-01..2024-06-01 1 no fundingRate for these months"}));
}

TEST(MissingDays, OfAKindThatIsNowhereAreSaidOnce) {
  Coverage coverage;
  coverage.days[Kind::Klines] = {day(1, 10), day(1, 12)};
  EXPECT_EQ(found(coverage, Kind::AggTrades),
            Lines{"2024-01-10..2024-01-13 3 no aggTrades at all"});
  EXPECT_EQ(found(coverage, Kind::Funding),
            Lines{"2024-01-01..2024-02-01 1 no fundingRate at all"});
}

TEST(MissingDays, AreCountedBetweenTheOtherKindsWhereThereAreNoKlines) {
  Coverage coverage;
  coverage.days[Kind::AggTrades] = {day(1, 15), day(1, 18)};
  coverage.days[Kind::Funding] = from_to(day(1, 1), day(3, 31));
  EXPECT_EQ(found(coverage, Kind::AggTrades),
            Lines{"2024-01-16..2024-01-18 2 no aggTrades for these days"});
  EXPECT_EQ(found(coverage, Kind::Klines), Lines{"2024-01-15..2024-01-19 4 no klines at all"});
  coverage.days.erase(Kind::AggTrades);
  EXPECT_EQ(found(coverage, Kind::Klines), Lines{"2024-01-01..2024-04-01 91 no klines at all"});
  EXPECT_TRUE(missing_days(Coverage{}, "BTCUSDT").empty());
}

void put_day(const TestFolder& folder, Kind kind, int offset) {
  const std::string label = to_string(day(1, 15 + offset)) + ".csv";
  const std::int64_t ms = kJan15 + offset * kDayInMs;
  if (kind == Kind::Klines) {
    folder.put("BTCUSDT-1m-" + label, std::string{kKlineHeader} + kline_line(ms));
  } else {
    folder.put("BTCUSDT-aggTrades-" + label, std::string{kTradeHeader} + trade_line(offset, ms));
  }
}

/// Days of trades that are told missing.
template <class Report>
std::int64_t missing_trades(const Report& report) {
  std::int64_t total = 0;
  for (const auto& item : report.findings) {
    if (item.finding.code == quality::Code::DayMissing && item.kind == Kind::AggTrades) {
      EXPECT_EQ(item.symbol, "BTCUSDT");
      total += item.finding.count;
    }
  }
  return total;
}

CheckReport checked(const fs::path& path) {
  Progress silent;
  return check({.path = path, .deep = false, .jobs = 1, .known = {}, .spill_folder = {}}, silent);
}

TEST(MissingDays, AreToldByIngestAndByCheckOfRawFilesAndCatalog) {
  const TestFolder folder;
  for (int offset = 0; offset < 5; ++offset) put_day(folder, Kind::Klines, offset);
  for (const int offset : {1, 3}) put_day(folder, Kind::AggTrades, offset);
  EXPECT_EQ(missing_trades(run(folder)), 3);
  EXPECT_EQ(missing_trades(checked(folder.catalog())), 3);
  EXPECT_EQ(missing_trades(checked(folder.raw())), 3);
  EXPECT_TRUE(checked(folder.raw()).errors.empty());
  EXPECT_NE(text_of(folder.catalog() / "toxvol/quality.parquet").find("DAY_MISSING"),
            std::string::npos);
}

TEST(MissingDays, AreGoneOnceALaterIngestFillsThem) {
  const TestFolder folder;
  const TestFolder whole;
  for (int offset = 0; offset < 3; ++offset) {
    put_day(folder, Kind::Klines, offset);
    put_day(whole, Kind::Klines, offset);
    put_day(whole, Kind::AggTrades, offset);
  }
  put_day(folder, Kind::AggTrades, 0);
  EXPECT_EQ(missing_trades(run(folder)), 2);
  put_day(folder, Kind::AggTrades, 1);
  put_day(folder, Kind::AggTrades, 2);
  EXPECT_EQ(missing_trades(run(folder)), 0);
  static_cast<void>(run(whole));
  EXPECT_EQ(tree_of(folder.catalog()), tree_of(whole.catalog()));
}

TEST(MissingDays, HaveADayWhoseFileCannotBeUsed) {
  const TestFolder folder;
  for (int offset = 0; offset < 3; ++offset) {
    put_day(folder, Kind::Klines, offset);
    put_day(folder, Kind::AggTrades, offset);
  }
  folder.put("BTCUSDT-aggTrades-2024-01-16.csv", "foo,bar,baz\n1,2,3\n");
  EXPECT_EQ(missing_trades(run(folder)), 1);
}

}  // namespace
}  // namespace toxvol::catalog
