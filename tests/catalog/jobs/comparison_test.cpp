
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/catalog/ingest_run.hpp"
#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/check.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMetricsHeader =
    "create_time,symbol,sum_open_interest,sum_open_interest_value,"
    "count_toptrader_long_short_ratio,sum_toptrader_long_short_ratio,count_long_short_ratio,"
    "sum_taker_long_short_vol_ratio\n";

/// A day of January 2024 with stamps at 06:00 and 18:00.
void put_metrics(const TestFolder& folder, int of_month, const std::string& open_interest) {
  const std::string day = "2024-01-" + std::to_string(of_month);
  std::string text{kMetricsHeader};
  for (const char* time : {" 06:00:00", " 18:00:00"}) {
    text += fmt::format("{}{},BTCUSDT,{},3000000.0,1.1,1.2,1.3,1.4\n", day, time, open_interest);
  }
  folder.put("BTCUSDT-metrics-" + day + ".csv", text);
}

template <class Report>
std::vector<quality::Finding> scales(const Report& report) {
  std::vector<quality::Finding> found;
  for (const auto& item : report.findings) {
    if (item.finding.code != quality::Code::OiScale) continue;
    EXPECT_EQ(item.kind, Kind::Metrics);
    EXPECT_EQ(item.symbol, "BTCUSDT");
    found.push_back(item.finding);
  }
  return found;
}

CheckReport checked(const fs::path& path, bool deep) {
  Progress silent;
  return check({.path = path, .deep = deep, .jobs = 2, .known = {}, .spill_folder = {}}, silent);
}

TEST(OpenInterestOfAnotherScale, IsFoundOverTheDaysByIngestAndByCheck) {
  const TestFolder folder;
  put_metrics(folder, 14, "80000.5");
  put_metrics(folder, 15, "251.25");
  put_metrics(folder, 16, "252.25");
  put_metrics(folder, 17, "79000.5");
  const auto found = scales(run(folder));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(to_string(*found[0].day), "2024-01-15");
  EXPECT_EQ(found[0].count, 2);
  EXPECT_EQ(found[0].value, "251.25");
  EXPECT_EQ(to_string(*found[1].day), "2024-01-16");
  EXPECT_EQ(scales(checked(folder.catalog(), false)), found);
  EXPECT_EQ(scales(checked(folder.raw(), true)), found);
  const std::string table = text_of(folder.catalog() / "toxvol/quality.parquet");
  EXPECT_NE(table.find("OI_SCALE"), std::string::npos);
}

TEST(OpenInterestOfAnotherScale, StaysInTheCatalog) {
  const TestFolder folder;
  put_metrics(folder, 14, "80000.5");
  put_metrics(folder, 15, "251.25");
  static_cast<void>(run(folder));
  const auto market = open(
      folder.catalog(), "BTCUSDT", from_ms(kJan15), from_ms(kJan15) + kDay,
      Inputs{.trades = false, .quotes = false, .bars = false, .metrics = true, .funding = false});
  const auto rows = market.data.metrics->next();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].open_interest, 251.25);
}

TEST(OpenInterestOfAnotherScale, IsJudgedAgainWhenAnotherDayIsIngested) {
  const TestFolder folder;
  const TestFolder whole;
  put_metrics(folder, 15, "251.25");
  EXPECT_TRUE(scales(run(folder)).empty());
  for (const TestFolder* each : {&folder, &whole}) {
    put_metrics(*each, 14, "80000.5");
    put_metrics(*each, 15, "251.25");
    EXPECT_EQ(scales(run(*each)).size(), 1U);
  }
  EXPECT_EQ(tree_of(folder.catalog()), tree_of(whole.catalog()));
  const auto before = tree_of(folder.catalog());
  EXPECT_EQ(scales(run(folder)).size(), 1U);
  EXPECT_EQ(tree_of(folder.catalog()), before);
}

}  // namespace
}  // namespace toxvol::catalog
