#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// How much more variance a minute of the day usually has than the average minute (V11, M32).
/// Definition: docs/factors/diurnal.md
class Diurnal {
 public:
  Diurnal();

  /// The factor of the minute that opens at `open_time`, from the 30 UTC days before its own.
  /// Empty until seven of them have a fed bar, or where nothing near that minute was ever seen.
  /// `open_time` never goes back.
  [[nodiscard]] Value factor(Timestamp open_time);

  /// The variance of a fed bar; `factor(open_time)` goes before.
  void update(Timestamp open_time, double variance);

 private:
  static constexpr std::int64_t kDays = 30;
  static constexpr std::int64_t kLeastDays = 7;
  static constexpr std::size_t kMinutesPerDay = 1440;
  static constexpr std::size_t kReach = 15;  // 31 minutes are averaged

  struct Slot {
    Day day{};
    std::int64_t fed = 0;  // bars
    std::array<double, kMinutesPerDay> variance{};
    std::array<bool, kMinutesPerDay> has{};
  };

  [[nodiscard]] Slot& slot_of(Day day);
  void freeze();

  std::vector<Slot> slots_;  // one a day, 31 in turn
  std::array<double, kMinutesPerDay> factor_{};
  std::array<bool, kMinutesPerDay> has_factor_{};
  Day day_{};
};

}  // namespace toxvol::factors
