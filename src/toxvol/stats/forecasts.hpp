#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace toxvol::stats {

/// Losses of variance forecasts, one each an outcome (R48; Patton 2011).
struct Losses {
  std::vector<double> qlike;  // y/f − ln(y/f) − 1
  std::vector<double> mse;    // (y − f)²
};
/// Outcomes y > 0 and forecasts f > 0, equally many.
[[nodiscard]] Losses losses(std::span<const double> y, std::span<const double> f);

/// Do two forecasts lose differently (R48; Diebold & Mariano 1995)? The difference is first less
/// second: above 0, the first loses more. All is empty below 30 losses and without spread.
struct DieboldMariano {
  std::optional<double> dm;    // mean difference over its error, of outcomes that overlap by h
  std::optional<double> hln;   // corrected for few (Harvey, Leybourne & Newbold 1997)
  std::optional<double> p;     // two-sided, of hln, Student's t with n − 1
  std::optional<double> t_nw;  // with Newey–West errors instead, because losses persist
  std::optional<double> p_nw;  // two-sided, of t_nw, normal
};
/// Equally many losses; 1 ≤ `overlap` (h), below their number.
[[nodiscard]] DieboldMariano diebold_mariano(std::span<const double> first,
                                             std::span<const double> second, std::size_t overlap);

/// Is a forecast right on average (R48; Mincer & Zarnowitz 1969)? y = a + b·f, or, divided by f,
/// y/f = a/f + b; then a = 0 and b = 1. All is empty below 30 outcomes; a coefficient and w where
/// the regression is singular.
struct MincerZarnowitz {
  std::optional<double> a;
  std::optional<double> b;
  std::optional<double> se_a;  // Newey–West
  std::optional<double> se_b;
  std::optional<double> r2;  // of what stands on the left
  std::optional<double> w;   // Wald's statistic of a = 0, b = 1
  std::optional<double> p;   // of w, χ² with 2
};
/// Equally many; f ≠ 0 where `divided`.
[[nodiscard]] MincerZarnowitz mincer_zarnowitz(std::span<const double> y, std::span<const double> f,
                                               bool divided);

}  // namespace toxvol::stats
