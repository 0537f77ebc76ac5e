#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/ring_buffer.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// A sorted bag of numbers with ties: short sorted blocks in order. Insert and erase find their
/// block by bisection and move at most one block; nothing is allocated once it has its size.
class SortedBag {
 public:
  /// `value` is finite.
  void insert(double value);
  /// Takes out one number equal to `value`, which is there.
  void erase(double value);

  [[nodiscard]] std::int64_t size() const noexcept { return size_; }
  /// The k-th smallest, 1 ≤ k ≤ size().
  [[nodiscard]] double kth(std::int64_t k) const;
  [[nodiscard]] std::int64_t count_below(double value) const;
  [[nodiscard]] std::int64_t count_at_most(double value) const;

 private:
  static constexpr std::size_t kBlockSize = 128;
  using Block = std::array<double, kBlockSize>;

  /// The first block whose largest number is ≥ value, or the number of blocks.
  [[nodiscard]] std::size_t block_of(double value) const;
  void split(std::size_t at);
  void merge_with_next(std::size_t at);
  void drop(std::size_t at);

  std::vector<Block> pool_;
  std::vector<std::size_t> free_;  // places in pool_ that are not in use
  // Blocks in ascending order of their numbers, one entry each:
  std::vector<std::size_t> place_;  // in pool_
  std::vector<double> last_;        // largest number
  std::vector<std::int64_t> used_;  // numbers in it, never 0
  std::int64_t size_ = 0;
};

/// Quantiles and ranks of the observations with now − W ≤ s < now (Q1, Q2, Z1, T9).
/// Definition: docs/factors/quantile.md
class RollingQuantile {
 public:
  /// `window` > 0.
  explicit RollingQuantile(Duration window);

  /// Moves the window to [now − W, now). `now` never goes back.
  void advance(Timestamp now);
  /// Enters an observation made at `ts`; to be read from the next `advance` on. `ts` ascends
  /// strictly and is not before the last `advance`. `value` is finite.
  void add(Timestamp ts, double value);

  [[nodiscard]] std::int64_t count() const noexcept { return values_.size(); }
  /// The k-th smallest, k = ⌈p·n − 1e-9⌉ held to 1 … n (Q1). Empty below `min_count` (Z4) or
  /// without an observation.
  [[nodiscard]] Value quantile(double p, std::int64_t min_count) const;
  /// (count below + ½ count equal)/n (T9). Empty like `quantile`.
  [[nodiscard]] Value rank(double value, std::int64_t min_count) const;

 private:
  struct Observation {
    Timestamp ts{};
    double value = 0.0;
  };

  Duration length_;
  RingBuffer<Observation> window_;
  SortedBag values_;
};

/// `thresholds.quantile_min_count` for one window: as configured, or "auto": max(30, ⌈n/7⌉) with
/// n = window/cadence (Z4).
[[nodiscard]] std::int64_t quantile_min_count(std::optional<std::int64_t> configured,
                                              Duration window, Duration cadence);

}  // namespace toxvol::factors
