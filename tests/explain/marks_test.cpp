#include "toxvol/explain/marks.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/explain/explanation.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::explain {
namespace {

constexpr Timestamp kFill{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};

Timestamp after(std::int64_t milliseconds) {
  return kFill + std::chrono::milliseconds{milliseconds};
}

/// A bid one below and an ask one above `mid`.
Quote quote(Timestamp ts, std::int64_t mid) {
  return {.ts_event = ts,
          .ts_init = ts,
          .bid = Price::from_raw((mid - 1) * Price::kOne),
          .ask = Price::from_raw((mid + 1) * Price::kOne)};
}

std::vector<Markout> markouts(Side side, const std::vector<Quote>& quotes,
                              Timestamp end = Timestamp::max()) {
  trading::FillRecord fill;
  fill.ts = kFill;
  fill.side = side;
  fill.price = Price::from_raw(1000 * Price::kOne);
  Marks marks{std::vector{fill}};
  for (const Quote& q : quotes) marks.add(q);
  marks.finish();
  return marks.of(fill, end);
}

TEST(Marks, TakeTheLastQuoteAtOrBeforeTheTime) {
  // At 1 s exactly the quote of that instant counts; one a millisecond later does not.
  const auto found = markouts(
      Side::Buy, {quote(after(0), 999), quote(after(1000), 1001), quote(after(1001), 1009)});
  ASSERT_EQ(found.size(), kMarkoutSeconds.size());
  EXPECT_EQ(found[0].after_s, 1);
  EXPECT_EQ(found[0].mid, 1001.0);
  EXPECT_DOUBLE_EQ(*found[0].drift_bp, 10.0);
  EXPECT_EQ(found[1].mid, 1009.0);
}

TEST(Marks, CountForUsWhatFallsAfterASale) {
  EXPECT_DOUBLE_EQ(*markouts(Side::Sell, {quote(after(0), 999)})[0].drift_bp, 10.0);
  EXPECT_DOUBLE_EQ(*markouts(Side::Sell, {quote(after(0), 1002)})[0].drift_bp, -20.0);
}

TEST(Marks, DropAQuoteThatIsOlderThanAMinute) {
  // Of a quote at 0 s the mid at 60 s still is known, that at 300 s not.
  const auto found = markouts(Side::Buy, {quote(after(0), 1000)});
  EXPECT_EQ(found[4].after_s, 60);
  EXPECT_EQ(found[4].mid, 1000.0);
  EXPECT_EQ(found[5].mid, std::nullopt);
  EXPECT_EQ(found[5].drift_bp, std::nullopt);
  EXPECT_EQ(markouts(Side::Buy, {quote(after(-1), 1000)})[4].mid, std::nullopt);
}

TEST(Marks, KnowNothingBeforeTheFirstQuoteAndBeyondTheEnd) {
  EXPECT_EQ(markouts(Side::Buy, {quote(after(1001), 1000)})[0].mid, std::nullopt);
  const auto found = markouts(Side::Buy, {quote(after(0), 1000)}, after(5000));
  EXPECT_EQ(found[0].mid, 1000.0);
  EXPECT_EQ(found[1].mid, std::nullopt) << "5 s after it the run has ended";
  EXPECT_EQ(markouts(Side::Buy, {})[0].mid, std::nullopt);
}

}  // namespace
}  // namespace toxvol::explain
