#include "toxvol/csv/fast_row.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/csv/text_source.hpp"
#include "tests/support/turns.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/agg_trade_row.hpp"
#include "toxvol/csv/block_cutter.hpp"
#include "toxvol/csv/book_ticker_row.hpp"
#include "toxvol/csv/fast_quote_wide.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {
namespace {

void expect_same(const Quote& a, const Quote& b, const std::string& line) {
  EXPECT_EQ(a.ts_event, b.ts_event) << line;
  EXPECT_EQ(a.ts_init, b.ts_init) << line;
  EXPECT_EQ(a.ts_sent, b.ts_sent) << line;
  EXPECT_EQ(a.update_id, b.update_id) << line;
  EXPECT_EQ(a.bid, b.bid) << line;
  EXPECT_EQ(a.ask, b.ask) << line;
  EXPECT_EQ(a.bid_qty, b.bid_qty) << line;
  EXPECT_EQ(a.ask_qty, b.ask_qty) << line;
}
void expect_same(const Trade& a, const Trade& b, const std::string& line) {
  EXPECT_EQ(a.ts_event, b.ts_event) << line;
  EXPECT_EQ(a.ts_init, b.ts_init) << line;
  EXPECT_EQ(a.agg_trade_id, b.agg_trade_id) << line;
  EXPECT_EQ(a.price, b.price) << line;
  EXPECT_EQ(a.qty, b.qty) << line;
  EXPECT_EQ(a.aggressor, b.aggressor) << line;
  EXPECT_EQ(a.first_trade_id, b.first_trade_id) << line;
  EXPECT_EQ(a.last_trade_id, b.last_trade_id) << line;
}

auto careful(std::string_view line, const Quote&) {
  return parse_book_ticker(test::fields<7>(line), TimeUnit::Milliseconds);
}
auto careful(std::string_view line, const Trade&) {
  return parse_agg_trade(test::fields<7>(line), TimeUnit::Milliseconds);
}

/// Whether `line` (with its end) is taken; then it is what the careful parser reads.
template <class Record>
bool is_taken(const std::string& line) {
  std::string padded = line + std::string(kPadding, '\0');
  Record dirty;
  dirty.ts_init = from_ms(1);
  std::array<Record, 1> rows{dirty};
  const char* at = padded.data();
  const std::size_t taken = fast_rows(at, std::span<Record>{rows});
  if (taken == 0) {
    EXPECT_EQ(at, padded.data());
    return false;
  }
  EXPECT_EQ(at, padded.data() + line.size()) << line;
  EXPECT_LE(line.size(), kLongestFastRow) << line;
  std::string_view text = line;
  text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
  const auto expected = careful(text, rows[0]);
  EXPECT_TRUE(expected) << line;
  if (expected) expect_same(rows[0], *expected, line);
  return true;
}

TEST(FastRow, TakesTheRowsOfRealFiles) {
  EXPECT_TRUE(
      is_taken<Quote>("5123107840008,61800.20,2.507,61800.30,2.504,1723161256322,1723161256325\n"));
  EXPECT_TRUE(is_taken<Quote>(
      "5123107840008,27077.3,120.507,27077.4,0.001,1684237787209,1684237787214\r\n"));
  EXPECT_TRUE(
      is_taken<Quote>("4123107840008,2474.30000000,12.50000000,2474.40000000,1.00000000,"
                      "1706745600000,1706745600001\n"));
  EXPECT_TRUE(
      is_taken<Trade>("5266583935,61800.30,0.205,5266583930,5266583936,1723161256322,false\n"));
  EXPECT_TRUE(is_taken<Trade>("1,9682,1,1,1,1723161256322,true\r\n"));
}

TEST(FastRow, LeavesEveryFaultToTheCarefulParser) {
  const std::string good =
      "5123107840008,61800.20,2.507,61800.30,2.504,1723161256322,1723161256325";
  ASSERT_TRUE(is_taken<Quote>(good + "\n"));
  for (const char* line :
       {"", "\n", "x,61800.20,2.507,61800.30,2.504,1723161256322,1723161256325\n",
        ",61800.20,2.507,61800.30,2.504,1723161256322,1723161256325\n",
        "5123107840008,,2.507,61800.30,2.504,1723161256322,1723161256325\n",
        "5123107840008,.,2.507,61800.30,2.504,1723161256322,1723161256325\n",
        "5123107840008,1.2.3,2.507,61800.30,2.504,1723161256322,1723161256325\n",
        "5123107840008,-1.2,2.507,61800.30,2.504,1723161256322,1723161256325\n",
        "5123107840008,61800.20,2.507,61800.30,2.504,723161256322,1723161256325\n",
        "5123107840008,61800.20,2.507,61800.30,2.504,9723161256322,1723161256325\n",
        "5123107840008,61800.20,2.507,61800.30,2.504,1723161256322,172316125632\n",
        "5123107840008,61800.20,2.507,61800.30,2.504,1723161256322,17231612563255\n",
        "5123107840008,61800.20,2.507,61800.30,2.504,1723161256322,1723161256325,\n",
        "5123107840008,61800.20,2.507,61800.30,2.504,1723161256322\n",
        "5123107840008,61800.20,2.507\n1,61800.30,2.504,1723161256322,1723161256325\n",
        "51231078400081234,61800.20,2.507,61800.30,2.504,1723161256322,1723161256325\n",
        "5123107840008,61800.200000001,2.507,61800.30,2.504,1723161256322,1723161256325\n"}) {
    EXPECT_FALSE(is_taken<Quote>(line)) << line;
  }
  EXPECT_FALSE(is_taken<Quote>(good)) << "no line end: the line may go on";
  EXPECT_FALSE(is_taken<Quote>(good + "\r")) << "no line end: the line may go on";
  EXPECT_FALSE(is_taken<Trade>("1,0.0,1,1,1,1723161256322,true\n"));
  EXPECT_FALSE(is_taken<Trade>("1,1,0,1,1,1723161256322,true\n"));
  EXPECT_FALSE(is_taken<Trade>("1,1,1,1,1,1723161256322,tru\n"));
  EXPECT_FALSE(is_taken<Trade>("1,1,1,1,1,1723161256322,truee\n"));
  EXPECT_FALSE(is_taken<Trade>("1,1,1,1,1,1723161256322,fals\n"));
}

/// Numbers of every length and number of decimals.
template <class Random>
std::string number(Random& random, bool decimal) {
  std::string digits = fmt::format("{}", random() >> (random() % 64));
  if (decimal && random() % 8 != 0) digits.insert(random() % (digits.size() + 1), ".");
  return digits;
}

TEST(FastRow, AgreesWithTheCarefulParserOnAnyNumbers) {
  std::mt19937_64 random{7};
  int quotes = 0;
  int trades = 0;
  constexpr int kLines = 50'000;
  for (int i = 0; i < kLines; ++i) {
    const auto whole = [&random] { return number(random, false); };
    const auto part = [&random] { return number(random, true).substr(0, 17); };
    const std::uint64_t ms = 1'600'000'000'000 + random() % 100'000'000'000;
    std::string quote = fmt::format("{},{},{},{},{},{},{}\n", whole().substr(0, 17), part(), part(),
                                    part(), part(), ms, ms + 1);
    std::string trade = fmt::format("{},{},{},{},{},{},{}\n", whole(), part(), part(), whole(),
                                    whole(), ms, random() % 2 == 0 ? "true" : "false");
    if (i % 2 == 0) {  // one byte of damage
      constexpr std::string_view kBytes = "0159.,-\n\r \"e";
      quote[random() % quote.size()] = kBytes[random() % kBytes.size()];
      trade[random() % trade.size()] = kBytes[random() % kBytes.size()];
    }
    quotes += is_taken<Quote>(quote.substr(0, quote.find('\n') + 1)) ? 1 : 0;
    trades += is_taken<Trade>(trade.substr(0, trade.find('\n') + 1)) ? 1 : 0;
  }
  EXPECT_GT(quotes, kLines / 100);
  EXPECT_GT(trades, kLines / 100);
}

/// Everything that `take` takes of `text`.
template <class Take>
std::vector<Quote> all_quotes(const std::string& text, Take&& take, const char*& at) {
  std::vector<Quote> rows(text.size());
  at = text.data();
  rows.resize(take(at, std::span<Quote>{rows}));
  return rows;
}

TEST(FastRow, TakesWithWideRegistersWhatItTakesWithoutOrMore) {
  if (!has_wide_registers()) GTEST_SKIP() << "this processor has none";
  std::mt19937_64 random{8};
  std::size_t wide = 0;
  const int turns = toxvol::test::turns(5'000, 20'000);
  for (int turn = 0; turn < turns; ++turn) {
    std::string text;
    for (int line = 0; line < 3; ++line) {
      // Sizes on both sides of every bound, the sixth comma among 64 characters and not.
      const auto part = [&random] { return number(random, true).substr(0, 1 + random() % 10); };
      const std::uint64_t ms = 1'600'000'000'000 + random() % 100'000'000'000;
      text += fmt::format("{},{},{},{},{},{},{}{}\n", number(random, false).substr(0, 17), part(),
                          part(), part(), part(), ms, ms + 1, random() % 4 == 0 ? "\r" : "");
    }
    if (turn % 2 == 0) {
      constexpr std::string_view kBytes = "0159.,-\n\r \"e:/\xff";
      text[random() % text.size()] = kBytes[random() % kBytes.size()];
    }
    text.append(kPadding, '\0');
    const char* narrow_end = nullptr;
    const char* end = nullptr;
    const auto narrow = all_quotes(text, fast_quotes_narrow, narrow_end);
    const auto both = all_quotes(
        text, [](const char*& at, std::span<Quote> rows) { return fast_rows(at, rows); }, end);
    ASSERT_GE(both.size(), narrow.size()) << text;
    for (std::size_t i = 0; i < narrow.size(); ++i) expect_same(both[i], narrow[i], text);
    const char* line = text.data();
    for (const Quote& quote : both) {
      std::string_view one{line, std::string_view{line}.find('\n')};
      line += one.size() + 1;
      if (one.ends_with('\r')) one.remove_suffix(1);
      const auto expected = careful(one, quote);
      ASSERT_TRUE(expected) << text;
      expect_same(quote, *expected, text);
    }
    EXPECT_EQ(end, line) << text;
    wide += all_quotes(text, fast_quotes_wide, end).size();
  }
  EXPECT_GT(wide, static_cast<std::size_t>(turns) / 10);
}

TEST(FastRow, TakesManyAndStopsAtTheFirstUnusualLine) {
  const std::string good = "1,1,1,1,1,1723161256322,true\n";
  std::string text = good + good + "1,1,1,1,1,1723161256322,True\n" + good;
  const std::size_t expected = 2 * good.size();
  text.append(kPadding, '\0');
  std::array<Trade, 8> rows;
  const char* at = text.data();
  EXPECT_EQ(fast_rows(at, std::span<Trade>{rows}), 2U);
  EXPECT_EQ(at, text.data() + expected);
  at = text.data();
  EXPECT_EQ(fast_rows(at, std::span<Trade>{rows}.first(1)), 1U);
  EXPECT_EQ(at, text.data() + good.size());
}

}  // namespace
}  // namespace toxvol::csv
