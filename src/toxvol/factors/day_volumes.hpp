#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::factors {

/// The klines' volumes of one UTC day, from which V* is pooled (T1).
class DayVolumes {
 public:
  explicit DayVolumes(Day day = {}) : day_{day} { volume_e8_.fill(kNoBar); }

  /// A bar of this day.
  void add(const Bar& bar);

  [[nodiscard]] Day day() const { return day_; }
  [[nodiscard]] bool has_bars() const { return bars_ > 0; }
  /// Whether it has 95 % of its bars, as T1 asks.
  [[nodiscard]] bool counts() const;
  /// Of its last bar, in 1e-8.
  [[nodiscard]] std::int64_t close_e8() const { return close_e8_; }
  /// Appends the sums of stretches of `width` minutes, aligned to UTC, of which every bar is there.
  void pool(int width, std::vector<std::int64_t>& sums_e8) const;

 private:
  static constexpr std::int64_t kNoBar = -1;

  Day day_{};
  std::array<std::int64_t, 1440> volume_e8_{};  // by minute of day
  int bars_ = 0;
  std::int64_t close_e8_ = 0;
};

/// T2: the mean of the middle two where their number is even, floored; 0 of nothing. Reorders.
[[nodiscard]] std::int64_t floored_median(std::vector<std::int64_t>& values);

}  // namespace toxvol::factors
