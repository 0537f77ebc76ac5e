#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::stats {

/// ω̂ of a series: the exact standard deviation of √n times its mean resampled in blocks of mean
/// length `length` (R16; Politis & Romano 1994, lemma 1). Empty without spread.
[[nodiscard]] std::optional<double> bootstrap_deviation(std::span<const double> series,
                                                        std::int64_t length);

/// Many tests at once: is any, and which, of the columns' means different from 0 (R16–R18)? Columns
/// without spread are left out: their places are empty. All is empty below 30 rows.
struct Family {
  std::optional<std::int64_t> length;        // the mean block of all
  std::vector<std::optional<double>> omega;  // a column each
  std::vector<std::optional<double>> t;      // √n·mean/ω̂, a column each
  std::optional<double> largest;             // T = max(0, max t)
  // Hansen's (2005) test of superior predictive ability: could the best column be luck?
  std::optional<double> p_lower;
  std::optional<double> p_consistent;  // the one to read
  std::optional<double> p_upper;
  // Romano & Wolf's (2005, 2016) stepdown: a column each, adjusted for having looked at all.
  std::vector<std::optional<double>> p_one_sided;  // mean above 0
  std::vector<std::optional<double>> p_two_sided;
  std::optional<double> c95;  // mean ± c95·ω̂/√n holds for all columns at once
};
/// `differences`: each column a series less its benchmark.
[[nodiscard]] Family family(const MatrixView& differences, const Resampling& how);

/// Two series alone: b − a (R20), from a's rows to b's, equally many.
[[nodiscard]] Pair pair(std::span<const double> a, std::span<const double> b,
                        const Resampling& how);

/// Every column against one base, from one set of resampled rows: the family of the differences
/// and, for each, R20; there p = 2Φ(−|t|), unadjusted (R34).
struct BaseComparison {
  Family family;
  std::vector<Pair> pairs;  // a column each
};
/// `base` has a number for each row.
[[nodiscard]] BaseComparison compare_with_base(const MatrixView& returns,
                                               std::span<const double> base, const Resampling& how);

}  // namespace toxvol::stats
