#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "toxvol/core/splitmix64.hpp"

namespace toxvol::synth {

/// Natural logarithm of x > 0 and exponential, from basic arithmetic alone: the C library's differ
/// in the last bit between machines, and a synthetic market is the same bytes everywhere.
[[nodiscard]] double log_of(double x);
[[nodiscard]] double exp_of(double x);

/// Inverse of the standard normal distribution for 0 < p < 1 (Acklam's rational approximation,
/// relative error below 1.2e-9).
[[nodiscard]] double normal_quantile(double p);

/// xoshiro256++ (Blackman & Vigna 2019), its state filled by splitmix64.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) {
    for (auto& word : state_) word = splitmix64(seed++ * kSplitmix64Step);
  }

  [[nodiscard]] std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// In (0, 1), never an end.
  [[nodiscard]] double uniform() { return (static_cast<double>(next() >> 11U) + 0.5) * 0x1.0p-53; }
  /// In [0, n), n < 2^32.
  [[nodiscard]] std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(((next() >> 32U) * static_cast<std::uint64_t>(n)) >> 32U);
  }
  [[nodiscard]] bool chance(double p) { return uniform() < p; }
  [[nodiscard]] double normal() { return normal_quantile(uniform()); }
  /// Of mean 1.
  [[nodiscard]] double exponential() { return -log_of(uniform()); }
  /// Failures before a success of probability 1 − q: mean q / (1 − q), at most `most`.
  [[nodiscard]] int geometric(double q, int most) {
    int count = 0;
    while (count < most && chance(q)) ++count;
    return count;
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace toxvol::synth
