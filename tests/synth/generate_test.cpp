#include "toxvol/synth/generate.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "market_files.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::synth {
namespace {

using test::daily;
using test::rows_of;
using test::scaled;
namespace fs = std::filesystem;

using Rows = std::vector<std::vector<std::string>>;

/// One market for all tests that only read it.
class SynthFiles : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<test::TemporaryFolder>("files");
    params_ = test::small(folder_->path());
    summary_ = test::make(params_);
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static std::unique_ptr<test::TemporaryFolder> folder_;
  static Params params_;
  static Summary summary_;
};

std::unique_ptr<test::TemporaryFolder> SynthFiles::folder_;
Params SynthFiles::params_;
Summary SynthFiles::summary_;

std::map<std::string, std::string> contents(const fs::path& root) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator{root}) {
    if (entry.is_regular_file()) {
      files[entry.path().lexically_relative(root).string()] = test::text_of(entry.path());
    }
  }
  return files;
}

TEST_F(SynthFiles, TheTreeHoldsEveryKindAndTheMarker) {
  const auto files = contents(params_.out);
  EXPECT_EQ(files.size(), 2U * 2 + 4U * 2 + 2 + 1);
  EXPECT_EQ(summary_.files + 1, static_cast<std::int64_t>(files.size()));
  EXPECT_TRUE(files.contains("futures/daily/aggTrades/BTCUSDT-aggTrades-2024-01-01.csv"));
  EXPECT_TRUE(files.contains("futures/daily/bookTicker/BTCUSDT-bookTicker-2024-01-02.csv"));
  EXPECT_TRUE(files.contains("futures/daily/klines_1m/BTCUSDT-1m-2023-12-30.csv"));
  EXPECT_TRUE(files.contains("futures/daily/metrics/BTCUSDT-metrics-2023-12-31.csv"));
  EXPECT_TRUE(files.contains("futures/monthly/fundingRate/BTCUSDT-fundingRate-2023-12.csv"));
  EXPECT_TRUE(files.contains("futures/monthly/fundingRate/BTCUSDT-fundingRate-2024-01.csv"));
  const std::string& marker = files.at("SYNTHETIC.json");
  EXPECT_NE(marker.find("\"synthetic\": true"), std::string::npos);
  EXPECT_NE(marker.find("\"seed\": 1"), std::string::npos);
  EXPECT_NE(marker.find("\"plant\": \"none\""), std::string::npos);
}

TEST_F(SynthFiles, LinesHaveTheFormOfTheRealFiles) {
  const Rows quotes = rows_of(daily(params_, "bookTicker", "bookTicker", 0));
  EXPECT_EQ(quotes[0], (std::vector<std::string>{"update_id", "best_bid_price", "best_bid_qty",
                                                 "best_ask_price", "best_ask_qty",
                                                 "transaction_time", "event_time"}));
  // As in 5123107839020,61800.20,2.507,61800.30,2.510,1723161256313,1723161256313.
  EXPECT_EQ(quotes[1].size(), 7U);
  EXPECT_EQ(quotes[1][1].size(), quotes[1][1].find('.') + 3);
  EXPECT_EQ(quotes[1][2].size(), quotes[1][2].find('.') + 4);
  EXPECT_EQ(quotes[1][5].size(), 13U);
  const Rows trades = rows_of(daily(params_, "aggTrades", "aggTrades", 0));
  EXPECT_EQ(trades[1].size(), 7U);
  EXPECT_TRUE(trades[1][6] == "true" || trades[1][6] == "false");
  const Rows klines = rows_of(daily(params_, "klines_1m", "1m", -1));
  EXPECT_EQ(klines[1].size(), 12U);
  EXPECT_EQ(klines[1][7].size(), klines[1][7].find('.') + 6);  // quote_volume: five decimals
  EXPECT_EQ(klines[1][11], "0");
  const std::string text = test::text_of(daily(params_, "klines_1m", "1m", -1));
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(text.find('\r'), std::string::npos);
}

TEST_F(SynthFiles, EveryKlineIsTheSumOfItsTrades) {
  for (const int index : {0, 1}) {
    struct Sum {
      std::int64_t open = 0, high = 0, low = 0, close = 0, lots = 0, quote = 0, count = 0;
      std::int64_t buy_lots = 0, buy_quote = 0;
    };
    std::map<std::int64_t, Sum> minutes;
    const Rows trades = rows_of(daily(params_, "aggTrades", "aggTrades", index));
    for (std::size_t i = 1; i < trades.size(); ++i) {
      const auto& row = trades[i];
      const std::int64_t price = scaled(row[1], 2);
      const std::int64_t lots = scaled(row[2], 3);
      Sum& sum = minutes[scaled(row[5], 0) / 60'000 * 60'000];
      if (sum.count == 0) sum.open = sum.high = sum.low = price;
      sum.high = std::max(sum.high, price);
      sum.low = std::min(sum.low, price);
      sum.close = price;
      sum.lots += lots;
      sum.quote += price * lots;
      sum.count += scaled(row[4], 0) - scaled(row[3], 0) + 1;
      if (row[6] == "false") {
        sum.buy_lots += lots;
        sum.buy_quote += price * lots;
      }
    }
    const Rows klines = rows_of(daily(params_, "klines_1m", "1m", index));
    ASSERT_EQ(klines.size(), 1441U);
    for (std::size_t i = 1; i < klines.size(); ++i) {
      const auto& row = klines[i];
      const Sum& sum = minutes[scaled(row[0], 0)];
      ASSERT_GT(sum.count, 0) << "a minute without trades at " << row[0];
      EXPECT_EQ(scaled(row[1], 2), sum.open);
      EXPECT_EQ(scaled(row[2], 2), sum.high);
      EXPECT_EQ(scaled(row[3], 2), sum.low);
      EXPECT_EQ(scaled(row[4], 2), sum.close);
      EXPECT_EQ(scaled(row[5], 3), sum.lots);
      EXPECT_EQ(scaled(row[6], 0), scaled(row[0], 0) + 59'999);
      EXPECT_EQ(scaled(row[7], 5), sum.quote);
      EXPECT_EQ(scaled(row[8], 0), sum.count);
      EXPECT_EQ(scaled(row[9], 3), sum.buy_lots);
      EXPECT_EQ(scaled(row[10], 5), sum.buy_quote);
    }
  }
}

TEST_F(SynthFiles, QuotesAscendAndNeverCrossOrRepeat) {
  std::int64_t last_id = 0;
  std::int64_t last_ms = 0;
  std::int64_t last_sent = 0;
  std::string last_book;
  for (const int index : {0, 1}) {
    const std::int64_t from = (params_.from.time_since_epoch().count() + index) * 86'400'000;
    const Rows quotes = rows_of(daily(params_, "bookTicker", "bookTicker", index));
    for (std::size_t i = 1; i < quotes.size(); ++i) {
      const auto& row = quotes[i];
      ASSERT_GT(scaled(row[0], 0), last_id);
      ASSERT_LT(scaled(row[1], 2), scaled(row[3], 2));
      ASSERT_GT(scaled(row[2], 3), 0);
      ASSERT_GT(scaled(row[4], 3), 0);
      ASSERT_GE(scaled(row[5], 0), last_ms);
      ASSERT_GE(scaled(row[5], 0), from);
      ASSERT_LT(scaled(row[5], 0), from + 86'400'000);
      ASSERT_GE(scaled(row[6], 0), scaled(row[5], 0));
      ASSERT_GE(scaled(row[6], 0), last_sent);
      ASSERT_EQ(scaled(row[1], 2) % 10, 0) << "off the tick of 0.1";
      const std::string book = row[1] + row[2] + row[3] + row[4];
      ASSERT_NE(book, last_book);
      last_book = book;
      last_id = scaled(row[0], 0);
      last_ms = scaled(row[5], 0);
      last_sent = scaled(row[6], 0);
    }
  }
}

TEST_F(SynthFiles, TradesPrintAtTheTouchOfTheQuoteBeforeOrThroughIt) {
  struct Touch {
    std::int64_t ms = 0, bid = 0, ask = 0;
  };
  std::vector<Touch> touches;
  std::int64_t agg_id = 0;
  std::int64_t trade_id = 0;
  std::int64_t trade_ms = 0;
  for (const int index : {0, 1}) {
    const Rows quotes = rows_of(daily(params_, "bookTicker", "bookTicker", index));
    for (std::size_t i = 1; i < quotes.size(); ++i) {
      touches.push_back(
          {scaled(quotes[i][5], 0), scaled(quotes[i][1], 2), scaled(quotes[i][3], 2)});
    }
    const Rows trades = rows_of(daily(params_, "aggTrades", "aggTrades", index));
    for (std::size_t i = 1; i < trades.size(); ++i) {
      const auto& row = trades[i];
      const std::int64_t ms = scaled(row[5], 0);
      const auto after =
          std::lower_bound(touches.begin(), touches.end(), ms,
                           [](const Touch& touch, std::int64_t at) { return touch.ms < at; });
      ASSERT_NE(after, touches.begin()) << "a trade before the first quote";
      const Touch& touch = *(after - 1);
      if (row[6] == "false") {
        ASSERT_GE(scaled(row[1], 2), touch.ask) << row[5];
      } else {
        ASSERT_LE(scaled(row[1], 2), touch.bid) << row[5];
      }
      if (agg_id != 0) {
        ASSERT_EQ(scaled(row[0], 0), agg_id + 1);
      }
      ASSERT_GT(scaled(row[3], 0), trade_id);
      ASSERT_GE(scaled(row[4], 0), scaled(row[3], 0));
      ASSERT_GE(ms, trade_ms);
      agg_id = scaled(row[0], 0);
      trade_id = scaled(row[4], 0);
      trade_ms = ms;
    }
  }
}

TEST_F(SynthFiles, PricesRunOnFromOneDayToTheNext) {
  std::int64_t close = 0;
  for (const int index : {-2, -1, 0, 1}) {
    const Rows klines = rows_of(daily(params_, "klines_1m", "1m", index));
    if (close != 0) {
      EXPECT_NEAR(static_cast<double>(scaled(klines[1][1], 2)) / static_cast<double>(close), 1.0,
                  0.003);
    }
    close = scaled(klines.back()[4], 2);
  }
}

TEST_F(SynthFiles, MetricsAreStampedEveryFiveMinutesAndTheirRatioIsTheKlines) {
  for (const int index : {-1, 0, 1}) {
    const Rows metrics = rows_of(daily(params_, "metrics", "metrics", index));
    const Rows klines = rows_of(daily(params_, "klines_1m", "1m", index));
    ASSERT_EQ(metrics.size(), 289U);
    const std::string today = to_string(params_.from + std::chrono::days{index});
    EXPECT_EQ(metrics[1][0], today + " 00:05:00");
    EXPECT_EQ(metrics[2][0], today + " 00:10:00");
    EXPECT_EQ(metrics[288][0],
              to_string(params_.from + std::chrono::days{index + 1}) + " 00:00:00");
    for (std::size_t i = 1; i < metrics.size(); ++i) {
      double buy = 0.0;
      double sell = 0.0;
      for (std::size_t k = 5 * i - 4; k <= 5 * i; ++k) {
        buy += static_cast<double>(scaled(klines[k][9], 3));
        sell += static_cast<double>(scaled(klines[k][5], 3) - scaled(klines[k][9], 3));
      }
      EXPECT_NEAR(std::stod(metrics[i][7]), std::max(buy, 1.0) / std::max(sell, 1.0), 1e-8 + 5e-9);
      EXPECT_GT(std::stod(metrics[i][2]), 40'000.0);
      const double mark = std::stod(metrics[i][3]) / std::stod(metrics[i][2]);
      EXPECT_NEAR(mark / std::stod(klines[5 * i][4]), 1.0, 1e-4);
    }
  }
}

TEST_F(SynthFiles, FundingIsSettledEveryEightHoursOfItsMonthsAndBounded) {
  std::set<std::int64_t> grid;
  for (const char* month : {"2023-12", "2024-01"}) {
    const Rows rows = rows_of(params_.out / "futures/monthly/fundingRate" /
                              (std::string{"BTCUSDT-fundingRate-"} + month + ".csv"));
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const std::int64_t ms = scaled(rows[i][0], 0);
      EXPECT_LE(ms % 28'800'000, 47);
      grid.insert(ms / 28'800'000);
      EXPECT_EQ(rows[i][1], "8");
      EXPECT_LE(std::abs(scaled(rows[i][2], 8)), 300'000);
      EXPECT_EQ(rows[i][2].size(), rows[i][2].find('.') + 9);
    }
  }
  EXPECT_EQ(grid.size(), 186U);  // the files cover their months, whatever the days asked for
  EXPECT_EQ(*grid.rbegin() - *grid.begin(), 185);
}

TEST(Synth, TheSameParametersGiveTheSameBytesAndAnotherSeedDoesNot) {
  const test::TemporaryFolder one{"same_one"};
  const test::TemporaryFolder two{"same_two"};
  const test::TemporaryFolder three{"same_three"};
  Params params = test::small(one.path());
  params.days = 1;
  test::make(params);
  params.out = two.path();
  test::make(params);
  params.out = three.path();
  params.seed = 2;
  test::make(params);
  const auto first = contents(one.path());
  EXPECT_EQ(first, contents(two.path()));
  const auto other = contents(three.path());
  ASSERT_EQ(first.size(), other.size());
  for (const auto& [file, text] : first) {
    if (file.find("2023-12.csv") == std::string::npos) {
      EXPECT_NE(text, other.at(file)) << file;
    }
  }
}

TEST(Synth, ALongerRunRepeatsTheDaysOfAShorterOne) {
  const test::TemporaryFolder one{"short"};
  const test::TemporaryFolder two{"long"};
  Params params = test::small(one.path());
  params.days = 1;
  test::make(params);
  params.out = two.path();
  params.days = 2;
  test::make(params);
  const auto longer = contents(two.path());
  for (const auto& [file, text] : contents(one.path())) {
    if (file.find("daily") != std::string::npos) {
      EXPECT_EQ(text, longer.at(file)) << file;
    }
  }
}

TEST(Synth, OtherSymbolsHaveTheirOwnPriceAndGrid) {
  const test::TemporaryFolder folder{"symbol"};
  Params params = test::small(folder.path());
  params.symbol = "ETHUSDT";
  params.start_price = 2300.0;
  params.days = 1;
  params.klines_only_days = 0;
  test::make(params);
  const Rows quotes = rows_of(daily(params, "bookTicker", "bookTicker", 0));
  EXPECT_NEAR(std::stod(quotes[1][1]), 2300.0, 5.0);
  EXPECT_NEAR(std::stod(quotes[1][3]) - std::stod(quotes[1][1]), 0.01, 1e-9);
}

TEST(Synth, LabelsOfMetricsChangeIn2026) {
  const test::TemporaryFolder folder{"labels"};
  Params params = test::small(folder.path());
  params.from = test::day(2026, 6, 25);
  params.intensity = 0.001;
  params.days = 1;
  params.klines_only_days = 1;
  test::make(params);
  const Rows before = rows_of(daily(params, "metrics", "metrics", -1));
  const Rows after = rows_of(daily(params, "metrics", "metrics", 0));
  EXPECT_EQ(before.back()[0], "2026-06-25 00:00:00");
  EXPECT_EQ(after[1][0], "2026-06-25 00:00:00");
  EXPECT_EQ(after.back()[0], "2026-06-25 23:55:00");
}

std::string refusal_to_make(const Params& params) {
  try {
    test::make(params);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Synth, AFolderInTheWayIsLeftAloneUnlessItIsOursAndForced) {
  const test::TemporaryFolder folder{"force"};
  Params params = test::small(folder.path());
  params.days = 1;
  params.intensity = 0.001;
  params.klines_only_days = 0;
  fs::create_directories(folder.path());
  test::make(params);  // an empty folder is no obstacle
  EXPECT_NE(refusal_to_make(params).find("--force"), std::string::npos);
  params.force = true;
  params.days = 2;
  EXPECT_EQ(refusal_to_make(params), "");
  EXPECT_TRUE(fs::exists(daily(params, "klines_1m", "1m", 1)));
  params.days = 1;
  test::make(params);
  EXPECT_FALSE(fs::exists(daily(params, "klines_1m", "1m", 1))) << "a leftover of the longer run";

  fs::remove(folder.path() / kMarkerName);
  EXPECT_NE(refusal_to_make(params).find("leaves it alone"), std::string::npos);
  EXPECT_TRUE(fs::exists(daily(params, "klines_1m", "1m", 0)));

  Params blocked = params;
  blocked.out = daily(params, "klines_1m", "1m", 0) / "below_a_file";
  const std::string text = refusal_to_make(blocked);
  EXPECT_NE(text.find("--out"), std::string::npos) << text;
  EXPECT_EQ(text.find('\n'), std::string::npos);
}

TEST(Synth, AnInterruptLeavesNothingBehind) {
  class Impatient : public Progress {
   public:
    void advance(std::int64_t /*units*/, std::int64_t /*rows*/) override { throw Interrupted{}; }
  };
  const test::TemporaryFolder folder{"interrupt"};
  Impatient impatient;
  EXPECT_THROW(generate(test::small(folder.path()), impatient), Interrupted);
  EXPECT_FALSE(fs::exists(folder.path()));
  EXPECT_FALSE(fs::exists(folder.path().string() + ".partial"));
}

}  // namespace
}  // namespace toxvol::synth
