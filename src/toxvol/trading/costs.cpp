#include "toxvol/trading/costs.hpp"

#include <string>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::trading {

const Fee& fee_at(const Instrument& instrument, const CostParams& costs, Timestamp ts) {
  std::string tiers;
  if (!instrument.fees.empty()) {
    for (const Fee& fee : at(instrument.fees, ts)) {
      if (fee.tier == costs.tier) return fee;
      tiers += (tiers.empty() ? "" : ", ") + fee.tier;
    }
  }
  throw Error{"costs.tier = \"" + costs.tier + "\": the table of " + instrument.symbol +
                  " has no such fees at " + to_string(ts) + "; it has " +
                  (tiers.empty() ? "none" : tiers),
              ErrorCode::Config};
}

}  // namespace toxvol::trading
