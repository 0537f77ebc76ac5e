#include "toxvol/synth/random.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace toxvol::synth {

namespace {

constexpr std::size_t kTerms = 17;

/// 1, 1/1!, 1/2!, …
constexpr std::array<double, kTerms> inverse_factorials() {
  std::array<double, kTerms> terms{1.0};
  for (std::size_t n = 1; n < kTerms; ++n) terms[n] = terms[n - 1] / static_cast<double>(n);
  return terms;
}
/// 1, 1/3, 1/5, …
constexpr std::array<double, 10> inverse_odds() {
  std::array<double, 10> terms{};
  for (std::size_t n = 0; n < terms.size(); ++n) terms[n] = 1.0 / static_cast<double>(2 * n + 1);
  return terms;
}
constexpr auto kInverseFactorials = inverse_factorials();
constexpr auto kInverseOdds = inverse_odds();

}  // namespace

double log_of(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2.0;
    --exponent;
  }
  // ln m = 2 artanh s; |s| < 0.172, so the term after s^19 is below 1e-17.
  const double s = (mantissa - 1.0) / (mantissa + 1.0);
  const double square = s * s;
  double sum = 0.0;
  for (std::size_t n = kInverseOdds.size(); n-- > 0;) sum = sum * square + kInverseOdds[n];
  return 2.0 * s * sum + static_cast<double>(exponent) * std::numbers::ln2;
}

double exp_of(double x) {
  if (x < -700.0) return 0.0;
  const double k = std::floor(x / std::numbers::ln2 + 0.5);
  const double rest = x - k * std::numbers::ln2;
  double sum = 0.0;
  for (std::size_t n = kTerms; n-- > 0;) sum = sum * rest + kInverseFactorials[n];
  return std::ldexp(sum, static_cast<int>(k));
}

double normal_quantile(double p) {
  constexpr double kTail = 0.02425;  // Acklam's break points
  if (p < kTail || p > 1.0 - kTail) {
    const double q = std::sqrt(-2.0 * log_of(p < kTail ? p : 1.0 - p));
    const double z =
        (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q -
           2.549732539343734e+00) *
              q +
          4.374664141464968e+00) *
             q +
         2.938163982698783e+00) /
        ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q +
          3.754408661907416e+00) *
             q +
         1.0);
    return p < kTail ? z : -z;
  }
  const double q = p - 0.5;
  const double r = q * q;
  return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r +
            1.383577518672690e+02) *
               r -
           3.066479806614716e+01) *
              r +
          2.506628277459239e+00) *
         q /
         (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r +
            6.680131188771972e+01) *
               r -
           1.328068155288572e+01) *
              r +
          1.0);
}

}  // namespace toxvol::synth
