#include "toxvol/stats/distributions.hpp"

#include <cmath>
#include <numbers>

#include "toxvol/core/assert.hpp"

namespace toxvol::stats {

namespace {

/// Γ(a + ½)/Γ(a), a > 0: Stirling's series of the logarithm from a = 20 on, below it by
/// Γ(a + 1) = aΓ(a).
double gamma_ratio(double a) {
  double factor = 1.0;
  while (a < 20.0) {
    factor *= a / (a + 0.5);
    a += 1.0;
  }
  const double r = 1.0 / (a * a);
  const double tail = 17.0 / 14336.0 - r * (31.0 / 18432.0);
  const double series = -1.0 / 8.0 + r * (1.0 / 192.0 + r * (-1.0 / 640.0 + r * tail));
  return factor * std::sqrt(a) * std::exp(series / a);
}

/// The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method; quick
/// for x < (a + 1)/(a + b + 2).
double beta_fraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;
  constexpr int kMost = 10'000;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1.0;
  double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
  double value = d;
  for (int m = 1; m <= kMost; ++m) {
    const double k = m;
    const double even = k * (b - k) * x / ((a + 2.0 * k - 1.0) * (a + 2.0 * k));
    d = 1.0 / away_from_zero(1.0 + even * d);
    c = away_from_zero(1.0 + even / c);
    value *= d * c;
    const double odd = -(a + k) * (a + b + k) * x / ((a + 2.0 * k) * (a + 2.0 * k + 1.0));
    d = 1.0 / away_from_zero(1.0 + odd * d);
    c = away_from_zero(1.0 + odd / c);
    value *= d * c;
    if (std::abs(d * c - 1.0) < 1e-15) break;
  }
  return value;
}

}  // namespace

double student_two_sided(double t, double degrees) {
  TOXVOL_ASSERT(degrees > 0.0);
  const double a = 0.5 * degrees;
  const double square = t * t;
  if (square == 0.0) return 1.0;
  const double x = degrees / (degrees + square);
  const double rest = square / (degrees + square);  // 1 − x, without its cancellation
  // x^a·(1 − x)^½/B(a, ½), B(a, ½) = √π·Γ(a)/Γ(a + ½).
  const double front = std::exp(-a * std::log1p(square / degrees)) * std::sqrt(rest) *
                       gamma_ratio(a) * std::numbers::inv_sqrtpi;
  if (x < (a + 1.0) / (a + 2.5)) return front * beta_fraction(x, a, 0.5) / a;
  return 1.0 - front * beta_fraction(rest, 0.5, a) / 0.5;
}

double chi_squared_two(double w) {
  return std::exp(-0.5 * w);
}

}  // namespace toxvol::stats
