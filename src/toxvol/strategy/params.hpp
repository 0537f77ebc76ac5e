#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/trading/costs.hpp"

namespace toxvol::strategy {

/// Parameters of decision, entry, size, exit and guards. Defaults are preset A's; docs/config.md.

/// The quantile levels of both alphas are `FactorParams::quantiles`: the factor row shows them.
struct AlphaAParams {
  bool enabled = true;
};

enum class BDirection : std::uint8_t { Fade, Document };
enum class BTrigger : std::uint8_t { F2, F2Strong, Pressure };

struct AlphaBParams {
  bool enabled = true;
  BDirection direction = BDirection::Fade;
  BTrigger trigger = BTrigger::F2;
};

/// What a user's own signal asks for: entries alone, or that the position follows it (R57).
enum class SignalMode : std::uint8_t { Entry, Target };

struct SignalParams {
  std::optional<Duration> max_age;  // empty: one cadence
  SignalMode mode = SignalMode::Entry;
};

/// Limit: at the touch as PostOnly, but it takes where the market has come to it.
enum class EntryOrder : std::uint8_t { Market, PostOnly, Limit };
enum class EntryFill : std::uint8_t { Next, SameClose };

struct EntryParams {
  EntryOrder order = EntryOrder::Market;
  EntryFill fill = EntryFill::Next;
  std::int64_t min_spread_ticks = 1;
  Duration reprice_after = std::chrono::seconds{5};
  Duration give_up_after = std::chrono::seconds{30};
};

enum class SizeRule : std::uint8_t { Stop, Sigma };

struct SizeParams {
  SizeRule rule = SizeRule::Stop;
  double risk_bp = 35;
  double max_leverage = 3;
  Money max_notional_usdt = Money::from_raw(1'000'000 * Money::kOne);
  std::optional<Qty> max_qty;
  double toxic_scale = 0.5;
  std::int64_t wide_spread_ticks = 5;
  double wide_spread_scale = 0.5;
};

enum class TakeProfitOrder : std::uint8_t { Market, Limit };

struct ExitParams {
  Duration horizon = std::chrono::minutes{15};
  Duration stop_horizon = std::chrono::minutes{15};
  double k_stop = 2.0;
  double k_tp = 1.5;
  Duration max_hold = std::chrono::minutes{30};
  TakeProfitOrder tp_order = TakeProfitOrder::Market;
  bool opposite_pressure = false;
};

struct GuardParams {
  Duration stale_quote = std::chrono::seconds{5};
  Duration gap_cooldown = std::chrono::minutes{30};
  std::optional<double> daily_loss_bp;
  double on_flip_keep = 0.0;  // flatten: 0; reduce:x keeps 1 − x
};

struct StrategyParams {
  Money equity_usdt = Money::from_raw(100'000 * Money::kOne);
  factors::FactorParams factors;
  AlphaAParams alpha_a;
  AlphaBParams alpha_b;
  SignalParams signal;
  EntryParams entry;
  SizeParams size;
  ExitParams exit;
  GuardParams guards;
  trading::CostParams costs;
};

}  // namespace toxvol::strategy
