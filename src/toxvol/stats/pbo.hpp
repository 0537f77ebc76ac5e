#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "toxvol/stats/matrix.hpp"

namespace toxvol::stats {

/// Blocks of the splitting: even, 4 at least, and no more than what C(S, S/2) stays small with.
constexpr int kLeastBlocks = 4;
constexpr int kMostBlocks = 24;

/// The probability of backtest overfitting by combinatorially symmetric cross-validation (R19;
/// Bailey, Borwein, López de Prado & Zhu 2017): how often is the column that is best on half of the
/// blocks in the lower half of the columns on the others?
struct Pbo {
  std::vector<double> lambdas;  // ln(r/(M + 1 − r)), one a split, in lexicographic order of halves
  double pbo = 0.0;             // share of splits with 2r ≤ M + 1
  double median_lambda = 0.0;
  double p_loss = 0.0;  // share of splits where the best has a Sharpe ratio < 0 out of sample
  std::optional<double> slope;  // of its ratio out of sample on that in sample
  double mean_in = 0.0;         // its mean Sharpe ratios
  double mean_out = 0.0;
};
/// `blocks` even, in [kLeastBlocks, kMostBlocks]; less where they would hold fewer than 10 rows.
/// Empty below 4 blocks of 10 rows and below two columns.
[[nodiscard]] std::optional<Pbo> pbo(const MatrixView& returns, int blocks);

}  // namespace toxvol::stats
