#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/compensated_sum.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/ring_buffer.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// z held to ± `limit` (Z3).
[[nodiscard]] double clip(double z, double limit) noexcept;

/// Mean and standard deviation (n − 1) of the observations with now − W ≤ s < now (Z1, G10).
/// Definition and numerical notes: docs/factors/rolling.md
class RollingMoments {
 public:
  /// `window` > 0.
  explicit RollingMoments(Duration window);

  /// Moves the window to [now − W, now). `now` never goes back.
  void advance(Timestamp now);
  /// Enters an observation made at `ts`; to be read from the next `advance` on. `ts` ascends
  /// strictly and is not before the last `advance`. `value` is finite.
  void add(Timestamp ts, double value);

  [[nodiscard]] std::int64_t count() const noexcept {
    return static_cast<std::int64_t>(window_.size());
  }
  /// Needs count() ≥ 1.
  [[nodiscard]] double mean() const noexcept;
  /// Needs count() ≥ 2.
  [[nodiscard]] double sd() const noexcept;

 private:
  struct Observation {
    Timestamp ts{};
    double value = 0.0;
  };

  void recompute();

  Duration length_;
  RingBuffer<Observation> window_;
  double shift_ = 0.0;        // sums are of value − shift_, so that squares do not cancel
  CompensatedSum first_;      // Σ (x − shift)
  CompensatedSum second_;     // Σ (x − shift)²
  std::int64_t removed_ = 0;  // since the last recomputation
  Day day_{};                 // of the last `advance`
};

/// The z-score of an observation against those of the window before it (Z1–Z4).
class ZScore {
 public:
  struct Params {
    Duration window{};
    std::int64_t min_count = 2;         // ≥ 2
    double floor = 0.0;                 // of the sd, Z5; > 0
    double clip = 5.0;                  // > 0
    std::optional<FixedScale> fixed{};  // in place of the window's (R41)
  };

  explicit ZScore(const Params& params);

  /// z of `x` at `ts`, then enters the unclipped x. Empty for an empty x, which counts as no
  /// observation (Z2), and below min_count, which a fixed scale does not ask. `ts` ascends strictly
  /// from call to call.
  Value update(Timestamp ts, Value x);

  /// Prior observations in the window as of the last `update`, its own included.
  [[nodiscard]] std::int64_t count() const noexcept { return moments_.count(); }

 private:
  Params params_;
  RollingMoments moments_;
};

/// The last N observations, whenever they were made: for funding, three a day, so everything is
/// summed anew at each question (`funding_z_events`, C1).
class EventWindow {
 public:
  /// `events` ≥ 1.
  explicit EventWindow(std::int64_t events);

  void add(double value);

  [[nodiscard]] std::int64_t count() const noexcept {
    return static_cast<std::int64_t>(window_.size());
  }
  /// Needs count() ≥ 1.
  [[nodiscard]] double mean() const;
  /// n − 1; needs count() ≥ 2.
  [[nodiscard]] double sd() const;
  /// √(Σx²/n), about 0 and not about the mean (C1). Needs count() ≥ 1.
  [[nodiscard]] double rms() const;

 private:
  std::int64_t events_;
  RingBuffer<double> window_;
};

/// ZScore over the last N observations before it (`funding_centre = "mean"`).
class EventZScore {
 public:
  struct Params {
    std::int64_t events = 0;
    std::int64_t min_count = 2;  // ≥ 2
    double floor = 0.0;          // > 0
    double clip = 5.0;           // > 0
  };

  explicit EventZScore(const Params& params);

  /// z of `x`, empty below min_count; then enters the unclipped x.
  Value update(double x);

 private:
  Params params_;
  EventWindow window_;
};

}  // namespace toxvol::factors
