#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace toxvol::stats {

/// Numbers below which there is no interval, block length or test (R5).
constexpr std::size_t kLeastOfInterval = 30;
constexpr std::size_t kLeastPositions = 10;

/// The mean block that a series asks for (R12; Politis & White 2004, corrected by Patton, Politis &
/// White 2009).
struct BlockLength {
  std::optional<double> b;  // as estimated; empty without spread
  std::int64_t length = 1;  // as used, whole
};
/// `series` has one number at least; whether those are enough is the caller's to ask.
[[nodiscard]] BlockLength block_length(std::span<const double> series);

}  // namespace toxvol::stats
