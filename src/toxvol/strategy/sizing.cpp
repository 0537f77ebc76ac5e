#include "toxvol/strategy/sizing.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <ratio>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {
namespace {

constexpr double kBp = 1e-4;
constexpr double kBnbDiscount = 0.9;  // −10 % when paid in BNB (reference A6)

double sqrt_minutes(Duration horizon) {
  return std::sqrt(std::chrono::duration<double, std::ratio<60>>(horizon).count());
}

/// Whole lots in `qty` base units; 0 for anything that is not a positive number.
std::int64_t whole_lots(double qty, Qty lot) {
  const double lots =
      std::floor(qty * static_cast<double>(Qty::kOne) / static_cast<double>(lot.raw()));
  if (!(lots >= 1.0)) return 0;
  const double most = static_cast<double>(std::numeric_limits<std::int64_t>::max() / lot.raw() / 2);
  return static_cast<std::int64_t>(std::min(lots, most));
}

/// Quantity by the risk rule alone; infinite when nothing limits it.
double risk_qty(double sigma, const SizeInputs& inputs, const StrategyParams& params) {
  const double price = inputs.price.to_double();
  const double budget = inputs.equity * params.size.risk_bp * kBp;
  if (params.size.rule == SizeRule::Sigma) {
    return budget / (sigma * sqrt_minutes(params.exit.horizon)) / price;
  }
  // A post-only entry pays the maker rate once; the exit is taken.
  const double entry_rate =
      params.entry.order == EntryOrder::PostOnly ? inputs.fees.maker : inputs.fees.taker;
  const double cost = (entry_rate + inputs.fees.taker) * price;
  return budget / (stop_distance(price, sigma, params.exit) + cost);
}

double scale(const factors::FactorRow& row, const SizeInputs& inputs,
             const StrategyParams& params) {
  double factor = 1.0;
  if (row.toxic.value_or(false)) factor *= params.size.toxic_scale;
  if (inputs.spread_ticks >= params.size.wide_spread_ticks) factor *= params.size.wide_spread_scale;
  if (params.factors.toxicity.gate == factors::ToxicityGate::Scale && row.t_rank) {
    factor *= 1.0 - *row.t_rank;  // T9
  }
  return factor;
}

/// The cap that leaves the least, the first of equals (N7).
struct Limit {
  trading::Cap cap = trading::Cap::None;
  double qty = std::numeric_limits<double>::infinity();
};

Limit limit(const SizeInputs& inputs, const StrategyParams& params) {
  const double price = inputs.price.to_double();
  Limit least;
  const auto lower = [&least](trading::Cap cap, double qty) {
    if (qty < least.qty) least = {.cap = cap, .qty = qty};
  };
  lower(trading::Cap::MaxLeverage, params.size.max_leverage * inputs.equity / price);
  lower(trading::Cap::MaxNotional, params.size.max_notional_usdt.to_double() / price);
  if (params.size.max_qty) lower(trading::Cap::MaxQty, params.size.max_qty->to_double());
  return least;
}

double to_raw(Price price) {
  return static_cast<double>(price.raw());
}

}  // namespace

FeeRates fee_rates(const Instrument& instrument, const StrategyParams& params, Timestamp ts) {
  if (!instrument.fees.empty()) {
    const double factor = params.bnb_discount ? kBnbDiscount : 1.0;
    for (const Fee& fee : at(instrument.fees, ts)) {
      if (fee.tier == params.tier) {
        return {.maker = fee.maker.to_double() * factor, .taker = fee.taker.to_double() * factor};
      }
    }
  }
  throw Error{"costs.tier: " + instrument.symbol + " has no fee tier '" + params.tier + "' at " +
              to_string(ts) + ": use one of the instrument's table"};
}

double stop_distance(double price, double sigma, const ExitParams& exit) {
  return exit.k_stop * sigma * sqrt_minutes(exit.stop_horizon) * price;
}

Size size_entry(const factors::FactorRow& row, const SizeInputs& inputs,
                const Instrument& instrument, const StrategyParams& params) {
  const double wanted = risk_qty(*row.sigma, inputs, params) * scale(row, inputs, params);
  const Limit allowed = limit(inputs, params);
  const std::int64_t lots = whole_lots(std::min(wanted, allowed.qty), instrument.lot);
  if (lots == 0) {
    // The rule that left less than a lot: the limits, or the risk budget itself.
    return {.reason = allowed.qty < wanted ? trading::Reason::Cap : trading::Reason::MinNotional};
  }
  const Qty qty = Qty::from_raw(lots * instrument.lot.raw());
  if (qty < instrument.min_qty) return {.reason = trading::Reason::MinNotional};
  if (!instrument.min_notional.empty()) {
    const double notional = qty.to_double() * inputs.price.to_double();
    if (notional < at(instrument.min_notional, inputs.ts).to_double()) {
      return {.reason = trading::Reason::MinNotional};
    }
  }
  const std::int64_t uncapped = whole_lots(wanted, instrument.lot);
  return {.qty = qty,
          .uncapped = Qty::from_raw(uncapped * instrument.lot.raw()),
          .cap = uncapped == lots ? trading::Cap::None : allowed.cap};
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
