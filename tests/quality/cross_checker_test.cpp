#include "toxvol/quality/cross_checker.hpp"

#include <chrono>
#include <span>

#include <gtest/gtest.h>

#include "tests/quality/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::quality {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST(CrossChecker, AcceptsVolumeThatAnAggTradeCarriesOverTheMinute) {
  CrossChecker checker{kDate};
  Findings out;
  checker.on(trade(1, seconds{0}), out);
  checker.on(trade(2, seconds{59}), out);  // in the kline half of it belongs to the next minute
  checker.on(trade(3, seconds{119}), out);
  checker.on(trade(4, seconds{240}), out);
  Bar first = bar(minutes{0}, 1.5);
  first.taker_buy_volume = qty(1.5);
  Bar second = bar(minutes{1}, 1.5);
  second.taker_buy_volume = qty(1.5);
  checker.on(first, out);
  checker.on(second, out);
  checker.finish(out);
  EXPECT_TRUE(out.list().empty());
}

TEST(CrossChecker, ReportsVolumeThatIsMissing) {
  CrossChecker checker{kDate};
  Findings out;
  checker.on(trade(1, seconds{0}), out);
  checker.on(trade(2, seconds{240}), out);
  Bar first = bar(minutes{0}, 3.0);
  first.taker_buy_volume = qty(1.0);
  checker.on(first, out);
  checker.finish(out);
  ASSERT_EQ(out.count(Code::VolumeMismatch), 1);
  EXPECT_EQ(out.list()[0].value, "1 in aggTrades, 3 in klines");
  EXPECT_EQ(out.count(Code::TakerMismatch), 0);
}

TEST(CrossChecker, FindsTradesOutsideTheQuotesAroundThem) {
  CrossChecker checker{kDate};
  Findings out;
  for (int i = 0; i < 5; ++i) {
    const Quote quote{.ts_event = kStart + seconds{i}, .bid = price(99.9), .ask = price(100.1)};
    checker.on(std::span{&quote, 1});
  }
  const Trade inside = trade(1, seconds{2});
  Trade outside = trade(2, seconds{2});
  outside.price = price(100.2);
  Trade unknown = trade(3, seconds{10});  // no quotes there
  unknown.price = price(200.0);
  checker.on(inside, out);
  checker.on(outside, out);
  checker.on(unknown, out);
  EXPECT_EQ(out.count(Code::TradeOutsideQuotes), 1);
}

}  // namespace
}  // namespace toxvol::quality
