#include "toxvol/factors/yang_zhang.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

// Yang & Zhang (2000), eq. 3 of the doc page: α = 1.34 is their choice for the worst drift.
constexpr double kAlpha = 1.34;

enum Term : std::size_t { kOpening, kOpeningSquare, kBody, kBodySquare, kRogersSatchell };

double sample_variance(double sum, double squares, double n) noexcept {
  return std::max(squares - sum * sum / n, 0.0) / (n - 1.0);
}

}  // namespace

double yang_zhang_weight(std::int64_t n) noexcept {
  const auto bars = static_cast<double>(n);
  return (kAlpha - 1.0) / (kAlpha + (bars + 1.0) / (bars - 1.0));
}

YangZhang::YangZhang(std::int64_t n) : weight_{yang_zhang_weight(n)}, sums_{n} {
  TOXVOL_ASSERT(n >= 2);
}

void YangZhang::update(Timestamp ts, Value opening, double body, double rogers_satchell) {
  sums_.advance(ts);
  if (!opening) return;
  sums_.add(ts, {*opening, *opening * *opening, body, body * body, rogers_satchell});
}

Value YangZhang::variance() const noexcept {
  if (sums_.count() != sums_.minutes()) return std::nullopt;
  const auto n = static_cast<double>(sums_.count());
  const double opening = sample_variance(sums_.raw(kOpening), sums_.raw(kOpeningSquare), n);
  const double body = sample_variance(sums_.raw(kBody), sums_.raw(kBodySquare), n);
  const double range = sums_.raw(kRogersSatchell) / n;
  return opening + weight_ * body + (1.0 - weight_) * range;
}

}  // namespace toxvol::factors
