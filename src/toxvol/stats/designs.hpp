#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace toxvol::stats {

/// Points of an experiment over axes that are finite lists: for each point, the place in each
/// axis's list (R28). `sizes`: how many each axis has, 1 or more.
using Design = std::vector<std::vector<std::uint64_t>>;

constexpr std::size_t kMostSobolAxes = 16;

/// All combinations, the last axis fastest.
[[nodiscard]] Design grid(std::span<const std::uint64_t> sizes);

/// Each place drawn on its own.
[[nodiscard]] Design random_design(std::uint64_t points, std::span<const std::uint64_t> sizes,
                                   std::uint64_t seed);

/// Sobol's sequence in Gray-code order from its point 0, as numbers of 32 bits after the binary
/// point (Joe & Kuo 2008, `new-joe-kuo-6`). `axes` ≤ kMostSobolAxes.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> sobol_points(std::uint64_t points,
                                                                   std::size_t axes);

/// The places that Sobol's points fall on, each axis shifted by its own random word.
[[nodiscard]] Design sobol_design(std::uint64_t points, std::span<const std::uint64_t> sizes,
                                  std::uint64_t seed);

}  // namespace toxvol::stats
