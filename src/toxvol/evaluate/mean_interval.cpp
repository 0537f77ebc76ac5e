#include "toxvol/evaluate/mean_interval.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/resampled_sums.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::evaluate {

MeanInterval mean_interval(std::span<const double> series, std::int64_t least_block,
                           const stats::Resampling& how) {
  MeanInterval result;
  if (series.empty()) return result;
  const stats::Moments moments = stats::moments_of(series);
  result.mean = moments.mean();
  if (series.size() < stats::kLeastOfInterval || !moments.has_spread()) return result;
  const std::int64_t length = std::max(stats::block_length(series).length, least_block);
  const auto rows = stats::resampled_rows(series.size(), length, how);
  const stats::MatrixView column{.values = series.data(), .rows = series.size(), .columns = 1};
  stats::ResampledSums sums{column, false};
  std::vector<std::uint32_t> scratch;
  std::vector<double> means(static_cast<std::size_t>(how.resamples));
  for (std::size_t b = 0; b < means.size(); ++b) {
    sums.take(rows->row(b, scratch));
    means[b] = sums.mean(0);
  }
  result.range = stats::percentile_range(means);
  return result;
}

}  // namespace toxvol::evaluate
