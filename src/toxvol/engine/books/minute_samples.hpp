#pragma once

#include <algorithm>
#include <chrono>

#include "toxvol/core/time.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// When equity is sampled: where the run starts, at the end of each UTC minute and where the run
/// ends. `Time` is the clock of the exchange.
template <class Time>
class MinuteSamples {
 public:
  MinuteSamples(Time from, Time to) : from_{from}, to_{to}, next_{from} {}

  /// `Time::max()` after the last.
  [[nodiscard]] Time next() const { return next_; }

  /// Calls `take(time, cause)` for each sample up to `now`.
  template <class Take>
  void take_until(Time now, Take take) {
    using trading::EquityCause;
    while (next_ <= std::min(now, to_)) {
      const Time sample = next_;
      if (sample == from_) {
        take(sample, EquityCause::Start);
      } else if (sample.time_since_epoch() % kStep == kStep.zero()) {
        take(sample, EquityCause::Minute);
      }
      if (sample == to_) {
        take(sample, EquityCause::End);
        next_ = Time::max();
        return;
      }
      next_ = std::min(Time{std::chrono::floor<std::chrono::minutes>(sample)} + kStep, to_);
    }
  }
  /// The run ends at `to`, which was not known before.
  template <class Take>
  void end(Time to, Take take) {
    to_ = to;
    take_until(to, take);
    // While it was not known, `to` was the end of a minute only.
    if (next_ != Time::max()) take(to, trading::EquityCause::End);
    next_ = Time::max();
  }

 private:
  static constexpr std::chrono::minutes kStep{1};

  Time from_;
  Time to_;
  Time next_;
};

}  // namespace toxvol::engine
