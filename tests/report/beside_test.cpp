#include "toxvol/report/beside.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/report/unpack.hpp"
#include "tests/run/sample_run.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {
namespace {

using columnar::ColumnType;
using run::test::TemporaryFolder;

constexpr Timestamp kBegin{Day{std::chrono::year{2024} / 1 / 12}};
constexpr double kHalf = 1'800.0;  // an hour, in seconds

/// A band whose own configuration made the run of that fingerprint. Of each hour the lowest under
/// other queues; all other lines are 10 above it.
void put_band(const std::filesystem::path& folder, const std::string& fingerprint,
              const std::vector<std::optional<double>>& lowest) {
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "study.json"} << "{}\n";
  columnar::TableWriter cells{(folder / "band.parquet").string(),
                              {{.name = "base", .type = ColumnType::Bool},
                               {.name = "fingerprint", .type = ColumnType::Text}}};
  for (const auto& [base, made] : {std::pair{false, std::string{"other"}}, {true, fingerprint}}) {
    cells.put(base);
    cells.put(made);
    cells.end_row();
  }
  cells.close();
  std::vector<columnar::Column> columns{{.name = "ts", .type = ColumnType::Timestamp}};
  for (const char* name : {"q_lo", "q_hi", "ql_lo", "ql_hi", "all_lo", "all_hi"}) {
    columns.push_back({.name = name, .type = ColumnType::Float64, .nullable = true});
  }
  columnar::TableWriter hours{(folder / "band_equity.parquet").string(), columns};
  for (std::size_t hour = 0; hour < lowest.size(); ++hour) {
    hours.put(kBegin + std::chrono::hours{hour});
    hours.put(lowest[hour]);
    for (int other = 0; other < 5; ++other) {
      hours.put(lowest[hour] ? std::optional{*lowest[hour] + 10.0} : std::nullopt);
    }
    hours.end_row();
  }
  hours.close();
}

RunFolder run_in(const std::filesystem::path& place, std::string_view fingerprint) {
  RunFolder folder;
  folder.path = place / "run";
  folder.run.fingerprint = fingerprint;
  folder.run.from = kBegin;
  folder.run.to = kBegin + std::chrono::hours{4};
  return folder;
}

Json chart() {
  return {{"note", "Equity."}, {"series", Json::array()}};
}

TEST(Beside, ADamagedBandIsToldAndNotDrawn) {
  const TemporaryFolder place;
  put_band(place.path() / "run-band", "f00d", {100.0, 120.0});
  std::ofstream{place.path() / "run-band" / "band_equity.parquet"} << "no table";
  Json equity = chart();
  EXPECT_FALSE(add_shades(run_in(place.path(), "f00d"), {0.0}, equity));
  EXPECT_TRUE(equity.at("series").empty());
  EXPECT_EQ(
      equity.at("note"),
      "Equity. The band in the folder run-band beside this run is damaged, so it is not drawn.");
}

TEST(Beside, ABandIsDrawnStraightBetweenItsHoursAndNowhereElse) {
  const TemporaryFolder place;
  put_band(place.path() / "run-band", "f00d", {100.0, 120.0, std::nullopt, 60.0, 80.0});
  Json equity = chart();
  ASSERT_TRUE(add_shades(
      run_in(place.path(), "f00d"),
      {0.0, kHalf, 2 * kHalf, 3 * kHalf, 5 * kHalf, 6 * kHalf, 7 * kHalf, 8 * kHalf, 9 * kHalf},
      equity));
  ASSERT_EQ(equity["series"].size(), 6U);
  const Json& lowest = test::find(equity["series"], "label", "queue, lowest");
  EXPECT_EQ(test::unpack(lowest.at("values")),
            Json::parse("[100.0, 110.0, 120.0, null, null, 60.0, 70.0, 80.0, null]"));
  const Json& highest = test::find(equity["series"], "label", "all assumptions, highest");
  EXPECT_EQ(highest.at("style"), "shade");
  EXPECT_EQ(test::unpack(highest.at("values")).at(1), 120.0);
}

TEST(Beside, ABandOfAnotherRunIsNotDrawn) {
  const TemporaryFolder place;
  put_band(place.path() / "run-band", "f00d", {100.0, 120.0});
  for (const char* fingerprint : {"other", ""}) {
    Json equity = chart();
    EXPECT_FALSE(add_shades(run_in(place.path(), fingerprint), {0.0}, equity));
    EXPECT_EQ(equity, chart());
  }
}

}  // namespace
}  // namespace toxvol::report
