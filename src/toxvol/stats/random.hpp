#pragma once

#include <cstdint>

#include "toxvol/core/splitmix64.hpp"

namespace toxvol::stats {

/// What random numbers are for (R11). The numbers are part of the draw and never change.
enum class Stream : std::uint64_t {
  Series = 1,
  Pair = 2,
  Family = 3,
  Positions = 4,
  RandomDesign = 5,
  SobolShift = 6,
  SignPermutation = 7,
  PlaceboSigns = 8,
  Fills = 9,
  PoisonMoments = 10,
  PoisonRows = 11,
  TestSeries = 100
};

/// Random words by their place: u(b, k) depends on seed, stream, b and k alone, never on what was
/// drawn before (R11).
class Draws {
 public:
  /// The words u(b, 0), u(b, 1), … of one b.
  class Row {
   public:
    explicit constexpr Row(std::uint64_t start) : start_{start} {}
    [[nodiscard]] constexpr std::uint64_t operator()(std::uint64_t k) const {
      return splitmix64(start_ + k * kSplitmix64Step);
    }

   private:
    std::uint64_t start_;
  };

  constexpr Draws(std::uint64_t seed, std::uint64_t stream)
      : key_{splitmix64(splitmix64(seed) ^ stream)} {}
  constexpr Draws(std::uint64_t seed, Stream stream)
      : Draws{seed, static_cast<std::uint64_t>(stream)} {}

  [[nodiscard]] constexpr Row row(std::uint64_t b) const { return Row{splitmix64(key_ ^ b)}; }
  [[nodiscard]] constexpr std::uint64_t operator()(std::uint64_t b, std::uint64_t k) const {
    return row(b)(k);
  }

 private:
  std::uint64_t key_;
};

/// ⌊u·n/2⁶⁴⌋: a number in [0, n).
[[nodiscard]] constexpr std::uint64_t below(std::uint64_t u, std::uint64_t n) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(u) * n) >> 64U);
}

/// The 53 highest bits in the middle of their interval: in (0, 1], never 0; 1 by rounding, of the
/// last words alone.
[[nodiscard]] constexpr double uniform(std::uint64_t u) {
  return (static_cast<double>(u >> 11U) + 0.5) * 0x1.0p-53;
}

}  // namespace toxvol::stats
