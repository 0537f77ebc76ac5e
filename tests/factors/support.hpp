#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/time.hpp"

namespace toxvol::factors::test {

/// Uniform numbers that are the same with every library: the engine is fixed by the standard, the
/// distributions are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}

  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  double between(double low, double high) { return low + (high - low) * uniform(); }
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n));
  }

 private:
  std::uint64_t state_;
};

/// The end of the n-th minute of 2024-01-01 (UTC).
constexpr Timestamp minute(std::int64_t n) {
  constexpr std::int64_t kStart = 1'704'067'200'000;
  return from_ms(kStart + n * 60'000);
}

}  // namespace toxvol::factors::test
