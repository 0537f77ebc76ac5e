#include "toxvol/stats/ranks.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/stats/moments.hpp"

namespace toxvol::stats {

std::vector<double> mid_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [values](std::size_t a, std::size_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    const double rank = static_cast<double>(first + last) / 2.0 + 1.0;
    for (; first <= last; ++first) ranks[order[first]] = rank;
  }
  return ranks;
}

std::optional<double> correlation(std::span<const double> x, std::span<const double> y) {
  const Moments of_x = moments_of(x);
  const Moments of_y = moments_of(y);
  const auto spread_x = of_x.population_deviation();
  const auto spread_y = of_y.population_deviation();
  if (!spread_x || !spread_y || !(*spread_x > 0.0) || !(*spread_y > 0.0)) return std::nullopt;
  double products = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    products += (x[i] - of_x.mean()) * (y[i] - of_y.mean());
  }
  return products / static_cast<double>(x.size()) / *spread_x / *spread_y;
}

std::optional<double> rank_correlation(std::span<const double> x, std::span<const double> y) {
  return correlation(mid_ranks(x), mid_ranks(y));
}

}  // namespace toxvol::stats
