// Catalogs that another program wrote: nobody has looked at their rows (G9).
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ios>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/ingest_run.hpp"
#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/check.hpp"
#include "toxvol/catalog/market/input_log.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;
using quality::Code;

/// The one file of a table.
fs::path only_file(const TestFolder& folder, std::string_view table) {
  for (const auto& item : fs::recursive_directory_iterator{folder.catalog() / "data" / table}) {
    if (item.is_regular_file()) return item.path();
  }
  ADD_FAILURE() << "no file of " << table;
  return {};
}

/// Writes a table's file again, of other rows and without the mark of this program.
template <class Record>
void make_foreign(const TestFolder& folder, std::string_view table,
                  const std::function<void(std::vector<Record>&)>& change) {
  const fs::path path = only_file(folder, table);
  columnar::MarketReader<Record> reader{path.string()};
  const columnar::MarketFormat format = reader.format();
  std::vector<Record> rows;
  for (auto block = reader.next(); !block.empty(); block = reader.next()) {
    rows.insert(rows.end(), block.begin(), block.end());
  }
  change(rows);
  std::string bytes;
  columnar::MarketWriter<Record> writer{[&](std::span<const std::byte> some) {
                                          bytes.append(reinterpret_cast<const char*>(some.data()),
                                                       some.size());
                                        },
                                        format};
  writer.write(rows);
  writer.close();
  constexpr std::string_view kMark = "toxvol.schema";
  const std::size_t at = bytes.rfind(kMark);
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, kMark.size(), "foreign.schem");
  std::ofstream{path, std::ios::binary} << bytes;
  fs::remove_all(folder.catalog() / "toxvol" / "sidecars");
  fs::remove(folder.catalog() / "toxvol" / "manifest.json");
}

OpenedMarket opened(const TestFolder& folder) {
  const Timestamp from = from_ms(kJan15);
  return open(folder.catalog(), "BTCUSDT", from, from + kDay, kEverything);
}

using Counts = std::map<Code, std::int64_t>;
Counts counted(const OpenedMarket& market) {
  Counts counts;
  for (const auto& [which, rows] : market.inputs->left_out()) {
    EXPECT_EQ(which.second, day_of(from_ms(kJan15)));
    counts[which.first] += rows;
  }
  return counts;
}

template <class Record>
std::vector<std::int64_t> times(const std::vector<Record>& rows) {
  std::vector<std::int64_t> ms;
  for (const Record& row : rows) ms.push_back(floor_ms(row.ts_event) - kJan15);
  return ms;
}

void put_quotes(const TestFolder& folder, std::int64_t rows) {
  std::string text{kQuoteHeader};
  for (std::int64_t i = 0; i < rows; ++i) text += quote_line(i, kJan15 + i);
  folder.put("BTCUSDT-bookTicker-2024-01-15.csv", text);
  static_cast<void>(run(folder));
}

TEST(ForeignRows, QuotesThatIngestWouldQuarantineAreLeftOutAndCounted) {
  const TestFolder folder;
  put_quotes(folder, 8);
  make_foreign<Quote>(folder, "quote_tick", [](std::vector<Quote>& rows) {
    rows[1].bid_qty = rows[1].ask_qty = Qty{};
    rows[2].ask_qty = Qty{};
    rows[4].bid = Price{};
    rows[5].ask = rows[5].bid;  // locked
    rows[6].ask = rows[6].bid - Price::from_raw(1'000'000);
  });
  const OpenedMarket market = opened(folder);
  EXPECT_EQ(times(all(*market.data.quotes)), (std::vector<std::int64_t>{0, 3, 7}));
  EXPECT_EQ(counted(market), (Counts{{Code::EmptyBook, 3}, {Code::CrossedQuote, 2}}));
}

TEST(ForeignRows, ABlockWithoutAnySoundRowIsNotTheEnd) {
  const TestFolder folder;
  constexpr std::int64_t kRows = 30'000;  // some blocks
  put_quotes(folder, kRows);
  make_foreign<Quote>(folder, "quote_tick", [](std::vector<Quote>& rows) {
    for (auto row = rows.begin() + 1; row != rows.end() - 1; ++row) row->bid_qty = Qty{};
  });
  const OpenedMarket market = opened(folder);
  EXPECT_EQ(times(all(*market.data.quotes)), (std::vector<std::int64_t>{0, kRows - 1}));
  EXPECT_EQ(counted(market), (Counts{{Code::EmptyBook, kRows - 2}}));
}

TEST(ForeignRows, OnlyThoseOfTheWindowAreCounted) {
  const TestFolder folder;
  put_quotes(folder, 8);
  make_foreign<Quote>(folder, "quote_tick", [](std::vector<Quote>& rows) {
    for (Quote& row : rows) row.bid_qty = row.ask_qty = Qty{};
  });
  const auto market =
      open(folder.catalog(), "BTCUSDT", from_ms(kJan15 + 2), from_ms(kJan15 + 5), kEverything);
  EXPECT_TRUE(all(*market.data.quotes).empty());
  EXPECT_EQ(counted(market), (Counts{{Code::EmptyBook, 3}}));
}

TEST(ForeignRows, ACheckSaysHowManyAreLeftOut) {
  const TestFolder folder;
  put_quotes(folder, 8);
  make_foreign<Quote>(folder, "quote_tick",
                      [](std::vector<Quote>& rows) { rows[1].bid_qty = Qty{}; });
  Progress silent;
  CheckOptions options;
  options.path = folder.catalog();
  options.deep = true;
  const CheckReport report = check(options, silent);
  ASSERT_EQ(report.kinds.size(), 1U);
  EXPECT_EQ(report.kinds[0].rows.kept, 7);
  EXPECT_EQ(report.kinds[0].rows.quarantined, 1);
}

TEST(ForeignRows, TradesOfNothingAreLeftOutAndCounted) {
  const TestFolder folder;
  std::string text{kTradeHeader};
  for (std::int64_t i = 0; i < 4; ++i) text += trade_line(i, kJan15 + i);
  folder.put("BTCUSDT-aggTrades-2024-01-15.csv", text);
  static_cast<void>(run(folder));
  make_foreign<Trade>(folder, "trade_tick", [](std::vector<Trade>& rows) {
    rows[0].qty = Qty{};
    rows[2].price = Price{};
  });
  const OpenedMarket market = opened(folder);
  EXPECT_EQ(times(all(*market.data.trades)), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(counted(market), (Counts{{Code::BadRow, 2}}));
}

TEST(ForeignRows, BarsWithoutAPriceAreMissingMinutes) {
  const TestFolder folder;
  std::string text{kKlineHeader};
  for (std::int64_t i = 0; i < 5; ++i) text += kline_line(kJan15 + i * 60'000);
  folder.put("BTCUSDT-1m-2024-01-15.csv", text);
  static_cast<void>(run(folder));
  make_foreign<Bar>(folder, "bar", [](std::vector<Bar>& rows) {
    rows[0].open = rows[0].high = rows[0].low = rows[0].close = Price{};
    rows[2].close = rows[2].high + Price::from_raw(10'000'000);
    rows[3].low = Price{};
  });
  const OpenedMarket market = opened(folder);
  const auto rows = all(*market.data.bars);
  EXPECT_EQ(times(rows), (std::vector<std::int64_t>{120'000, 300'000}));
  for (const Bar& row : rows) EXPECT_EQ(row.count, 100) << "its own minute's flow";
  EXPECT_EQ(counted(market), (Counts{{Code::BadRow, 3}}));
}

TEST(ForeignRows, MetricsThatAreNoNumberAndFundingWithoutAnIntervalAreLeftOut) {
  const TestFolder folder;
  folder.put("BTCUSDT-metrics-2024-01-15.csv",
             "create_time,symbol,sum_open_interest,sum_open_interest_value,"
             "count_toptrader_long_short_ratio,sum_toptrader_long_short_ratio,"
             "count_long_short_ratio,sum_taker_long_short_vol_ratio\n"
             "2024-01-15 00:05:00,BTCUSDT,1,2,0.8,1.3,0.7,2.5\n"
             "2024-01-15 00:10:00,BTCUSDT,1,2,0.8,1.3,0.7,2.5\n");
  folder.put("BTCUSDT-fundingRate-2024-01.csv",
             "calc_time,funding_interval_hours,last_funding_rate\n" + std::to_string(kJan15) +
                 ",8,0.0001\n" + std::to_string(kJan15 + 28'800'000) + ",8,0.0001\n" +
                 std::to_string(kJan15 + 57'600'000) + ",8,0.0001\n");
  static_cast<void>(run(folder));
  make_foreign<Metrics>(folder, "custom_futures_metrics_data", [](std::vector<Metrics>& rows) {
    rows[0].count_ls = std::numeric_limits<double>::infinity();
  });
  make_foreign<Funding>(folder, "custom_funding_rate_data", [](std::vector<Funding>& rows) {
    rows[0].interval_hours = 0;
    rows[2].interval_hours = 87'601;
  });
  const OpenedMarket market = opened(folder);
  EXPECT_EQ(times(all(*market.data.metrics)), (std::vector<std::int64_t>{600'000}));
  EXPECT_EQ(times(all(*market.data.funding)), (std::vector<std::int64_t>{28'800'000}));
  std::int64_t left_out = 0;
  for (const auto& [which, rows] : market.inputs->left_out()) {
    EXPECT_EQ(which.first, Code::BadRow);
    left_out += rows;
  }
  EXPECT_EQ(left_out, 3);
}

}  // namespace
}  // namespace toxvol::catalog
