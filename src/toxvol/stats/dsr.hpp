#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "toxvol/stats/matrix.hpp"

namespace toxvol::stats {

/// e(N): what the largest of N independent standard normals is expected to be, nearly (R14; Bailey
/// & López de Prado 2014, eq. 1). 0 for one.
[[nodiscard]] double expected_largest(std::int64_t trials);

/// How many of M trials are different (R15; Bailey & López de Prado 2014, A.3).
struct EffectiveNumber {
  std::optional<double> rho;    // mean pairwise correlation, in [0, 1]; empty below two trials
  std::optional<double> n_hat;  // ρ + (1 − ρ)M; empty without a trial
};
/// Columns are trials; those without spread are none.
[[nodiscard]] EffectiveNumber effective_number(const MatrixView& returns);

/// What a Sharpe ratio of `rows` returns has to beat, being chosen from M trials (R14, R15). Unit
/// ratios, not annualised; all 0 for one trial, all empty without one.
struct DeflatedBenchmarks {
  std::optional<double> var_z;  // variance of z = SR·√(n − 1) over the trials
  std::optional<double> phi;    // the least that luck alone would make of it
  std::optional<double> variance;
  std::optional<double> sr0;          // the paper's
  std::optional<double> sr0_implied;  // of N̂ trials in place of M: flatters
  std::optional<double> sr0_null;     // of M trials without skill, correlated as these are
};
/// `z`: SR_i·√(n_i − 1) of each trial. `rows` ≥ 2.
[[nodiscard]] DeflatedBenchmarks deflated_benchmarks(std::span<const double> z, double n_hat,
                                                     std::size_t rows);

/// The deflated Sharpe ratio of one column among the trials that the columns are.
struct Dsr {
  std::int64_t trials = 0;  // M: columns with spread
  EffectiveNumber number;
  std::optional<std::size_t> column;  // the one judged; empty where none has spread
  DeflatedBenchmarks benchmarks;
  std::optional<double> dsr;  // probabilities that the true ratio is above each benchmark
  std::optional<double> dsr_implied;
  std::optional<double> dsr_null;
};
/// `column` < columns, or the one of the best ratio (ties: the first).
[[nodiscard]] Dsr deflated_sharpe(const MatrixView& returns, std::optional<std::size_t> column);

}  // namespace toxvol::stats
