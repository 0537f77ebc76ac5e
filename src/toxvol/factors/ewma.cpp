#include "toxvol/factors/ewma.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

Ewma::Ewma(std::int64_t half_life, std::int64_t min_count)
    // 1 − 2^(−1/h), exact for long half-lives too.
    : alpha_{-std::expm1(-std::numbers::ln2 / static_cast<double>(half_life))},
      min_count_{min_count > 0 ? min_count : half_life} {
  TOXVOL_ASSERT(half_life > 0);
}

void Ewma::update(double x) noexcept {
  weighted_ = (1.0 - alpha_) * weighted_ + alpha_ * x;
  weight_ = (1.0 - alpha_) * weight_ + alpha_;
  ++count_;
}

Value Ewma::value() const noexcept {
  if (count_ < min_count_) return std::nullopt;
  return weighted_ / weight_;
}

}  // namespace toxvol::factors
