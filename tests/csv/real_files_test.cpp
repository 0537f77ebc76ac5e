// The recorded files (docs/data.md, "Test data"), read whole. Skipped where they are not at hand.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ios>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/byte_source.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/file_reader.hpp"

namespace toxvol::csv {
namespace {

namespace fs = std::filesystem;

fs::path raw() {
  // The one place that looks at the environment: where the data are.
  const char* const set = std::getenv("TOXVOL_DATA");  // NOLINT(concurrency-mt-unsafe)
  return set != nullptr ? fs::path{set} : fs::path{TOXVOL_SOURCE_DIR} / "../shared/data/raw";
}

class StreamSource final : public ByteSource {
 public:
  explicit StreamSource(const fs::path& path) : name_{path.string()}, in_{path, std::ios::binary} {}
  std::size_t read(std::span<char> out) override {
    in_.read(out.data(), static_cast<std::streamsize>(out.size()));
    return static_cast<std::size_t>(in_.gcount());
  }
  const std::string& name() const override { return name_; }

 private:
  std::string name_;
  std::ifstream in_;
};

template <class Record>
std::vector<Record> read(const fs::path& path, const ReaderOptions& options = {}) {
  FileReader<Record> reader{std::make_unique<StreamSource>(path), options};
  std::vector<Record> records;
  for (auto block = reader.next(); !block.empty(); block = reader.next()) {
    records.insert(records.end(), block.begin(), block.end());
  }
  EXPECT_EQ(reader.stats().bad_rows, 0) << path;
  EXPECT_EQ(reader.stats().rows_read, static_cast<std::int64_t>(records.size())) << path;
  EXPECT_EQ(reader.stats().bytes, static_cast<std::int64_t>(fs::file_size(path))) << path;
  EXPECT_TRUE(reader.stats().has_header) << path;
  return records;
}

class RealFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(raw())) GTEST_SKIP() << "no data at " << raw();
  }
  template <class Record>
  std::vector<Record> day(const std::string& kind, const std::string& file) {
    return read<Record>(raw() / "futures/daily" / kind / file);
  }
};

TEST_F(RealFiles, BookTickerOfBothWindowsHasItsRows) {
  const auto before = day<Quote>("bookTicker", "BTCUSDT-bookTicker-2023-04-04.csv");
  const auto after = day<Quote>("bookTicker", "BTCUSDT-bookTicker-2023-04-05.csv");
  EXPECT_EQ(before.size() + after.size(), 44'205U);
  const auto evening = day<Quote>("bookTicker", "BTCUSDT-bookTicker-2024-08-08.csv");
  const auto night = day<Quote>("bookTicker", "BTCUSDT-bookTicker-2024-08-09.csv");
  EXPECT_EQ(evening.size() + night.size(), 66'089U);
  // The last quote: mid 61659.75, OBI .2047020672882043.
  const Quote& last = night.back();
  const double bid_qty = last.bid_qty.to_double();
  const double ask_qty = last.ask_qty.to_double();
  EXPECT_EQ(last.bid.raw() + last.ask.raw(), 2 * 6'165'975'000'000);
  EXPECT_NEAR((bid_qty - ask_qty) / (bid_qty + ask_qty), .2047020672882043, 1e-15);
}

TEST_F(RealFiles, AggTradesOfBothWindowsHaveTheirRowsAndSums) {
  EXPECT_EQ(day<Trade>("aggTrades", "BTCUSDT-aggTrades-2023-04-04.csv").size() +
                day<Trade>("aggTrades", "BTCUSDT-aggTrades-2023-04-05.csv").size(),
            4'028U);
  // No trade after midnight in this window.
  const auto trades = day<Trade>("aggTrades", "BTCUSDT-aggTrades-2024-08-08.csv");
  EXPECT_EQ(trades.size(), 8'331U);
  Qty buy;
  Qty sell;
  Price high;
  Price low = trades.front().price;
  for (const Trade& trade : trades) {
    (trade.aggressor == Side::Buy ? buy : sell) += trade.qty;
    high = std::max(high, trade.price);
    low = std::min(low, trade.price);
  }
  // Exactly.
  EXPECT_EQ(buy, Qty::from_raw(125'157'600'000));
  EXPECT_EQ(sell, Qty::from_raw(117'779'000'000));
  EXPECT_EQ(high, Price::from_raw(6'183'990'000'000));
  EXPECT_EQ(low, Price::from_raw(6'159'030'000'000));
  EXPECT_EQ(trades.front().price, Price::from_raw(6'180'030'000'000));
  EXPECT_EQ(trades.back().price, Price::from_raw(6'165'980'000'000));
}

TEST_F(RealFiles, ADayOfTradesAddsUpToItsKlines) {
  const auto trades = day<Trade>("aggTrades", "BTCUSDT-aggTrades-2020-02-22.csv");
  const auto bars = day<Bar>("klines_1m", "BTCUSDT-1m-2020-02-22.csv");
  EXPECT_EQ(trades.size(), 100'407U);
  EXPECT_EQ(bars.size(), 1'440U);
  Qty traded;
  Qty bought;
  for (const Trade& trade : trades) {
    traded += trade.qty;
    if (trade.aggressor == Side::Buy) bought += trade.qty;
  }
  Qty volume;
  Qty taker_buy;
  for (const Bar& bar : bars) {
    volume += bar.volume;
    taker_buy += bar.taker_buy_volume;
  }
  EXPECT_EQ(traded, volume);
  EXPECT_EQ(bought, taker_buy);
}

TEST_F(RealFiles, OfficialKlinesHaveEveryMinute) {
  EXPECT_EQ(day<Bar>("klines_1m", "BTCUSDT-1m-2024-03-30.csv").size(), 1'440U);
  std::size_t rows = 0;
  for (const auto& entry : fs::directory_iterator{raw() / "futures/monthly"}) {
    for (const auto& file : fs::directory_iterator{entry}) {
      if (file.path().filename().string().starts_with("NEARUSDT-1m-")) {
        rows += read<Bar>(file.path()).size();
      }
    }
  }
  EXPECT_EQ(rows, 132'480U);
}

TEST_F(RealFiles, FundingHasEverySettlement) {
  std::size_t rows = 0;
  for (const auto& file : fs::directory_iterator{raw() / "futures/monthly/fundingRate"}) {
    const auto settlements = read<Funding>(file.path());
    rows += settlements.size();
    for (const Funding& funding : settlements) EXPECT_EQ(funding.interval_hours, 8) << file.path();
  }
  EXPECT_EQ(rows, 6'908U);
}

TEST_F(RealFiles, MetricsOfTheExcerpt) {
  using namespace std::chrono_literals;
  const ReaderOptions options{.file_day = std::chrono::sys_days{2023y / 11 / 23}};
  EXPECT_EQ(
      read<Metrics>(raw() / "futures/daily/metrics/BTCUSDT-metrics-2023-11-23.csv", options).size(),
      32U);
}

}  // namespace
}  // namespace toxvol::csv
