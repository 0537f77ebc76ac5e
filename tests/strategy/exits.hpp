#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

/// Where the positions of Bench end, and the order that ends them.
namespace toxvol::strategy::testing {

// Bench::open_long buys 1.206 at 50 000.1 at 60.1 s: distance 0.0048 · 50 000.1 = 240.00048, stop
// 49 760.09952 → 49 760.0, target 50 360.10072 → 50 360.2.
constexpr std::int64_t kLongStop = 497'600;
constexpr std::int64_t kLongTarget = 503'602;
// Bench::open_short sells at 50 000.0: stop 50 240.0, target 49 640.0.
constexpr std::int64_t kShortStop = 502'400;
constexpr std::int64_t kShortTarget = 496'400;
constexpr Timestamp kDeadline =
    at_s(60) + std::chrono::milliseconds{100} + std::chrono::minutes{30};

inline factors::FactorRow in_regime(factors::FactorRow row, std::optional<Regime> regime) {
  row.crowding.regime = regime;
  return row;
}

inline void expect_exit(const Bench& bench, trading::Role role, Side side, Qty size) {
  ASSERT_EQ(bench.sent.size(), 1U);
  const trading::Submit& order = bench.submit();
  EXPECT_EQ(order.intent.role, role) << name(order.intent.role);
  EXPECT_EQ(order.side, side);
  EXPECT_EQ(order.type, trading::OrderType::Market);
  EXPECT_TRUE(order.reduce_only);
  EXPECT_EQ(order.qty, size);
  EXPECT_FALSE(order.intent.ts_decision);
}

/// The target is a LIMIT order that rests.
inline StrategyParams resting_target() {
  StrategyParams made = params();
  made.exit.tp_order = TakeProfitOrder::Limit;
  return made;
}

}  // namespace toxvol::strategy::testing
