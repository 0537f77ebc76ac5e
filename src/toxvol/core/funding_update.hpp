#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol {

/// A settlement once more, as NautilusTrader's own `FundingRateUpdate` has it. The time of the next
/// one is not among its fields: the files do not say it, and intervals change.
struct FundingUpdate {
  Timestamp ts_event{};
  Timestamp ts_init{};
  Rate rate{};
  std::optional<std::uint16_t> interval_minutes;  // none: more than fit
};

/// An update follows the settlement by so much: no two records of a catalog tie.
inline constexpr Duration kUpdateLag{1};

[[nodiscard]] constexpr FundingUpdate update_of(const Funding& funding) {
  constexpr int kMinutes = 60;
  FundingUpdate update{.ts_event = funding.ts_event,
                       .ts_init = funding.ts_init + kUpdateLag,
                       .rate = funding.rate,
                       .interval_minutes = {}};
  if (funding.interval_hours <= std::numeric_limits<std::uint16_t>::max() / kMinutes) {
    update.interval_minutes = static_cast<std::uint16_t>(funding.interval_hours * kMinutes);
  }
  return update;
}

}  // namespace toxvol
