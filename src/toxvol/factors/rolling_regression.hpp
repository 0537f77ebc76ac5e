#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/compensated_sum.hpp"
#include "toxvol/factors/ring_buffer.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// Least squares of y on a constant and three numbers, over the observations with now − W ≤ s < now
/// (Z1, G10, T11). Definition and numerical notes: docs/factors/rolling.md
class RollingRegression {
 public:
  static constexpr std::size_t kRegressors = 3;
  using Regressors = std::array<double, kRegressors>;

  /// `window` > 0.
  explicit RollingRegression(Duration window);

  /// Moves the window to [now − W, now). `now` never goes back.
  void advance(Timestamp now);
  /// Enters an observation made at `ts`; to be read from the next `advance` on. `ts` ascends
  /// strictly and is not before the last `advance`. All numbers are finite.
  void add(Timestamp ts, double y, const Regressors& x);

  [[nodiscard]] std::int64_t count() const noexcept {
    return static_cast<std::int64_t>(window_.size());
  }
  /// What the fitted line leaves of `y` at `x`. Empty where the window has no line: without
  /// observations, or where a regressor says nothing that the constant and those before it do not
  /// say.
  [[nodiscard]] Value residual(double y, const Regressors& x) const;

 private:
  static constexpr std::size_t kNumbers = 1 + kRegressors;  // y first
  using Numbers = std::array<double, kNumbers>;
  struct Observation {
    Timestamp ts{};
    Numbers numbers{};
  };
  /// Of numbers less their shift, so that squares do not cancel.
  struct Sums {
    std::array<CompensatedSum, kNumbers> first;
    std::array<std::array<CompensatedSum, kNumbers>, kNumbers> second;  // row ≥ column
  };

  void enter(const Numbers& numbers);
  void recompute();
  [[nodiscard]] Numbers less_shift(const Numbers& numbers) const;
  /// Σ of the products of two numbers, each less its mean.
  [[nodiscard]] double centred(std::size_t row, std::size_t column) const;
  [[nodiscard]] bool is_constant(std::size_t number) const;

  Duration length_;
  RingBuffer<Observation> window_;
  Numbers shift_{};
  Sums sums_;
  std::int64_t removed_ = 0;  // since the last recomputation
  Day day_{};                 // of the last `advance`
};

}  // namespace toxvol::factors
