#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/compensated_sum.hpp"
#include "toxvol/factors/ring_buffer.hpp"

namespace toxvol::factors {

/// Whether `count` values fill a window of `minutes` (G6): all of them up to an hour, 95 % beyond.
[[nodiscard]] constexpr bool fills_window(std::int64_t count, std::int64_t minutes) {
  constexpr std::int64_t kWholeUpTo = 60;
  constexpr std::int64_t kPercent = 95;
  return minutes <= kWholeUpTo ? count == minutes : 100 * count >= kPercent * minutes;
}

/// Sums of kCount numbers over the minutes in (now − n min, now], the current row included.
/// Definition (G6, G10): docs/factors/rolling.md
template <std::size_t kCount>
class MinuteSums {
 public:
  using Values = std::array<double, kCount>;

  /// `minutes` ≥ 1.
  explicit MinuteSums(std::int64_t minutes) : minutes_{minutes} { TOXVOL_ASSERT(minutes >= 1); }

  /// Moves the window to (now − n min, now]. Call it for a row without a value too.
  void advance(Timestamp now) {
    const Timestamp before = now - minutes_ * kMinute;  // no longer inside
    while (!window_.empty() && window_.front().ts <= before) {
      const Values& values = window_.front().values;
      for (std::size_t k = 0; k < kCount; ++k) {
        sums_[k].remove(values[k]);
        if (values[k] != 0.0 && --nonzero_[k] == 0) sums_[k].reset();
      }
      window_.pop_front();
      ++removed_;
    }
    const Day day = day_of(now);
    if (day != day_ || removed_ > count()) {
      recompute();
      day_ = day;
    }
  }
  /// Enters the values of the row at `ts`; `advance(ts)` goes before. `ts` ascends strictly.
  void add(Timestamp ts, const Values& values) {
    TOXVOL_ASSERT(window_.empty() || window_.back().ts < ts);
    window_.push_back({.ts = ts, .values = values});
    enter(values);
  }

  [[nodiscard]] std::int64_t minutes() const noexcept { return minutes_; }
  [[nodiscard]] std::int64_t count() const noexcept {
    return static_cast<std::int64_t>(window_.size());
  }
  /// Of the minutes that have a value, however few.
  [[nodiscard]] double raw(std::size_t k) const noexcept { return sums_[k].value(); }
  /// Empty unless the window is filled; scaled by n/count where minutes are missing (G6).
  [[nodiscard]] std::optional<Values> sums() const {
    if (!fills_window(count(), minutes_)) return std::nullopt;
    Values result{};
    for (std::size_t k = 0; k < kCount; ++k) {
      result[k] = raw(k);
      if (count() != minutes_) {
        result[k] = result[k] * static_cast<double>(minutes_) / static_cast<double>(count());
      }
    }
    return result;
  }

 private:
  struct Entry {
    Timestamp ts{};
    Values values{};
  };

  void enter(const Values& values) {
    for (std::size_t k = 0; k < kCount; ++k) {
      sums_[k].add(values[k]);
      if (values[k] != 0.0) ++nonzero_[k];
    }
  }
  void recompute() {
    removed_ = 0;
    nonzero_ = {};
    for (auto& sum : sums_) sum.reset();
    for (std::size_t i = 0; i < window_.size(); ++i) enter(window_[i].values);
  }

  std::int64_t minutes_;
  RingBuffer<Entry> window_;
  std::array<CompensatedSum, kCount> sums_{};
  std::array<std::int64_t, kCount> nonzero_{};  // a sum of zeros is 0, not a rest of what has left
  std::int64_t removed_ = 0;                    // since the last recomputation
  Day day_{};
};

}  // namespace toxvol::factors
