#include "toxvol/jobs/market/market_window.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/fresh_folder.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_source.hpp"

namespace toxvol::jobs {
namespace {

namespace fs = std::filesystem;

TEST(MarketWindow, WithoutAKlineIsNotFound) {
  const fs::path folder = test::fresh_folder();
  std::ofstream{folder / "NEARUSDT-1m-2024-01-15.csv"}
      << "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
         "taker_buy_quote_volume,ignore\n"
         "1705276800000,1.3,1.4,1.2,1.3,10,1705276859999,13,1,5,6.5,0\n";
  MarketOptions options;
  options.raw = {folder.string()};
  const DataSource source{options, "NEARUSDT", folder};
  const Timestamp from{Day{std::chrono::year{2024} / 2 / 1}};
  Progress silent;
  try {
    static_cast<void>(settle_window(source, from, from + kDay, config::Config{}, {}, silent));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotFound) << error.what();
    EXPECT_NE(std::string{error.what()}.find("no klines of NEARUSDT in"), std::string::npos);
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace toxvol::jobs
