#include "toxvol/stats/pbo.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/order.hpp"

namespace toxvol::stats {

namespace {

constexpr std::size_t kLeastRows = 10;  // of a block
constexpr double kNoVariance = 1e-12;   // of the mean square: such a column scores 0

/// Mean and Σ(x − mean)² of every column in every block: a half is put together from its blocks,
/// and equal columns stay equal.
class Blocks {
 public:
  Blocks(const MatrixView& returns, std::size_t blocks)
      : count_{blocks},
        columns_{returns.columns},
        rows_{returns.rows / blocks},
        means_(blocks * returns.columns),
        deviations_(means_.size()),
        mean_(returns.columns),
        deviation_(returns.columns) {
    const std::size_t first = returns.rows % blocks;
    for (std::size_t j = 0; j < columns_; ++j) {
      const std::vector<double> series = returns.column(j);
      for (std::size_t block = 0; block < count_; ++block) {
        const auto moments = moments_of(std::span{series}.subspan(first + block * rows_, rows_));
        const double deviation = held(moments.population_deviation());
        means_[block * columns_ + j] = moments.mean();
        deviations_[block * columns_ + j] = deviation * deviation * static_cast<double>(rows_);
      }
    }
  }

  /// SR (R8) of every column over the half of the blocks that `in_half` marks.
  void score(std::span<const char> in_half, bool wanted, std::vector<double>& scores) {
    std::fill(mean_.begin(), mean_.end(), 0.0);
    std::fill(deviation_.begin(), deviation_.end(), 0.0);
    for (std::size_t block = 0; block < count_; ++block) {
      if ((in_half[block] != 0) == wanted) add_means(block);
    }
    const double share = 2.0 / static_cast<double>(count_);
    for (double& mean : mean_) mean *= share;
    for (std::size_t block = 0; block < count_; ++block) {
      if ((in_half[block] != 0) == wanted) add_deviations(block);
    }
    const std::size_t rows = rows_ * count_ / 2;
    const auto n = static_cast<double>(rows);
    for (std::size_t j = 0; j < columns_; ++j) {
      const double variance = deviation_[j] / n;
      const double mean = mean_[j];
      const bool is_flat = variance <= kNoVariance * (variance + mean * mean);
      scores[j] = is_flat ? 0.0 : mean / std::sqrt(deviation_[j] / (n - 1.0));
    }
  }

 private:
  void add_means(std::size_t block) {
    const double* const means = &means_[block * columns_];
    double* const sum = mean_.data();
    for (std::size_t j = 0; j < columns_; ++j) sum[j] += means[j];
  }
  void add_deviations(std::size_t block) {
    const double* const means = &means_[block * columns_];
    const double* const deviations = &deviations_[block * columns_];
    const double* const mean = mean_.data();
    double* const sum = deviation_.data();
    const auto rows = static_cast<double>(rows_);
    for (std::size_t j = 0; j < columns_; ++j) {
      const double off = means[j] - mean[j];
      sum[j] += deviations[j] + rows * off * off;
    }
  }

  std::size_t count_;
  std::size_t columns_;
  std::size_t rows_;  // of a block
  std::vector<double> means_;
  std::vector<double> deviations_;
  std::vector<double> mean_;  // of the half being scored, a column each
  std::vector<double> deviation_;
};

/// The next half in lexicographic order of its block numbers; false after the last. As marks, that
/// is the previous permutation: 1100, 1010, 1001, 0110, …
bool next_half(std::vector<char>& in_half) {
  return std::prev_permutation(in_half.begin(), in_half.end());
}

/// Twice the mid rank of a column among all, 1 being the worst.
std::int64_t twice_rank(std::span<const double> scores, std::size_t column) {
  std::int64_t twice = 1;
  for (const double score : scores) {
    if (score < scores[column]) twice += 2;
    if (score == scores[column]) ++twice;  // itself too
  }
  return twice;
}

/// Of `out` on `in` by least squares; empty where `in` does not vary.
std::optional<double> slope_of(std::span<const double> in, std::span<const double> out) {
  const Moments of_in = moments_of(in);
  if (!of_in.has_spread()) return std::nullopt;
  const double mean_in = of_in.mean();
  const double mean_out = moments_of(out).mean();
  double products = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    products += (in[i] - mean_in) * (out[i] - mean_out);
    squares += (in[i] - mean_in) * (in[i] - mean_in);
  }
  return products / squares;
}

double share(std::int64_t part, std::size_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::optional<Pbo> pbo(const MatrixView& returns, int blocks) {
  TOXVOL_ASSERT(blocks >= kLeastBlocks && blocks <= kMostBlocks && blocks % 2 == 0);
  auto count = static_cast<std::size_t>(blocks);
  while (count >= 4 && returns.rows < kLeastRows * count) count -= 2;
  if (count < 4 || returns.columns < 2) return std::nullopt;

  Blocks sums{returns, count};
  const auto all = static_cast<std::int64_t>(returns.columns);
  std::vector<char> in_half(count, 0);
  std::fill_n(in_half.begin(), count / 2, char{1});
  std::vector<double> scores(returns.columns);
  std::vector<double> in;
  std::vector<double> out;
  Pbo result;
  std::int64_t overfitted = 0;
  std::int64_t lost = 0;
  do {
    sums.score(in_half, true, scores);
    const auto best = static_cast<std::size_t>(
        std::distance(scores.begin(), std::max_element(scores.begin(), scores.end())));
    in.push_back(scores[best]);
    sums.score(in_half, false, scores);
    out.push_back(scores[best]);
    const std::int64_t twice = twice_rank(scores, best);
    result.lambdas.push_back(
        std::log(static_cast<double>(twice) / static_cast<double>(2 * (all + 1) - twice)));
    if (twice <= all + 1) ++overfitted;
    if (scores[best] < 0.0) ++lost;
  } while (next_half(in_half));

  result.pbo = share(overfitted, in.size());
  result.p_loss = share(lost, in.size());
  result.median_lambda = median(result.lambdas);
  result.slope = slope_of(in, out);
  result.mean_in = moments_of(in).mean();
  result.mean_out = moments_of(out).mean();
  return result;
}

}  // namespace toxvol::stats
