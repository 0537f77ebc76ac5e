#include "toxvol/evaluate/makers.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/evaluate/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/mids.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::evaluate {
namespace {

using std::chrono::seconds;
using test::kStart;
using test::quote;
using trading::FillRecord;
using trading::OrderRecord;

OrderRecord order(std::int64_t id, trading::OrderType type = trading::OrderType::Limit) {
  OrderRecord made;
  made.submit.id = trading::OrderId{id};
  made.submit.side = Side::Buy;
  made.submit.type = type;
  made.ts_accepted = kStart + seconds{id};
  made.ts_done = kStart + seconds{id + 30};
  return made;
}
FillRecord fill(std::int64_t id, trading::Liquidity liquidity = trading::Liquidity::Maker) {
  FillRecord made;
  made.order = trading::OrderId{id};
  made.ts = kStart + seconds{id + 10};
  made.price = test::price(99.0);
  made.liquidity = liquidity;
  return made;
}

TEST(Resting, AreEntriesThatWaited) {
  OrderRecord exit = order(3);
  exit.submit.intent.role = trading::Role::TakeProfit;
  OrderRecord rejected = order(4);
  rejected.ts_accepted.reset();
  OrderRecord open = order(5);
  open.ts_done.reset();
  const auto entries = resting_entries(
      {order(1), order(2), exit, rejected, open, order(6, trading::OrderType::Market), order(7)},
      {fill(2), fill(2), fill(7, trading::Liquidity::Taker)});
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_FALSE(entries[0].filled);  // order 1 ended without a fill
  EXPECT_EQ(entries[1].accepted, kStart + seconds{2});
  EXPECT_EQ(entries[1].filled, kStart + seconds{12});
  EXPECT_EQ(entries[2].price, 99.0);  // each fill is one
}

const MarkoutRow& line_of(const std::vector<MarkoutRow>& lines, std::string_view fate,
                          std::string_view ref, std::int64_t tau) {
  for (const MarkoutRow& line : lines) {
    if (line.fate == fate && line.ref == ref && line.tau_s == tau) return line;
  }
  ADD_FAILURE() << "no such line";
  return lines.front();
}

std::vector<MarkoutRow> lines_of(const std::vector<Resting>& entries,
                                 const std::vector<Quote>& quotes,
                                 Timestamp end = kStart + std::chrono::hours{1}) {
  Mids mids;
  ask_mids(entries, mids);
  for (const Quote& q : quotes) mids.add(q);
  mids.finish();
  return markouts(entries, mids, end, "risk_averse", {.seed = 1, .resamples = 99});
}

/// A buy accepted at 1 s at 100, filled at 11 s at 99, where the mid is 98; a minute later 97.
const std::vector<Resting> kFilled = {{.side = Side::Buy,
                                       .accepted = kStart + seconds{1},
                                       .filled = kStart + seconds{11},
                                       .price = 99.0}};
const std::vector<Quote> kFalling = {quote(1'000, 100.0), quote(11'000, 98.0), quote(60'000, 97.0)};

TEST(Markouts, AreOfPriceMidAndAcceptance) {
  const auto lines = lines_of(kFilled, kFalling);
  EXPECT_EQ(lines.size(), 5 * kMarkoutSeconds.size());
  EXPECT_NEAR(line_of(lines, "filled", "price", 60).mean.value(), 1e4 * -2.0 / 99.0, 1e-9);
  EXPECT_NEAR(line_of(lines, "filled", "mid", 60).mean.value(), 1e4 * -1.0 / 98.0, 1e-9);
  EXPECT_NEAR(line_of(lines, "filled", "accepted", 60).mean.value(), 1e4 * -3.0 / 100.0, 1e-9);
  EXPECT_NEAR(line_of(lines, "filled", "accepted", 5).mean.value(), 0.0, 1e-12);
  EXPECT_EQ(line_of(lines, "unfilled", "accepted", 60).n, 0);
  EXPECT_EQ(line_of(lines, "both", "accepted", 60).n, 1);
  EXPECT_EQ(line_of(lines, "filled", "price", 60).negative, 1.0);
  EXPECT_EQ(line_of(lines, "filled", "price", 60).note, "too_short");
}

TEST(Markouts, OfASellHaveTheOtherSign) {
  std::vector<Resting> sold = kFilled;
  sold[0].side = Side::Sell;
  EXPECT_NEAR(line_of(lines_of(sold, kFalling), "filled", "price", 60).mean.value(),
              1e4 * 2.0 / 99.0, 1e-9);
}

// At 71 s the quote of 60 s is the last; at 311 s it is 251 s old, and nothing is known.
TEST(Markouts, AQuoteOlderThanAMinuteIsNone) {
  const auto lines = lines_of(kFilled, kFalling);
  EXPECT_EQ(line_of(lines, "filled", "price", 60).n, 1);
  EXPECT_EQ(line_of(lines, "filled", "price", 300).n, 0);
  const auto edge = lines_of(kFilled, {quote(1'000, 100.0), quote(11'000, 98.0)});
  EXPECT_EQ(line_of(edge, "filled", "price", 60).n, 1);  // exactly 60 s old
  const auto over = lines_of(kFilled, {quote(1'000, 100.0), quote(10'999, 98.0)});
  EXPECT_EQ(line_of(over, "filled", "price", 60).n, 0);
}

TEST(Markouts, NothingIsKnownFromTheEndOn) {
  const Timestamp end = kStart + seconds{71};
  EXPECT_EQ(line_of(lines_of(kFilled, kFalling, end), "filled", "price", 60).n, 0);
  EXPECT_EQ(line_of(lines_of(kFilled, kFalling, end + Duration{1}), "filled", "price", 60).n, 1);
}

TEST(Markouts, AdverseSelectionIsWhatFilledFareWorseThanAll) {
  std::vector<Resting> entries = kFilled;
  entries.push_back({.side = Side::Buy, .accepted = kStart + seconds{11}, .filled = {}});
  const auto adverse = adverse_selection(lines_of(entries, kFalling));
  ASSERT_EQ(adverse.size(), kMarkoutSeconds.size());
  const double filled = 1e4 * -3.0 / 100.0;
  const double unfilled = 1e4 * -1.0 / 98.0;
  EXPECT_NEAR(adverse[4].bp.value(), filled - (filled + unfilled) / 2.0, 1e-9);
  EXPECT_TRUE(adverse_selection({}).empty());
  EXPECT_TRUE(lines_of({}, kFalling).empty());
}

}  // namespace
}  // namespace toxvol::evaluate
