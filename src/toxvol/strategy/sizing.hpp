#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/costs.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {

/// The fee rates in force at a time, as fractions of notional.
struct FeeRates {
  double maker = 0.0;
  double taker = 0.0;
};

/// `trading::fee_at`, less the BNB discount. Throws `Error` when the tier is not in the table.
[[nodiscard]] FeeRates fee_rates(const Instrument& instrument, const trading::CostParams& costs,
                                 Timestamp ts);

/// What an entry is sized from.
struct SizeInputs {
  double equity = 0.0;            // own equity, USDT
  Price price{};                  // far touch for a MARKET, limit price for a post-only
  std::int64_t spread_ticks = 0;  // of the touch
  FeeRates fees{};
  Timestamp ts{};                    // for the dated minimum notional
  std::optional<double> own_size{};  // of a user's own signal: takes the place of toxicity's scales
};

/// The numbers that a size is made of, base units where not said.
struct SizeParts {
  double budget = 0.0;       // USDT at risk
  double loss_a_unit = 0.0;  // USDT that one unit loses where the budget is lost
  double by_risk = 0.0;      // by the budget alone
  double own_scale = 1.0;    // of a user's own signal
  double toxic_scale = 1.0;
  double spread_scale = 1.0;
  double rank_scale = 1.0;  // T9
  double wanted = 0.0;      // by_risk after the scales
  double max_leverage = 0.0;
  double max_notional = 0.0;
  std::optional<double> max_qty{};
};

/// The quantity of an entry, whole lots. It is 0 unless `reason` is EnterLong, which here only says
/// that the size passes; otherwise Cap or MinNotional.
struct Size {
  Qty qty{};
  Qty uncapped{};  // after the scales, before the caps
  trading::Cap cap = trading::Cap::None;
  trading::Reason reason = trading::Reason::EnterLong;
  SizeParts parts{};
};

/// M16: risk budget over stop distance and round-trip cost, or the proposal's b·E/σ_H; then the
/// scales, the caps, the lot. docs/strategy.md, "Size". `row.sigma` is set.
[[nodiscard]] Size size_entry(const factors::FactorRow& row, const SizeInputs& inputs,
                              const Instrument& instrument, const StrategyParams& params);

/// Distance of the stop from `price`, in the price's unit: k_stop · σ · √(stop_horizon) · price.
[[nodiscard]] double stop_distance(double price, double sigma, const ExitParams& exit);

/// Stop and take-profit of a position with that average fill price (M15). Rounded to the tick away
/// from the entry: on prices that lie on the grid this triggers exactly as the unrounded level.
struct Levels {
  Price stop{};
  Price take_profit{};
};
[[nodiscard]] Levels exit_levels(Side side, Price average, double sigma, Price tick,
                                 const ExitParams& exit);

}  // namespace toxvol::strategy
