#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/explain/explanation.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::explain {

/// Seconds after a fill at which the mid is looked at (R58).
inline constexpr std::array kMarkoutSeconds = {1, 5, 10, 30, 60, 300, 900};

/// The mids some time after fills, from the quotes as they are read: of the last quote at or before
/// that time, if it is not older than a minute (R58).
class Marks {
 public:
  explicit Marks(std::span<const trading::FillRecord> fills);

  void add(const Quote& quote);
  /// Once, after the last quote.
  void finish();

  /// Of a fill that was given. A time at or after `end`, up to where the market was read, is none.
  [[nodiscard]] std::vector<Markout> of(const trading::FillRecord& fill, Timestamp end) const;

 private:
  void settle(Timestamp before);

  std::vector<Timestamp> times_;  // ascending
  std::vector<std::optional<double>> mids_;
  std::size_t next_ = 0;
  std::optional<Quote> last_;
};

}  // namespace toxvol::explain
