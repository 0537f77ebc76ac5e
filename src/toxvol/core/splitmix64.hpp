#pragma once

#include <cstdint>

namespace toxvol {

/// What splitmix64 adds for each number of its sequence: 2⁶⁴ over the golden ratio, made odd.
constexpr std::uint64_t kSplitmix64Step = 0x9e3779b97f4a7c15U;

/// The finaliser of Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators",
/// on x + 0x9e3779b97f4a7c15: a well mixed word, the same on every machine.
[[nodiscard]] constexpr std::uint64_t splitmix64(std::uint64_t x) {
  x += kSplitmix64Step;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

}  // namespace toxvol
