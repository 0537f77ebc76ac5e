#pragma once

#include <cstdint>

#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// Exponentially weighted mean by half-life, without start-up bias (V2). An update that does not
/// happen changes nothing: the value is then repeated. Definition: docs/factors/ewma.md
class Ewma {
 public:
  /// `half_life` > 0 counts updates. The value is empty until `min_count` of them; 0: half_life.
  explicit Ewma(std::int64_t half_life, std::int64_t min_count = 0);

  void update(double x) noexcept;

  [[nodiscard]] Value value() const noexcept;
  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  [[nodiscard]] double alpha() const noexcept { return alpha_; }

 private:
  double alpha_;
  std::int64_t min_count_;
  std::int64_t count_ = 0;
  double weighted_ = 0.0;  // Σ α(1−α)^j x
  double weight_ = 0.0;    // Σ α(1−α)^j
};

}  // namespace toxvol::factors
