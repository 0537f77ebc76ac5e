#include "toxvol/jobs/poison/known_then.hpp"

#include <chrono>
#include <optional>

#include <gtest/gtest.h>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using trading::CommandOutcome;
using trading::OrderStatus;

constexpr Timestamp kEnd = from_ms(1'705'017'600'000);  // of a minute
constexpr Duration kBarBand{800'000};
constexpr Duration kLatency = milliseconds{10};

engine::EngineParams params_with_ticks() {
  engine::EngineParams params;
  params.exchange.data_latency = {.value = kLatency};
  params.inputs = {.trades = true, .quotes = true, .bars = true};
  return params;
}

strategy::DecisionRow decision() {
  strategy::DecisionRow row;
  row.factors.ts = kEnd;
  row.factors.ts_init = kEnd + kBarBand;
  return row;
}

TEST(KnownThenTest, ADecisionUsesWhatWasKnownADataLatencyBeforeIt) {
  engine::EngineParams params = params_with_ticks();
  EXPECT_EQ(KnownThen{params}.of(decision()), kEnd + kBarBand);
  params.bar_delay = seconds{5};  // it is made later, and ticks of these 5 s are known then
  EXPECT_EQ(KnownThen{params}.of(decision()), kEnd + kBarBand + seconds{5});
  params.exchange.profile = engine::Profile::Nautilus1231;  // has neither
  EXPECT_EQ(KnownThen{params}.of(decision()), kEnd + kBarBand);
}

TEST(KnownThenTest, WithARandomLatencyADecisionIsOfTheTimeWhenItIsMade) {
  engine::EngineParams params = params_with_ticks();
  params.exchange.data_latency = {
      .kind = engine::Latency::Kind::Lognormal, .value = kLatency, .sigma = 0.5};
  EXPECT_GT(KnownThen{params}.of(decision()), kEnd + kBarBand + milliseconds{1});
  params.exchange.data_latency = {.kind = engine::Latency::Kind::Recorded};  // bars have none
  EXPECT_EQ(KnownThen{params}.of(decision()), kEnd + kBarBand);
}

TEST(KnownThenTest, ACommandIsKnownByWhatItsStrategySawAndItsOutcomeWhenItArrives) {
  const trading::CommandRecord command{.seq = 1,
                                       .ts_sent = kEnd + kLatency,
                                       .ts_arrive = kEnd + milliseconds{31},
                                       .outcome = CommandOutcome::Accepted};
  const KnownThen known{params_with_ticks()};
  EXPECT_FALSE(known.before(kEnd, command));
  const auto sent = known.before(kEnd + Duration{1}, command);
  ASSERT_TRUE(sent);
  EXPECT_FALSE(sent->ts_arrive);
  EXPECT_EQ(sent->outcome, CommandOutcome::Never);
  EXPECT_FALSE(known.before(kEnd + milliseconds{31}, command)->ts_arrive);
  EXPECT_EQ(known.before(kEnd + milliseconds{32}, command)->outcome, CommandOutcome::Accepted);

  engine::EngineParams bars = params_with_ticks();
  bars.inputs = {.bars = true};  // X22: the exchange asks when a bar ends
  EXPECT_FALSE(KnownThen{bars}.before(kEnd + kLatency, command));
  EXPECT_TRUE(KnownThen{bars}.before(kEnd + kLatency + Duration{1}, command));
}

TEST(KnownThenTest, AnOrderIsOpenUntilItIsDone) {
  trading::OrderRecord order;
  order.ts_submit = kEnd + kLatency;
  order.ts_arrive = kEnd + milliseconds{31};
  order.ts_accepted = order.ts_arrive;
  order.ts_done = kEnd + seconds{2};
  order.status = OrderStatus::Filled;
  order.filled_qty = Qty::from_raw(5);
  const KnownThen known{params_with_ticks()};
  EXPECT_FALSE(known.before(kEnd, order));
  const auto open = known.before(kEnd + seconds{2}, order);
  ASSERT_TRUE(open);
  EXPECT_TRUE(open->ts_accepted);
  EXPECT_EQ(open->status, OrderStatus::Open);
  EXPECT_EQ(open->filled_qty, Qty{});
  const auto done = known.before(kEnd + seconds{2} + Duration{1}, order);
  EXPECT_EQ(done->status, OrderStatus::Filled);
  EXPECT_EQ(done->filled_qty, Qty::from_raw(5));

  order.ts_arrive = order.ts_submit;  // the exchange's own, of its own time
  EXPECT_FALSE(known.before(kEnd + kLatency, order));
  EXPECT_TRUE(known.before(kEnd + kLatency + Duration{1}, order));
}

TEST(KnownThenTest, FillsAndPositionsAreOfTheExchangesClock) {
  const KnownThen known{params_with_ticks()};
  trading::FillRecord fill;
  fill.ts = kEnd;
  fill.ts_init = kEnd + kLatency;
  EXPECT_FALSE(known.before(kEnd, fill));
  EXPECT_TRUE(known.before(kEnd + Duration{1}, fill));

  trading::PositionRecord position;
  position.ts_open = kEnd;
  position.ts_close = kEnd + seconds{9};
  position.n_fills = 2;
  position.stop = Price::from_raw(7);
  EXPECT_FALSE(known.before(kEnd, position));
  EXPECT_EQ(known.before(kEnd + seconds{9}, position)->n_fills, 0);
  const auto closed = known.before(kEnd + seconds{9} + Duration{1}, position);
  EXPECT_EQ(closed->n_fills, 2);
  EXPECT_TRUE(closed->stop);
  engine::EngineParams random = params_with_ticks();
  random.exchange.data_latency.kind = engine::Latency::Kind::Lognormal;
  EXPECT_FALSE(KnownThen{random}.before(kEnd + seconds{10}, position)->stop);
}

}  // namespace
}  // namespace toxvol::jobs
