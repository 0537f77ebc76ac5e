#include "toxvol/strategy/sizing.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <ratio>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/costs.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {
namespace {

double sqrt_minutes(Duration horizon) {
  return std::sqrt(std::chrono::duration<double, std::ratio<60>>(horizon).count());
}

/// Whole lots in `qty` base units; 0 for anything that is not a positive number.
std::int64_t whole_lots(double qty, Qty lot) {
  const double lots =
      std::floor(qty * static_cast<double>(Qty::kOne) / static_cast<double>(lot.raw()));
  if (!(lots >= 1.0)) return 0;
  const std::int64_t most = std::numeric_limits<std::int64_t>::max() / lot.raw() / 2;
  return static_cast<std::int64_t>(std::min(lots, static_cast<double>(most)));
}

/// What one unit loses where the budget is lost.
double loss_a_unit(double sigma, const SizeInputs& inputs, const StrategyParams& params) {
  const double price = inputs.price.to_double();
  if (params.size.rule == SizeRule::Sigma) return sigma * sqrt_minutes(params.exit.horizon) * price;
  // A post-only entry pays the maker rate once; any other may take, and the exit does.
  const double entry_rate =
      params.entry.order == EntryOrder::PostOnly ? inputs.fees.maker : inputs.fees.taker;
  const double cost = (entry_rate + inputs.fees.taker) * price;
  return stop_distance(price, sigma, params.exit) + cost;
}

/// Quantity by the risk rule alone; infinite when nothing limits it.
double risk_qty(double sigma, const SizeInputs& inputs, const SizeParts& parts,
                const StrategyParams& params) {
  if (params.size.rule == SizeRule::Sigma) {
    return parts.budget / (sigma * sqrt_minutes(params.exit.horizon)) / inputs.price.to_double();
  }
  return parts.budget / parts.loss_a_unit;
}

/// All but the limits.
SizeParts risk_parts(const factors::FactorRow& row, const SizeInputs& inputs,
                     const StrategyParams& params) {
  const double sigma = held(row.volatility.sigma);
  SizeParts parts{.budget = inputs.equity * params.size.risk_bp * kOneBasisPoint,
                  .loss_a_unit = loss_a_unit(sigma, inputs, params)};
  parts.by_risk = risk_qty(sigma, inputs, parts, params);
  // A user's own size takes the place of toxicity's scales.
  const bool asks_toxicity = !inputs.own_size;
  parts.own_scale = inputs.own_size.value_or(1.0);
  if (asks_toxicity && row.gated.toxic.value_or(false)) parts.toxic_scale = params.size.toxic_scale;
  if (inputs.spread_ticks >= params.size.wide_spread_ticks) {
    parts.spread_scale = params.size.wide_spread_scale;
  }
  if (asks_toxicity && params.factors.toxicity.gate == factors::ToxicityGate::Scale &&
      row.thresholds.t_rank) {
    parts.rank_scale = 1.0 - *row.thresholds.t_rank;  // T9
  }
  parts.wanted =
      parts.by_risk * (parts.own_scale * parts.toxic_scale * parts.spread_scale * parts.rank_scale);
  return parts;
}

/// The cap that leaves the least, the first of equals (N7).
struct Limit {
  trading::Cap cap = trading::Cap::None;
  double qty = std::numeric_limits<double>::infinity();
};

Limit limit(const SizeInputs& inputs, const StrategyParams& params, SizeParts& parts) {
  const double price = inputs.price.to_double();
  parts.max_leverage = params.size.max_leverage * inputs.equity / price;
  parts.max_notional = params.size.max_notional_usdt.to_double() / price;
  if (params.size.max_qty) parts.max_qty = params.size.max_qty->to_double();
  Limit least;
  const auto lower = [&least](trading::Cap cap, double qty) {
    if (qty < least.qty) least = {.cap = cap, .qty = qty};
  };
  lower(trading::Cap::MaxLeverage, parts.max_leverage);
  lower(trading::Cap::MaxNotional, parts.max_notional);
  if (parts.max_qty) lower(trading::Cap::MaxQty, *parts.max_qty);
  return least;
}

double to_raw(Price price) {
  return static_cast<double>(price.raw());
}

}  // namespace

FeeRates fee_rates(const Instrument& instrument, const trading::CostParams& costs, Timestamp ts) {
  const Fee& fee = trading::fee_at(instrument, costs, ts);
  const double kept = static_cast<double>(trading::kept_tenths(costs.bnb_discount)) /
                      static_cast<double>(trading::kTenths);
  return {.maker = fee.maker.to_double() * kept, .taker = fee.taker.to_double() * kept};
}

double stop_distance(double price, double sigma, const ExitParams& exit) {
  return exit.k_stop * sigma * sqrt_minutes(exit.stop_horizon) * price;
}

Size size_entry(const factors::FactorRow& row, const SizeInputs& inputs,
                const Instrument& instrument, const StrategyParams& params) {
  Size size{.parts = risk_parts(row, inputs, params)};
  const double wanted = size.parts.wanted;
  const Limit allowed = limit(inputs, params, size.parts);
  const auto refused = [&size](trading::Reason reason) {
    size.reason = reason;
    return size;
  };
  const std::int64_t lots = whole_lots(std::min(wanted, allowed.qty), instrument.lot);
  if (lots == 0) {
    // The rule that left less than a lot: the limits, or the risk budget itself.
    return refused(allowed.qty < wanted ? trading::Reason::Cap : trading::Reason::MinNotional);
  }
  const Qty qty = Qty::from_raw(lots * instrument.lot.raw());
  if (qty < instrument.min_qty) return refused(trading::Reason::MinNotional);
  if (!instrument.min_notional.empty()) {
    const double notional = qty.to_double() * inputs.price.to_double();
    if (notional < at(instrument.min_notional, inputs.ts).to_double()) {
      return refused(trading::Reason::MinNotional);
    }
  }
  const std::int64_t uncapped = whole_lots(wanted, instrument.lot);
  size.qty = qty;
  size.uncapped = Qty::from_raw(uncapped * instrument.lot.raw());
  size.cap = uncapped == lots ? trading::Cap::None : allowed.cap;
  return size;
}

Levels exit_levels(Side side, Price average, double sigma, Price tick, const ExitParams& exit) {
  const double distance = stop_distance(to_raw(average), sigma, exit);
  const double direction = static_cast<double>(sign(side));
  const double grid = to_raw(tick);
  // Away from the entry: down for what lies below, up for what lies above; at least one tick.
  const auto rounded = [&](double offset) {
    const double ticks = (to_raw(average) + offset) / grid;
    const double whole = offset < 0.0 ? std::floor(ticks) : std::ceil(ticks);
    return Price::from_raw(static_cast<std::int64_t>(std::max(whole, 1.0)) * tick.raw());
  };
  return {.stop = rounded(-direction * distance),
          .take_profit = rounded(direction * exit.k_tp * distance)};
}

}  // namespace toxvol::strategy
