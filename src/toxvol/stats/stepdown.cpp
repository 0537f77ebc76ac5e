#include "toxvol/stats/stepdown.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/stats/order.hpp"

namespace toxvol::stats {

Stepdown::Stepdown(std::vector<double> means, std::vector<double> omegas, std::size_t rows)
    : means_{std::move(means)}, scale_{std::move(omegas)} {
  TOXVOL_ASSERT(!means_.empty() && means_.size() == scale_.size() && rows >= 3);
  const auto n = static_cast<double>(rows);
  const double bound = -std::sqrt(2.0 * std::log(std::log(n)));
  for (std::size_t j = 0; j < means_.size(); ++j) {
    scale_[j] = std::sqrt(n) / scale_[j];
    t_.push_back(scale_[j] * means_[j]);
    largest_ = std::max(largest_, t_[j]);
    centre_lower_.push_back(std::max(means_[j], 0.0));
    centre_consistent_.push_back(t_[j] >= bound ? means_[j] : 0.0);
  }
  one_sided_ = ladder(t_);
  std::vector<double> sizes = t_;
  for (double& t : sizes) t = std::abs(t);
  two_sided_ = ladder(std::move(sizes));
  deviation_.resize(means_.size());
}

Stepdown::Ladder Stepdown::ladder(std::vector<double> statistic) {
  Ladder result{.order = std::vector<std::size_t>(statistic.size()),
                .statistic = std::move(statistic),
                .reached = {}};
  result.reached.resize(result.order.size());
  std::iota(result.order.begin(), result.order.end(), std::size_t{0});
  const std::vector<double>& by = result.statistic;
  std::sort(result.order.begin(), result.order.end(),
            [&](std::size_t a, std::size_t b) { return by[a] != by[b] ? by[a] > by[b] : a < b; });
  return result;
}

void Stepdown::climb(Ladder& ladder, std::span<const double> resampled) {
  double greatest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = ladder.order.size(); i-- > 0;) {
    const std::size_t column = ladder.order[i];
    greatest = std::max(greatest, resampled[column]);
    if (greatest >= ladder.statistic[column]) ++ladder.reached[column];
  }
}

void Stepdown::add(std::span<const double> resampled) {
  double lower = 0.0;
  double consistent = 0.0;
  double upper = 0.0;
  for (std::size_t j = 0; j < means_.size(); ++j) {
    deviation_[j] = scale_[j] * (resampled[j] - means_[j]);
    lower = std::max(lower, scale_[j] * (resampled[j] - centre_lower_[j]));
    consistent = std::max(consistent, scale_[j] * (resampled[j] - centre_consistent_[j]));
    upper = std::max(upper, deviation_[j]);
  }
  ++resamples_;
  if (lower >= largest_) ++lower_;
  if (consistent >= largest_) ++consistent_;
  if (upper >= largest_) ++upper_;
  climb(one_sided_, deviation_);
  for (double& t : deviation_) t = std::abs(t);
  climb(two_sided_, deviation_);
  maxima_.push_back(*std::max_element(deviation_.begin(), deviation_.end()));
}

double Stepdown::share(std::int64_t count) const {
  return static_cast<double>(1 + count) / static_cast<double>(resamples_ + 1);
}

std::vector<double> Stepdown::adjusted(const Ladder& ladder) const {
  std::vector<double> p(ladder.order.size());
  double least = 0.0;
  for (const std::size_t column : ladder.order) {
    least = std::max(least, share(ladder.reached[column]));
    p[column] = least;
  }
  return p;
}

std::optional<double> Stepdown::c95() const {
  const auto k =
      static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(resamples_ + 1) - 1e-9));
  if (k > maxima_.size()) return std::nullopt;
  std::vector<double> maxima = maxima_;
  return kth_smallest(maxima, k);
}

}  // namespace toxvol::stats
