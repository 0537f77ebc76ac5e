#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/check.hpp"
#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/core/progress.hpp"

namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> errors_in(const fs::path& catalog, bool deep) {
  Progress silent;
  return check({.path = catalog, .deep = deep, .jobs = 2, .known = {}, .spill_folder = {}}, silent)
      .errors;
}
std::vector<std::string> errors_of(const TestFolder& folder, bool deep) {
  return errors_in(folder.catalog(), deep);
}

/// Trades and klines of two days.
class CheckedCatalog : public testing::Test {
 protected:
  CheckedCatalog() {
    for (int day = 0; day < 2; ++day) {
      const std::string date = "2024-01-1" + std::to_string(5 + day) + ".csv";
      const std::int64_t ms = kJan15 + day * kDayInMs;
      std::string trades{kTradeHeader};
      for (int i = 0; i < 100; ++i) trades += trade_line(day * 100 + i, ms + i);
      folder_.put("BTCUSDT-aggTrades-" + date, trades);
      folder_.put("BTCUSDT-1m-" + date, std::string{kKlineHeader} + kline_line(ms));
    }
    Progress silent;
    IngestOptions options;
    options.raw = {folder_.raw()};
    options.catalog = folder_.catalog();
    (void)ingest(options, silent);
  }
  /// The file of the first day.
  [[nodiscard]] fs::path file_in(std::string_view table) const {
    for (const auto& item : fs::recursive_directory_iterator{folder_.catalog() / "data" / table}) {
      if (item.path().filename().string().starts_with("2024-01-15")) return item.path();
    }
    return {};
  }

  TestFolder folder_;
};

TEST_F(CheckedCatalog, ThatIsAsItWasWrittenHasNoErrors) {
  EXPECT_TRUE(errors_of(folder_, true).empty());
}

TEST_F(CheckedCatalog, HasOneLineForADamagedFileWhateverIsWrongWithIt) {
  for (const char* table : {"trade_tick", "bar", "custom_kline_flow_data"}) {
    const fs::path victim = file_in(table);
    ASSERT_FALSE(victim.empty()) << table;
    const std::string whole = text_of(victim);
    const auto expect_one = [&](std::string_view how, bool deep) {
      const std::vector<std::string> errors = errors_of(folder_, deep);
      ASSERT_EQ(errors.size(), 1U) << table << how << errors.back();
      EXPECT_TRUE(errors[0].starts_with(victim.string() + ": " + std::string{how})) << errors[0];
    };
    flip_a_bit(victim);
    expect_one("not the file that was written", true);
    EXPECT_TRUE(errors_of(folder_, false).empty()) << "only its bytes tell";
    fs::resize_file(victim, whole.size() / 2);
    expect_one("not the file that was written", true);
    expect_one("not the file that was written", false);
    fs::remove(victim);
    expect_one("missing; ingest its day again", true);
    std::ofstream{victim, std::ios::binary} << whole;
    EXPECT_TRUE(errors_of(folder_, true).empty()) << table;
  }
}

TEST_F(CheckedCatalog, HasALineForEachOfTwoDamagedFiles) {
  flip_a_bit(file_in("trade_tick"));
  flip_a_bit(file_in("bar"));
  EXPECT_EQ(errors_of(folder_, true).size(), 2U);
}

/// Bars without any flow are what two files that are gone do to the rows, and no line of their own,
/// whatever the folder is called.
TEST_F(CheckedCatalog, HasNoLineForWhatTheAbsenceOfNamedFilesDoesToTheRows) {
  const fs::path catalog = folder_.path() / "btc.parquet";
  fs::rename(folder_.catalog(), catalog);
  for (const auto& item :
       fs::recursive_directory_iterator{catalog / "data" / "custom_kline_flow_data"}) {
    if (item.is_regular_file()) fs::remove(item.path());
  }
  const std::vector<std::string> errors = errors_in(catalog, true);
  ASSERT_EQ(errors.size(), 2U) << errors.back();
  for (const std::string& line : errors) {
    EXPECT_NE(line.find(": missing; ingest its day again"), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace toxvol::catalog
