#include "toxvol/engine/validate.hpp"

#include <string>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/rates.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/costs.hpp"

namespace toxvol::engine {
namespace {

// p·q has at most this many decimals, so that half of a bid + ask times q still has only eight.
constexpr int kMostDecimals = 7;

void require_grid(const Instrument& instrument) {
  if (instrument.tick.empty() || instrument.min_notional.empty() || instrument.fees.empty() ||
      instrument.lot <= Qty{}) {
    throw Error{"instrument " + instrument.symbol +
                ": tick, lot, min_notional and fees are needed; complete its table"};
  }
  for (const auto& entry : instrument.tick) {
    const int sum = decimals(entry.value.raw()) + decimals(instrument.lot.raw());
    if (entry.value <= Price{} || sum > kMostDecimals) {
      throw Error{"instrument " + instrument.symbol + ": tick and lot have " + std::to_string(sum) +
                  " decimals together, money is exact up to 7; use another symbol"};
    }
  }
}

}  // namespace

void validate(const EngineParams& params, const Instrument& instrument) {
  require_grid(instrument);
  if (params.from >= params.to) {
    throw Error{"run: from " + to_string(params.from) + " is not before to " +
                to_string(params.to) + "; choose another window"};
  }
  static_cast<void>(trading::fee_at(instrument, params.costs, params.from));
  for (const auto& entry : instrument.fees) {
    if (entry.from > params.from && entry.from < params.to) {
      static_cast<void>(trading::fee_at(instrument, params.costs, entry.from));
    }
  }
  if (!instrument.brackets.empty() &&
      cap_at(at(instrument.brackets, params.from), params.exchange.leverage) == Money{}) {
    throw Error{"exchange.leverage: no bracket of " + instrument.symbol + " allows " +
                    std::to_string(params.exchange.leverage) + "; use less",
                ErrorCode::Config};
  }
}

void require_trading(Timestamp now, Timestamp from) {
  if (now >= from) return;
  throw Error{"orders: a command is given at " + to_string(now) + ", before trading starts at " +
              to_string(from) + "; move it or start the run earlier"};
}

}  // namespace toxvol::engine
