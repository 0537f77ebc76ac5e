#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/stats/random.hpp"

namespace toxvol::stats {

/// How statistics resample: `resamples` ≥ 1 rows of indices, each a function of seed and stream.
struct Resampling {
  std::uint64_t seed = 1;
  Stream stream = Stream::Series;
  int resamples = 1999;
};

/// Numbers below which there is no interval, block length or test (R5).
constexpr std::size_t kLeastOfInterval = 30;
constexpr std::size_t kLeastPositions = 10;

/// One row of the stationary bootstrap's index matrix (R12; Politis & Romano 1994) into `indices`:
/// as many as it holds, 1 or more, each in [0, size). `length` ≥ 1 is the mean block.
void resample(const Draws::Row& draws, std::int64_t length, std::vector<std::uint32_t>& indices);

/// The mean block that a series asks for (R12; Politis & White 2004, corrected by Patton, Politis &
/// White 2009).
struct BlockLength {
  std::optional<double> b;  // as estimated; empty without spread
  std::int64_t length = 1;  // as used, whole
};
/// `series` has one number at least; whether those are enough is the caller's to ask.
[[nodiscard]] BlockLength block_length(std::span<const double> series);

}  // namespace toxvol::stats
