#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace toxvol::stats {

/// The k-th smallest, 1 ≤ k ≤ size. The order of `values` is changed.
template <class T>
[[nodiscard]] T kth_smallest(std::vector<T>& values, std::size_t k) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(k - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// The ⌈n/2⌉-th smallest (R6); `values` has one at least.
template <class T>
[[nodiscard]] T median(std::vector<T> values) {
  return kth_smallest(values, (values.size() + 1) / 2);
}

}  // namespace toxvol::stats
