#include "toxvol/factors/diurnal.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

std::size_t minute_of_day(Timestamp open_time) {
  return static_cast<std::size_t>((open_time - day_of(open_time)) / kMinute);
}

}  // namespace

Diurnal::Diurnal() : slots_(static_cast<std::size_t>(kDays) + 1) {}

Diurnal::Slot& Diurnal::slot_of(Day day) {
  const auto number = static_cast<std::size_t>(day.time_since_epoch().count());
  return slots_[number % slots_.size()];
}

Value Diurnal::factor(Timestamp open_time) {
  const Day day = day_of(open_time);
  if (day != day_) {
    TOXVOL_ASSERT(day > day_);
    day_ = day;
    freeze();
  }
  const std::size_t minute = minute_of_day(open_time);
  if (!has_factor_[minute]) return std::nullopt;
  return factor_[minute];
}

void Diurnal::update(Timestamp open_time, double variance) {
  TOXVOL_ASSERT(day_of(open_time) == day_);
  Slot& slot = slot_of(day_);
  if (slot.day != day_) {
    slot.day = day_;
    slot.fed = 0;
    slot.has.fill(false);
  }
  const std::size_t minute = minute_of_day(open_time);
  slot.variance[minute] = variance;
  slot.has[minute] = true;
  ++slot.fed;
}

void Diurnal::freeze() {
  has_factor_.fill(false);
  std::array<double, kMinutesPerDay> mean{};
  std::array<std::int64_t, kMinutesPerDay> count{};
  std::int64_t days = 0;
  for (std::int64_t back = kDays; back >= 1; --back) {
    const Day day = day_ - Day::duration{back};
    const Slot& slot = slot_of(day);
    if (slot.day != day || slot.fed == 0) continue;
    ++days;
    for (std::size_t m = 0; m < kMinutesPerDay; ++m) {
      if (!slot.has[m]) continue;
      mean[m] += slot.variance[m];
      ++count[m];
    }
  }
  if (days < kLeastDays) return;

  double total = 0.0;
  std::int64_t minutes = 0;
  for (std::size_t m = 0; m < kMinutesPerDay; ++m) {
    if (count[m] == 0) continue;
    mean[m] /= static_cast<double>(count[m]);
    total += mean[m];
    ++minutes;
  }
  const double overall = total / static_cast<double>(minutes);
  if (!(overall > 0.0)) return;
  for (std::size_t m = 0; m < kMinutesPerDay; ++m) {
    double sum = 0.0;
    std::int64_t near = 0;
    for (std::size_t step = 0; step <= 2 * kReach; ++step) {
      const std::size_t neighbour = (m + kMinutesPerDay - kReach + step) % kMinutesPerDay;
      if (count[neighbour] == 0) continue;
      sum += mean[neighbour];
      ++near;
    }
    // Nothing can be divided by a factor of 0.
    if (near == 0 || !(sum > 0.0)) continue;
    factor_[m] = sum / static_cast<double>(near) / overall;
    has_factor_[m] = true;
  }
}

}  // namespace toxvol::factors
