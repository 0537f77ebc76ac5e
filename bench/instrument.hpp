#pragma once

#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"

/// The contract of the engine's benchmarks.
namespace toxvol::bench {

constexpr std::int64_t kTick = 10'000'000;  // 0.1
constexpr std::int64_t kLot = 100'000;      // 0.001

/// One tier of fees and one bracket, up to a notional of `largest` USDT.
inline Instrument instrument(std::int64_t largest) {
  Instrument made;
  made.symbol = "BTCUSDT";
  made.tick = {{Timestamp{}, Price::from_raw(kTick)}};
  made.lot = made.min_qty = Qty::from_raw(kLot);
  made.min_notional = {{Timestamp{}, Money::from_raw(5 * Money::kOne)}};
  made.fees = {{Timestamp{}, {Fee{"VIP0", Rate::from_raw(20'000), Rate::from_raw(50'000)}}}};
  made.brackets = {
      {Timestamp{}, {{Money::from_raw(largest * Money::kOne), Rate::from_raw(400'000), 20}}}};
  return made;
}

}  // namespace toxvol::bench
