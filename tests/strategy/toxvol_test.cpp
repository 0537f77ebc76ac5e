#include "toxvol/strategy/toxvol.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/script.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/concepts.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {
namespace {

using testing::at_s;
using testing::kFrom;
using testing::long_row;
using testing::px;
using testing::qty;
using trading::Reason;

/// Gives back the row it was made with, at the minute it is asked for.
class HandModel {
 public:
  void on(const Metrics& /*metrics*/) { ++metrics; }
  void on(const Funding& /*funding*/) { ++fundings; }
  const factors::FactorRow& update(const MinuteRow& row) {
    row_ = long_row(0);
    row_.ts = row.bar.ts_event;
    row_.ts_init = row.bar.ts_init;
    return row_;
  }
  int metrics = 0;
  int fundings = 0;

 private:
  factors::FactorRow row_;
};

static_assert(trading::Strategy<BasicToxVol<HandModel>>);
static_assert(trading::Strategy<ToxVol>);
static_assert(trading::Strategy<Scripted<HandModel>>);
static_assert(trading::Strategy<Scripted<factors::FactorModel>>);

MinuteRow minute(std::int64_t index) {
  MinuteRow row;
  row.bar.ts_event = kFrom + index * kMinute;
  row.bar.ts_init = row.bar.ts_event + std::chrono::microseconds{800};
  return row;
}

template <class S>
std::vector<trading::Command> see(S& strategy, const MinuteRow& row) {
  std::vector<trading::Command> out;
  const std::optional<trading::Touch> touch = testing::touch(500'000, 500'001, row.bar.ts_event);
  strategy.on(trading::RowSeen{.ts_seen = row.bar.ts_init, .row = row, .touch = touch}, out);
  return out;
}

TEST(ToxVol, WritesOneDecisionForEachRowFromTheStartOn) {
  std::vector<DecisionRow> decisions;
  BasicToxVol<HandModel> strategy{HandModel{},
                                  {.params = testing::params(),
                                   .instrument = testing::instrument(),
                                   .inputs = testing::kAllInputs,
                                   .from = kFrom},
                                  [&](const DecisionRow& row) { decisions.push_back(row); }};
  EXPECT_TRUE(see(strategy, minute(-1)).empty());
  EXPECT_TRUE(see(strategy, minute(0)).empty());
  EXPECT_TRUE(decisions.empty());
  const auto commands = see(strategy, minute(1));
  ASSERT_EQ(commands.size(), 1U);
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].factors.ts, at_s(60));
  EXPECT_TRUE(decisions[0].decides);
  EXPECT_EQ(decisions[0].alpha, trading::Alpha::A);
  EXPECT_EQ(decisions[0].direction, 1);
  EXPECT_EQ(decisions[0].reason, Reason::EnterLong);
  EXPECT_EQ(decisions[0].position, Qty{});

  const auto& entry = std::get<trading::Submit>(commands[0]);
  strategy.on(trading::FillSeen{.ts_seen = at_s(61),
                                .ts_event = at_s(61),
                                .id = entry.id,
                                .side = entry.side,
                                .price = px(500'001),
                                .qty = entry.qty,
                                .order_done = true});
  EXPECT_TRUE(see(strategy, minute(2)).empty());
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(decisions[1].alpha, trading::Alpha::A);  // A5: the signal, whatever forbids it
  EXPECT_EQ(decisions[1].reason, Reason::InPosition);
  EXPECT_EQ(decisions[1].position, entry.qty);
}

TEST(ToxVol, IsMadeFromItsParametersAlone) {
  std::vector<DecisionRow> decisions;
  ToxVol strategy{{.params = testing::params(),
                   .instrument = testing::instrument(),
                   .inputs = testing::kAllInputs,
                   .from = kFrom},
                  [&](const DecisionRow& row) { decisions.push_back(row); }};
  MinuteRow row = minute(1);
  row.bar.open = row.bar.high = row.bar.low = row.bar.close = px(500'000);
  row.bar.volume = qty(1'000);
  EXPECT_TRUE(see(strategy, row).empty());
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].reason, Reason::NoQuotes);
}

TEST(Scripted, SaysWhatTheSignalWasAndTradesTheScript) {
  std::vector<DecisionRow> decisions;
  Scripted<HandModel> strategy{
      HandModel{}, Script{{{.ts = at_s(70), .command = trading::Cancel{trading::OrderId{1}}}}},
      testing::params(), kFrom, [&](const DecisionRow& row) { decisions.push_back(row); }};
  see(strategy, minute(0));
  EXPECT_TRUE(decisions.empty());
  EXPECT_TRUE(see(strategy, minute(1)).empty());
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].reason, Reason::EnterLong);
  EXPECT_EQ(decisions[0].alpha, trading::Alpha::A);

  EXPECT_EQ(strategy.wake().alarm, at_s(70));
  std::vector<trading::Command> out;
  strategy.on(trading::AlarmSeen{.ts_seen = at_s(70)}, out);
  EXPECT_EQ(out.size(), 1U);
  strategy.on(trading::FillSeen{.side = Side::Sell, .price = px(500'000), .qty = qty(7)});
  see(strategy, minute(2));
  EXPECT_EQ(decisions[1].position, -qty(7));
}

}  // namespace
}  // namespace toxvol::strategy
