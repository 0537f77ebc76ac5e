#include "toxvol/engine/latency.hpp"

#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/duration.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"

namespace toxvol::engine::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

TEST(Latency, ArrivalDropsTheDecisionsFractionAndRoundsTheLatencyUp) {
  const Timestamp base = ms(100);
  EXPECT_EQ(arrival_time(base, Duration{}), ms(101));
  EXPECT_EQ(arrival_time(base + nanoseconds{999'999}, Duration{}), ms(101));
  EXPECT_EQ(arrival_time(base, milliseconds{20}), ms(121));
  EXPECT_EQ(arrival_time(base, milliseconds{20} + nanoseconds{1}), ms(122));
  EXPECT_EQ(arrival_time(base, nanoseconds{1}), ms(102));
}

// The expected numbers come from Python's statistics.NormalDist and its own splitmix64.
TEST(Latency, DrawsDependOnSeedAndIdAlone) {
  ExchangeParams params;
  params.order_latency = {
      .kind = Latency::Kind::Lognormal, .value = milliseconds{20}, .sigma = 0.5};
  params.data_latency = {.kind = Latency::Kind::Lognormal, .value = milliseconds{10}, .sigma = 0.5};
  const LatencyModel model{params, 1};
  EXPECT_NEAR(static_cast<double>(model.of_order(7).count()), 19145199.07, 1.0);
  EXPECT_NEAR(static_cast<double>(model.of_order(8).count()), 12471658.82, 1.0);
  EXPECT_NEAR(static_cast<double>(model.of_data(Delivery::Trade, 5).count()), 27293316.45, 1.0);
  Quote quote;
  quote.update_id = 5;
  EXPECT_NEAR(static_cast<double>(model.of(quote).count()), 9011601.73, 1.0);
  EXPECT_EQ(model.of_order(7), model.of_order(7));
  EXPECT_NE(LatencyModel(params, 2).of_order(7), model.of_order(7));
}

TEST(Latency, ADrawIsNeverLongerThanTenYears) {
  ExchangeParams params;
  params.order_latency = {
      .kind = Latency::Kind::Lognormal, .value = std::chrono::hours{1}, .sigma = 5.0};
  const LatencyModel model{params, 1};
  int longest = 0;
  for (std::int64_t order = 0; order < 10'000; ++order) {
    const Duration drawn = model.of_order(order);
    ASSERT_GE(drawn, Duration{}) << order;
    ASSERT_LE(drawn, kLongest) << order;
    longest += drawn == kLongest ? 1 : 0;
  }
  EXPECT_GT(longest, 10);  // 1 % of them, of which a tenth no 64 bits would hold
}

TEST(Latency, RecordedIsAQuotesOwnDelayAndNothingForTheRest) {
  ExchangeParams params;
  params.data_latency.kind = Latency::Kind::Recorded;
  const LatencyModel model{params, 1};
  Quote quote;
  quote.ts_event = ms(10);
  quote.ts_sent = ms(13);
  EXPECT_EQ(model.of(quote), milliseconds{3});
  quote.ts_sent = ms(9);
  EXPECT_EQ(model.of(quote), Duration{});
  EXPECT_EQ(model.of_data(Delivery::Trade, 1), Duration{});
}

}  // namespace
}  // namespace toxvol::engine::test
