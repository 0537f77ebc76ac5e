#include "toxvol/factors/quantile.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

// Q1: p·n an integer but for rounding is that integer.
constexpr double kQuantileSlack = 1e-9;
// Z4: the least number of observations under "auto", and the share of a full window.
constexpr std::int64_t kAutoLeast = 30;
constexpr std::int64_t kAutoShare = 7;

template <class T>
auto iterator_at(T& list, std::size_t at) {
  return std::next(list.begin(), static_cast<std::ptrdiff_t>(at));
}

}  // namespace

std::size_t SortedBag::block_of(double value) const {
  return static_cast<std::size_t>(
      std::distance(last_.begin(), std::lower_bound(last_.begin(), last_.end(), value)));
}

void SortedBag::insert(double value) {
  TOXVOL_ASSERT(std::isfinite(value));
  if (place_.empty()) {
    if (free_.empty()) {
      free_.push_back(pool_.size());
      pool_.emplace_back();
    }
    place_.push_back(free_.back());
    free_.pop_back();
    last_.push_back(value);
    used_.push_back(0);
  }
  std::size_t at = std::min(block_of(value), place_.size() - 1);
  if (used_[at] == static_cast<std::int64_t>(kBlockSize)) {
    split(at);
    if (value > last_[at]) ++at;
  }
  Block& block = pool_[place_[at]];
  auto* const end = std::next(block.data(), used_[at]);
  auto* const position = std::upper_bound(block.data(), end, value);
  std::copy_backward(position, end, std::next(end));
  *position = value;
  ++used_[at];
  last_[at] = *end;
  ++size_;
}

void SortedBag::erase(double value) {
  const std::size_t at = block_of(value);
  TOXVOL_ASSERT(at < place_.size());
  Block& block = pool_[place_[at]];
  auto* const end = std::next(block.data(), used_[at]);
  auto* const position = std::lower_bound(block.data(), end, value);
  TOXVOL_ASSERT(position != end && *position == value);
  std::copy(std::next(position), end, position);
  --used_[at];
  --size_;
  if (used_[at] == 0) {
    drop(at);
    return;
  }
  last_[at] = *std::prev(end, 2);
  // Neighbours together hold more than half a block, so blocks stay few.
  constexpr auto kHalf = static_cast<std::int64_t>(kBlockSize / 2);
  if (at + 1 < used_.size() && used_[at] + used_[at + 1] <= kHalf) {
    merge_with_next(at);
  } else if (at > 0 && used_[at - 1] + used_[at] <= kHalf) {
    merge_with_next(at - 1);
  }
}

void SortedBag::split(std::size_t at) {
  if (free_.empty()) {
    free_.push_back(pool_.size());
    pool_.emplace_back();
  }
  const std::size_t fresh = free_.back();
  free_.pop_back();
  constexpr std::size_t kHalf = kBlockSize / 2;
  Block& low = pool_[place_[at]];
  std::copy(iterator_at(low, kHalf), low.end(), pool_[fresh].begin());
  place_.insert(iterator_at(place_, at + 1), fresh);
  last_.insert(iterator_at(last_, at + 1), last_[at]);
  used_.insert(iterator_at(used_, at + 1), static_cast<std::int64_t>(kBlockSize - kHalf));
  last_[at] = low[kHalf - 1];
  used_[at] = static_cast<std::int64_t>(kHalf);
}

void SortedBag::merge_with_next(std::size_t at) {
  const Block& high = pool_[place_[at + 1]];
  std::copy_n(high.begin(), used_[at + 1], std::next(pool_[place_[at]].data(), used_[at]));
  used_[at] += used_[at + 1];
  last_[at] = last_[at + 1];
  drop(at + 1);
}

void SortedBag::drop(std::size_t at) {
  free_.push_back(place_[at]);
  place_.erase(iterator_at(place_, at));
  last_.erase(iterator_at(last_, at));
  used_.erase(iterator_at(used_, at));
}

double SortedBag::kth(std::int64_t k) const {
  TOXVOL_ASSERT(k >= 1 && k <= size_);
  std::size_t at = 0;
  while (k > used_[at]) k -= used_[at++];
  return pool_[place_[at]][static_cast<std::size_t>(k - 1)];
}

std::int64_t SortedBag::count_below(double value) const {
  const std::size_t at = block_of(value);
  std::int64_t count = 0;
  for (std::size_t i = 0; i < at; ++i) count += used_[i];
  if (at == place_.size()) return count;
  const Block& block = pool_[place_[at]];
  const auto* const end = std::next(block.data(), used_[at]);
  return count + std::distance(block.data(), std::lower_bound(block.data(), end, value));
}

std::int64_t SortedBag::count_at_most(double value) const {
  // The first block whose largest number is > value.
  const auto at = static_cast<std::size_t>(
      std::distance(last_.begin(), std::upper_bound(last_.begin(), last_.end(), value)));
  std::int64_t count = 0;
  for (std::size_t i = 0; i < at; ++i) count += used_[i];
  if (at == place_.size()) return count;
  const Block& block = pool_[place_[at]];
  const auto* const end = std::next(block.data(), used_[at]);
  return count + std::distance(block.data(), std::upper_bound(block.data(), end, value));
}

RollingQuantile::RollingQuantile(Duration window) : length_{window} {
  TOXVOL_ASSERT(window > Duration::zero());
}

void RollingQuantile::advance(Timestamp now) {
  const Timestamp first = now - length_;  // still inside (Z1)
  while (!window_.empty() && window_.front().ts < first) {
    values_.erase(window_.front().value);
    window_.pop_front();
  }
}

void RollingQuantile::add(Timestamp ts, double value) {
  TOXVOL_ASSERT(window_.empty() || window_.back().ts < ts);
  values_.insert(value);
  window_.push_back({.ts = ts, .value = value});
}

Value RollingQuantile::quantile(double p, std::int64_t min_count) const {
  const std::int64_t n = count();
  if (n < std::max<std::int64_t>(min_count, 1)) return std::nullopt;
  const double k = std::ceil(p * static_cast<double>(n) - kQuantileSlack);
  return values_.kth(std::clamp<std::int64_t>(static_cast<std::int64_t>(k), 1, n));
}

Value RollingQuantile::rank(double value, std::int64_t min_count) const {
  const std::int64_t n = count();
  if (n < std::max<std::int64_t>(min_count, 1)) return std::nullopt;
  const std::int64_t below = values_.count_below(value);
  const std::int64_t equal = values_.count_at_most(value) - below;
  return (static_cast<double>(below) + 0.5 * static_cast<double>(equal)) / static_cast<double>(n);
}

std::int64_t quantile_min_count(std::optional<std::int64_t> configured, Duration window,
                                Duration cadence) {
  if (configured) return *configured;
  const std::int64_t full = window / cadence;
  return std::max(kAutoLeast, (full + kAutoShare - 1) / kAutoShare);
}

}  // namespace toxvol::factors
