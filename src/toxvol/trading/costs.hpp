#pragma once

#include <cstdint>
#include <string>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::trading {

/// The keys of [costs]: what exchange and strategy both reckon with.
struct CostParams {
  std::string tier = "VIP0";
  bool bnb_discount = false;
  bool funding = true;  // is paid and received
};

/// A discount of one tenth when fees are paid in BNB (Binance's fee page): of `kTenths` are kept
inline constexpr std::int64_t kTenths = 10;
[[nodiscard]] constexpr std::int64_t kept_tenths(bool bnb_discount) {
  return bnb_discount ? 9 : kTenths;
}

/// The fees of `tier` in the instrument's table at `ts`, before a discount. Throws `Error` where
/// the table has no such tier then.
[[nodiscard]] const Fee& fee_at(const Instrument& instrument, const CostParams& costs,
                                Timestamp ts);

}  // namespace toxvol::trading
