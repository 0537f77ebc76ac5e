#pragma once

#include <chrono>
#include <optional>

#include "toxvol/core/time.hpp"

namespace toxvol {

/// Tells stamps of `metrics` whose open interest is of another scale than what was known before
/// (N9, docs/data.md#open-interest-scale): binance.vision has days divided by some hundred. Judged
/// by the past alone.
class OpenInterestScale {
 public:
  /// More than this factor up or down is no change of open interest.
  static constexpr double kFactor = 10.0;
  /// A level older than this is no measure any more: the next stamp sets a new one.
  static constexpr Duration kMemory = std::chrono::days{7};

  /// Whether `open_interest` (above zero, not blank: others are not asked about) is of the scale of
  /// the last accepted stamp. Stamps ascend.
  [[nodiscard]] bool accepts(Timestamp stamp, double open_interest) {
    const bool fits =
        !last_ || stamp - last_->stamp > kMemory ||
        (open_interest <= kFactor * last_->value && last_->value <= kFactor * open_interest);
    if (fits) last_ = Level{.stamp = stamp, .value = open_interest};
    return fits;
  }

 private:
  struct Level {
    Timestamp stamp{};
    double value = 0.0;
  };
  std::optional<Level> last_;
};

}  // namespace toxvol
