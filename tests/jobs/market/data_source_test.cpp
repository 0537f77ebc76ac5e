#include "toxvol/jobs/market/data_source.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/fresh_folder.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/market/market_source.hpp"

namespace toxvol::jobs {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr Day kJan15{std::chrono::year{2024} / 1 / 15};
constexpr Timestamp kDayBegin{kJan15};
constexpr Timestamp kDayEnd{kJan15 + days{1}};

/// Raw files of NEARUSDT, which no table knows.
class RawSource : public testing::Test {
 protected:
  RawSource() { put_trade("2024-01-15", kJan15, "1.36"); }
  ~RawSource() override { fs::remove_all(folder_); }

  /// A file with one trade.
  void put_trade(const std::string& label, Day day, const std::string& price) const {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(Timestamp{day});
    std::ofstream{folder_ / ("NEARUSDT-aggTrades-" + label + ".csv")}
        << "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
        << "1," << price << ",0.5,1,1," << ms.time_since_epoch().count() << ",true\n";
  }
  [[nodiscard]] DataSource source() const {
    MarketOptions options;
    options.raw = {folder_.string()};
    return {options, "NEARUSDT", folder_};
  }
  [[nodiscard]] std::string identity() const { return source().identity(kDayBegin, kDayEnd); }
  [[nodiscard]] Price tick() const {
    Progress silent;
    return source().instrument(kDayBegin, kDayEnd, silent).tick.front().value;
  }

  fs::path folder_ = test::fresh_folder();
};

TEST_F(RawSource, IsWhatItWasWhereADayOutsideTheWindowIsAdded) {
  const std::string before = identity();
  EXPECT_NE(before.find("2024-01-15"), std::string::npos) << before;
  put_trade("2023-12-26", kJan15 - days{20}, "1.12345");
  put_trade("2024-01-13", kJan15 - days{2}, "1.12345");
  put_trade("2024-01-16", kJan15 + days{1}, "1.12345");
  EXPECT_EQ(identity(), before);
  EXPECT_EQ(tick(), Price::from_raw(1'000'000));
}

/// Its metrics may have a row at midnight.
TEST_F(RawSource, HasTheFileThatEndsWhereTheWindowBegins) {
  put_trade("2024-01-14", kJan15 - days{1}, "1.12345");
  EXPECT_NE(identity().find("2024-01-14"), std::string::npos) << identity();
  EXPECT_EQ(tick(), Price::from_raw(1'000'000)) << "it has no price in the window";
}

TEST_F(RawSource, HasAMonthlyFileWhoseMonthTheWindowTouches) {
  put_trade("2024-01", kJan15 + days{5}, "1.123");
  put_trade("2023-12", kJan15 - days{20}, "1.12345");
  EXPECT_NE(identity().find(" 2024-01 "), std::string::npos) << identity();
  EXPECT_EQ(identity().find("2023-12"), std::string::npos) << identity();
  EXPECT_EQ(tick(), Price::from_raw(100'000));
}

}  // namespace
}  // namespace toxvol::jobs
