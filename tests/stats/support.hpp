#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/random.hpp"

namespace toxvol::stats::test {

/// The numbers in these tests come from an independent implementation, with this seed.
constexpr std::uint64_t kSeed = 7;

/// To the ten digits that §14 gives.
inline void expect_digits(std::optional<double> value, double expected) {
  ASSERT_TRUE(value);
  EXPECT_NEAR(*value, expected, 5.1e-10 * std::abs(expected)) << "wanted " << expected;
}

/// e_t of R64: uniforms less ½.
inline std::vector<double> centred_uniforms(std::uint64_t seed, std::uint64_t b, std::size_t n) {
  const Draws draws{seed, Stream::TestSeries};
  std::vector<double> e(n);
  for (std::size_t t = 0; t < n; ++t) e[t] = uniform(draws(b, t)) - 0.5;
  return e;
}

/// A test series of R64.
struct Recipe {
  std::size_t n = 240;
  std::uint64_t b = 0;
  double ma = 0.0;
  double mean = 0.0;
  double flat = 0.0;
  double scale = 0.01;
};
inline std::vector<double> series(std::uint64_t seed, const Recipe& recipe) {
  const std::vector<double> e = centred_uniforms(seed, recipe.b, recipe.n);
  const Draws draws{seed, Stream::TestSeries};
  std::vector<double> r(recipe.n);
  for (std::size_t t = 0; t < recipe.n; ++t) {
    const double before = t > 0 ? e[t - 1] : 0.0;
    r[t] = recipe.scale * (e[t] + recipe.ma * before) + recipe.mean;
    if (uniform(draws(recipe.b, recipe.n + t)) < recipe.flat) r[t] = 0.0;
  }
  return r;
}

/// A test matrix of R64.
inline Matrix matrix(std::uint64_t seed, std::size_t n, std::size_t columns, double common,
                     double drift) {
  Matrix result{n, columns};
  const std::vector<double> c = centred_uniforms(seed, 0, n);
  const std::size_t middle = columns / 2;
  for (std::size_t j = 0; j < columns; ++j) {
    std::vector<double> column = centred_uniforms(seed, 1 + j, n);
    const double place = static_cast<double>(j) - static_cast<double>(middle);
    for (std::size_t t = 0; t < n; ++t) {
      column[t] = 0.01 * (common * c[t] + column[t]) + drift * place / static_cast<double>(columns);
    }
    result.set_column(j, column);
  }
  return result;
}

/// r and f of §14.
inline std::vector<double> returns() {
  return series(kSeed, {.ma = 0.5, .mean = 0.0003});
}
inline std::vector<double> flat_returns() {
  return series(kSeed, {.b = 1, .mean = 0.0005, .flat = 0.6});
}
/// The matrix of §14.
inline Matrix trials() {
  return matrix(kSeed, 240, 12, 0.5, 0.0004);
}

}  // namespace toxvol::stats::test
