#include "toxvol/csv/file_reader.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/csv/text_source.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {
namespace {

using namespace std::chrono_literals;

const std::string kHeader =
    "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n";

std::string row(int id, std::string_view end = "\n") {
  return fmt::format("{},61800.30,0.205,1,2,17231612563{:02},false{}", id, id % 100, end);
}

template <class Record>
struct Result {
  std::vector<Record> records;
  std::vector<std::int64_t> lines;
  std::vector<BadRow> bad_rows;
  ReadStats stats;
};

template <class Record>
Result<Record> read(std::string_view text, const ReaderOptions& options = {},
                    std::size_t piece = 1 << 20) {
  FileReader<Record> reader{test::source(text, piece), options};
  Result<Record> result;
  for (auto block = reader.next(); !block.empty(); block = reader.next()) {
    EXPECT_EQ(block.size(), reader.lines().size());
    result.records.insert(result.records.end(), block.begin(), block.end());
    const auto lines = reader.lines();
    result.lines.insert(result.lines.end(), lines.begin(), lines.end());
  }
  EXPECT_TRUE(reader.next().empty()) << "the end is for ever";
  EXPECT_TRUE(reader.lines().empty());
  result.bad_rows.assign(reader.bad_rows().begin(), reader.bad_rows().end());
  result.stats = reader.stats();
  EXPECT_EQ(result.stats.bytes, static_cast<std::int64_t>(text.size()));
  EXPECT_EQ(result.stats.rows_read,
            static_cast<std::int64_t>(result.records.size()) + result.stats.bad_rows);
  return result;
}

std::vector<std::int64_t> ids(const Result<Trade>& result) {
  std::vector<std::int64_t> ids;
  ids.reserve(result.records.size());
  for (const Trade& trade : result.records) ids.push_back(trade.agg_trade_id);
  return ids;
}

template <class Record>
std::string refusal(std::string_view text, const ReaderOptions& options = {},
                    const std::string& name = "BTCUSDT-test.csv") {
  try {
    FileReader<Record> reader{test::source(text, 1 << 20, name), options};
    while (!reader.next().empty()) {
    }
  } catch (const Error& error) {
    std::string what = error.what();
    EXPECT_EQ(what.find('\n'), what.npos);
    EXPECT_TRUE(what.starts_with(name)) << what;
    return what;
  }
  ADD_FAILURE() << "taken: " << text;
  return {};
}

using Ids = std::vector<std::int64_t>;

TEST(FileReader, ReadsWithHeaderAndWithout) {
  const auto with = read<Trade>(kHeader + row(1) + row(2));
  EXPECT_EQ(ids(with), (Ids{1, 2}));
  EXPECT_EQ(with.lines, (Ids{2, 3}));
  EXPECT_TRUE(with.stats.has_header);
  EXPECT_EQ(with.stats.unit, TimeUnit::Milliseconds);

  const auto without = read<Trade>(row(1) + row(2));
  EXPECT_EQ(ids(without), (Ids{1, 2}));
  EXPECT_EQ(without.lines, (Ids{1, 2}));
  EXPECT_FALSE(without.stats.has_header);
}

TEST(FileReader, EveryLineEndAndByteOrderMarkGivesTheSame) {
  std::string crlf_header = kHeader;
  crlf_header.insert(crlf_header.size() - 1, "\r");
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::string& text :
       {kHeader + row(1) + row(2), kHeader + row(1) + row(2, ""), mark + kHeader + row(1) + row(2),
        crlf_header + row(1, "\r\n") + row(2, "\r\n"), mark + row(1) + row(2),
        crlf_header + row(1, "\r\n") + row(2, "\r"), kHeader + row(1) + row(2) + "\n\r\n\n",
        mark + row(1, "\r\n") + row(2, "\r\n") + "\r\n", row(1) + row(2, "\n\n")}) {
    for (const std::size_t piece : {1U, 5U, 1'000'000U}) {
      const auto result = read<Trade>(text, {}, piece);
      EXPECT_EQ(ids(result), (Ids{1, 2})) << text;
      EXPECT_EQ(result.stats.bad_rows, 0) << text;
    }
  }
}

TEST(FileReader, MapsColumnsByTheirNames) {
  const auto result = read<Trade>(
      "is_buyer_maker,transact_time,last_trade_id,first_trade_id,quantity,price,agg_trade_id\n"
      "true,1723161256322,4,3,0.2,61800.3,7\n");
  ASSERT_EQ(result.records.size(), 1U);
  EXPECT_EQ(result.records[0].agg_trade_id, 7);
  EXPECT_EQ(result.records[0].first_trade_id, 3);
  EXPECT_EQ(result.records[0].last_trade_id, 4);
  EXPECT_EQ(result.records[0].price, Price::from_raw(6'180'030'000'000));
  EXPECT_EQ(result.records[0].qty, Qty::from_raw(20'000'000));
  EXPECT_EQ(result.records[0].aggressor, Side::Sell);
}

TEST(FileReader, ABadRowIsKeptAsideAndHarmsNoOther) {
  const auto result = read<Trade>(kHeader + row(1) + "2,x,1,1,1,1723161256322,true\n" + row(3));
  EXPECT_EQ(ids(result), (Ids{1, 3}));
  EXPECT_EQ(result.lines, (Ids{2, 4}));
  EXPECT_EQ(result.stats.rows_read, 3);
  EXPECT_EQ(result.stats.bad_rows, 1);
  ASSERT_EQ(result.bad_rows.size(), 1U);
  EXPECT_EQ(result.bad_rows[0].line, 3);
  EXPECT_EQ(result.bad_rows[0].byte, static_cast<std::int64_t>(kHeader.size() + row(1).size()));
  EXPECT_EQ(result.bad_rows[0].column, "price");
  EXPECT_EQ(result.bad_rows[0].value, "x");
  EXPECT_EQ(result.bad_rows[0].fault, RowFault::BadDecimal);
  EXPECT_EQ(result.bad_rows[0].text, "not a decimal number");
}

TEST(FileReader, ABadValueIsNamedByItsColumnInAnyOrder) {
  const auto result =
      read<Funding>("last_funding_rate,calc_time,funding_interval_hours\n0.1,1580544000003,0\n");
  ASSERT_EQ(result.bad_rows.size(), 1U);
  EXPECT_EQ(result.bad_rows[0].column, "funding_interval_hours");
  EXPECT_EQ(result.bad_rows[0].value, "0");
}

TEST(FileReader, CountsFieldsAndRefusesQuotes) {
  const auto result = read<Trade>(kHeader + "1,2,3\n" + row(1, ",extra\n") +
                                  "2,\"61800.30\",0.205,1,2,1723161256322,false\n" + row(3));
  EXPECT_EQ(ids(result), (Ids{3}));
  ASSERT_EQ(result.bad_rows.size(), 3U);
  EXPECT_EQ(result.bad_rows[0].fault, RowFault::FieldCount);
  EXPECT_EQ(result.bad_rows[0].column, "");
  EXPECT_EQ(result.bad_rows[0].value, "1,2,3");
  EXPECT_EQ(result.bad_rows[1].fault, RowFault::FieldCount);
  EXPECT_EQ(result.bad_rows[2].fault, RowFault::Quoted);
  EXPECT_EQ(result.bad_rows[2].column, "price");
}

TEST(FileReader, ABlankLineIsABadRowOnlyIfARowFollows) {
  const auto result = read<Trade>("\n" + row(1) + "\n\n" + row(2) + "\n\n");
  EXPECT_EQ(ids(result), (Ids{1, 2}));
  EXPECT_EQ(result.lines, (Ids{2, 5}));
  ASSERT_EQ(result.bad_rows.size(), 3U);
  EXPECT_EQ(result.bad_rows[0].line, 1);
  EXPECT_EQ(result.bad_rows[1].line, 3);
  EXPECT_EQ(result.bad_rows[2].line, 4);
  EXPECT_EQ(result.stats.rows_read, 5);
}

TEST(FileReader, KeepsABoundedListAndAnExactCount) {
  std::string text = kHeader;
  for (int i = 0; i < 50; ++i) text += i % 2 == 0 ? "bad\n" : "\n";
  text += row(1);
  const auto result = read<Trade>(text, {.max_bad_rows = 3});
  EXPECT_EQ(result.stats.bad_rows, 50);
  ASSERT_EQ(result.bad_rows.size(), 3U);
  EXPECT_EQ(result.bad_rows[2].line, 4);
  EXPECT_EQ(ids(result), (Ids{1}));
}

TEST(FileReader, AValueIsShownInAtMost80PrintableBytes) {
  const std::string foreign = "\x01\xff\"" + std::string(200, 'z');
  const auto result = read<Trade>(kHeader + foreign + "\n");
  ASSERT_EQ(result.bad_rows.size(), 1U);
  EXPECT_EQ(result.bad_rows[0].value, "??\"" + std::string(77, 'z'));
}

TEST(FileReader, ALineOverAMegabyteIsOneBadRow) {
  const std::string huge(3'000'000, '7');
  const auto result = read<Trade>(kHeader + row(1) + huge + "\n" + row(2) + huge);
  EXPECT_EQ(ids(result), (Ids{1, 2}));
  EXPECT_EQ(result.lines, (Ids{2, 4}));
  ASSERT_EQ(result.bad_rows.size(), 2U);
  EXPECT_EQ(result.bad_rows[0].fault, RowFault::LineTooLong);
  EXPECT_EQ(result.bad_rows[0].line, 3);
  EXPECT_EQ(result.bad_rows[0].value, std::string(80, '7'));
  EXPECT_EQ(result.bad_rows[1].line, 5);
}

TEST(FileReader, StrictStopsAtTheFirstBadRowAndSaysWhere) {
  const ReaderOptions strict{.strict = true};
  EXPECT_EQ(refusal<Trade>(kHeader + row(1) + "2,x,1,1,1,1723161256322,true\n", strict),
            "BTCUSDT-test.csv:3:price: not a decimal number: 'x'; correct or remove the row");
  EXPECT_EQ(read<Trade>(kHeader + row(1) + "\n", strict).records.size(), 1U);
}

TEST(FileReader, AnEmptyFileIsAnError) {
  for (const char* text : {"", "\n", "\r\n\n", "\xEF\xBB\xBF"}) {
    EXPECT_NE(refusal<Trade>(text).find("empty"), std::string::npos);
  }
  EXPECT_TRUE(read<Trade>(kHeader).records.empty()) << "a header alone is a file without rows";
}

TEST(FileReader, RefusesOtherKindsAndMarketsInOneLine) {
  EXPECT_NE(refusal<Quote>(kHeader).find("a file of aggTrades in place of bookTicker"),
            std::string::npos);
  EXPECT_NE(refusal<Trade>("26129,0.01,4.7,27781,27781,1498793709153,True,True\n")
                .find("a row of spot aggTrades in place of aggTrades"),
            std::string::npos);
  EXPECT_NE(
      refusal<Trade>(kHeader + row(1), {}, "x/BTCUSD_PERP-aggTrades-2024-01-01.csv").find("COIN-M"),
      std::string::npos);
  EXPECT_NE(refusal<Metrics>("create_time,symbol,sum_open_interest,sum_open_interest_value,"
                             "count_toptrader_long_short_ratio,sum_toptrader_long_short_ratio,"
                             "count_long_short_ratio,sum_taker_long_short_vol_ratio\n"
                             "2023-11-23 09:35:00,BTCUSD_PERP,1,1,1,1,1,1\n",
                             {.file_day = std::chrono::sys_days{2023y / 11 / 23}})
                .find("COIN-M"),
            std::string::npos);
}

TEST(FileReader, TheFirstTimeDecidesTheUnitOfTheFile) {
  const auto micro = read<Trade>("1,1,1,1,1,1735689600000123,True\n1,1,1,1,1,1735689600000,True\n");
  EXPECT_EQ(micro.stats.unit, TimeUnit::Microseconds);
  ASSERT_EQ(micro.records.size(), 1U);
  EXPECT_EQ(micro.records[0].ts_event, from_ns(1'735'689'600'000'123'000));
  ASSERT_EQ(micro.bad_rows.size(), 1U);
  EXPECT_EQ(micro.bad_rows[0].fault, RowFault::BadTime);

  const auto milli = read<Trade>(row(1) + "1,1,1,1,1,1735689600000123,true\n" + row(2));
  EXPECT_EQ(milli.stats.unit, TimeUnit::Milliseconds);
  EXPECT_EQ(milli.stats.bad_rows, 1);

  const auto second = read<Trade>("1,1,1,1,1,1735689600,true\n");
  EXPECT_EQ(second.stats.unit, TimeUnit::Seconds);
  EXPECT_EQ(second.records.at(0).ts_event, from_ms(1'735'689'600'000));

  const auto none = read<Trade>("1,1,1,1,1,17,true\n" + row(1));
  EXPECT_EQ(none.stats.unit, TimeUnit::Milliseconds) << "no time at all decides nothing";
  EXPECT_EQ(ids(none), (Ids{1}));
}

TEST(FileReader, BlocksAreInFileOrderWhateverTheirSize) {
  std::string text = kHeader;
  Ids expected;
  for (int i = 0; i < 1'000; ++i) {
    text += i % 7 == 3 ? "bad\n" : row(i, i % 5 == 0 ? "\r\n" : "\n");
    if (i % 7 != 3) expected.push_back(i);
  }
  const auto whole = read<Trade>(text);
  EXPECT_EQ(ids(whole), expected);
  for (const std::size_t block : {1U, 200U, 9'999U}) {
    for (const std::size_t piece : {13U, 64U, 100'000U}) {
      const auto result = read<Trade>(text, {.block_bytes = block}, piece);
      EXPECT_EQ(ids(result), expected);
      EXPECT_EQ(result.lines, whole.lines);
      EXPECT_EQ(result.bad_rows.size(), whole.bad_rows.size());
    }
  }
}

TEST(FileReader, ABlockMayEndAnywhereWhateverIsWrongThere) {
  const std::string mark = "\xEF\xBB\xBF";
  const std::string body = row(1) + row(2, "\r\n") + "\n\r\n" + row(3) + "4,x,1,1,1,1,true\n" +
                           kHeader + row(5) + std::string(300, '7') + "\n" + row(6) +
                           "7,0061800.3,0.2,3,4,1723161256322,true\n" + row(8) + "1,2\r\n";
  const std::vector<std::string> texts = {mark + kHeader + body + row(9, ""),
                                          kHeader + body + "9,6180",
                                          body + row(9) + "\n\n",
                                          "\n\n" + body,
                                          "7,x,1,1,1,1,true\n" + body,
                                          row(1, "")};
  for (const std::string& text : texts) {
    const ReaderOptions options{.max_bad_rows = 6, .max_line_bytes = 250};
    const auto whole = read<Trade>(text, options);
    for (std::size_t block = 1; block < text.size() + 2; ++block) {
      ReaderOptions other = options;
      other.block_bytes = block;
      const auto result = read<Trade>(text, other);
      ASSERT_EQ(ids(result), ids(whole)) << block;
      ASSERT_EQ(result.lines, whole.lines) << block;
      ASSERT_EQ(result.stats.bad_rows, whole.stats.bad_rows) << block;
      ASSERT_EQ(result.bad_rows.size(), whole.bad_rows.size()) << block;
      for (std::size_t i = 0; i < whole.bad_rows.size(); ++i) {
        EXPECT_EQ(result.bad_rows[i].line, whole.bad_rows[i].line) << block;
        EXPECT_EQ(result.bad_rows[i].byte, whole.bad_rows[i].byte) << block;
        EXPECT_EQ(result.bad_rows[i].value, whole.bad_rows[i].value) << block;
        EXPECT_EQ(result.bad_rows[i].fault, whole.bad_rows[i].fault) << block;
      }
    }
  }
}

TEST(FileReader, MetricsKeepOneSymbolAndMoveByTheFilesDay) {
  const std::string first = "2026-06-25 00:00:00,BTCUSDT,1,1,1,1,1,1\n";
  const std::string other = "2026-06-25 00:05:00,ETHUSDT,1,1,1,1,1,1\n";
  const std::string last = "2026-06-25 00:10:00,BTCUSDT,,,,,,\n";
  const Timestamp midnight = std::chrono::sys_days{2026y / 6 / 25};

  const auto of_25th = read<Metrics>(first + other + last, {.file_day = Day{2026y / 6 / 25}});
  ASSERT_EQ(of_25th.records.size(), 2U);
  EXPECT_EQ(of_25th.records[0].ts_event, midnight + 5min);
  EXPECT_EQ(of_25th.records[1].ts_event, midnight + 15min);
  EXPECT_EQ(of_25th.bad_rows.at(0).fault, RowFault::WrongSymbol);
  EXPECT_EQ(of_25th.bad_rows.at(0).column, "symbol");
  EXPECT_EQ(of_25th.stats.unit, std::nullopt);

  // C4: the label 00:00 stands in both files of the change and gives two stamps.
  const auto of_24th = read<Metrics>(first, {.file_day = Day{2026y / 6 / 24}});
  EXPECT_EQ(of_24th.records.at(0).ts_event, midnight);

  const auto named =
      read<Metrics>(first + other, {.file_day = Day{2026y / 6 / 25}, .symbol = "ETHUSDT"});
  ASSERT_EQ(named.records.size(), 1U);
  EXPECT_EQ(named.records[0].ts_event, midnight + 10min);
}

TEST(FileReader, NeverGivesATsInit) {
  for (const Trade& trade : read<Trade>(row(1) + row(2)).records) {
    EXPECT_EQ(trade.ts_init, Timestamp{});
  }
}

}  // namespace
}  // namespace toxvol::csv
