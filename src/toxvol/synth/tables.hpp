#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "toxvol/synth/random.hpp"

namespace toxvol::synth {

/// A distribution of whole numbers given by some of its quantiles, logarithmic in between, so that
/// drawing is a look-up: the tail beyond the last table entry is drawn exactly.
class QuantileTable {
 public:
  struct Knot {
    double p = 0.0;  // the first 0, the last 1, ascending
    double value = 0.0;
  };

  /// Values are multiplied by `scale` and rounded, never below `least`.
  QuantileTable(std::initializer_list<Knot> knots, double scale, std::int64_t least);

  [[nodiscard]] std::int64_t draw(Rng& rng) const {
    const std::uint64_t bits = rng.next();
    const std::size_t cell = bits >> 52U;
    if (cell + 1 < kCells) return values_[cell];
    return tail(static_cast<double>((bits >> 11U) & ((1ULL << 41U) - 1U)) * 0x1.0p-41);
  }

 private:
  static constexpr std::size_t kCells = 4096;
  static constexpr std::size_t kTailCells = 1024;

  [[nodiscard]] std::int64_t tail(double u) const {
    return tail_[static_cast<std::size_t>(u * static_cast<double>(kTailCells))];
  }

  std::array<std::int64_t, kCells> values_{};
  std::array<std::int64_t, kTailCells> tail_{};
};

/// What the touch looks like, from the recorded windows (docs/synth.md#calibration).
/// `lots_per_unit` turns BTC at 42,000 into lots of the contract.
struct MarketTables {
  explicit MarketTables(double lots_per_unit);

  QuantileTable trade_lots;   // of one aggTrades row
  QuantileTable queue_lots;   // a queue in the middle of its life
  QuantileTable change_lots;  // of a queue between two rows
  QuantileTable fills;        // underlying trades of a row
  QuantileTable gap_ms;       // between rows of one burst
  QuantileTable lag_ms;       // E − T
};

}  // namespace toxvol::synth
