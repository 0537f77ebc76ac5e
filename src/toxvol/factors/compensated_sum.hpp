#pragma once

#include <cmath>

namespace toxvol::factors {

/// A sum that keeps what rounding takes away (Neumaier 1974), so that adding and removing the same
/// numbers for months leaves no drift (G10).
class CompensatedSum {
 public:
  void add(double x) noexcept {
    const double total = sum_ + x;
    // The smaller of the two has lost its low digits.
    lost_ += std::abs(sum_) >= std::abs(x) ? (sum_ - total) + x : (x - total) + sum_;
    sum_ = total;
  }
  void remove(double x) noexcept { add(-x); }
  void reset() noexcept { sum_ = lost_ = 0.0; }
  [[nodiscard]] double value() const noexcept { return sum_ + lost_; }

 private:
  double sum_ = 0.0;
  double lost_ = 0.0;
};

}  // namespace toxvol::factors
