#pragma once

#include <cmath>

#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// A sum of z-scores in the making: Σw·z / √Σw² over the parts with w ≠ 0 (Z6), or Σw·z (M1).
/// Definition: docs/factors/pressure.md
class ZSum {
 public:
  explicit ZSum(ZScale scale) : is_plain_{scale == ZScale::Plain} {}

  /// A part of weight 0 is no part. A part without a value is missing.
  void add(double weight, Value z) {
    if (weight == 0.0) return;
    if (!z) {
      ++missing_;
      return;
    }
    ++present_;
    sum_ += weight * *z;
    squares_ += weight * weight;
  }
  /// P and T: empty unless every part has a value.
  [[nodiscard]] Value of_all() const { return missing_ == 0 ? of_present() : Value{}; }
  /// C: empty only where no part has a value.
  [[nodiscard]] Value of_present() const {
    if (present_ == 0) return Value{};
    return is_plain_ ? sum_ : sum_ / std::sqrt(squares_);
  }

 private:
  bool is_plain_;
  int present_ = 0;
  int missing_ = 0;
  double sum_ = 0.0;
  double squares_ = 0.0;
};

}  // namespace toxvol::factors
