#include "toxvol/stats/designs.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/stats/random.hpp"

namespace toxvol::stats {

namespace {

constexpr std::size_t kBits = 32;

/// A primitive polynomial's degree and coefficients, and the first direction numbers (R28).
struct Polynomial {
  std::size_t degree;
  std::uint32_t coefficients;
  std::array<std::uint32_t, 6> m;
};
/// Of the axes 2 … 16; the first is van der Corput's.
constexpr std::array<Polynomial, kMostSobolAxes - 1> kPolynomials = {
    {{1, 0, {1}},
     {2, 1, {1, 3}},
     {3, 1, {1, 3, 1}},
     {3, 2, {1, 1, 1}},
     {4, 1, {1, 1, 3, 3}},
     {4, 4, {1, 3, 5, 13}},
     {5, 2, {1, 1, 5, 5, 17}},
     {5, 4, {1, 1, 5, 5, 5}},
     {5, 7, {1, 1, 7, 11, 19}},
     {5, 11, {1, 1, 5, 1, 1}},
     {5, 13, {1, 1, 1, 3, 11}},
     {5, 14, {1, 3, 5, 5, 31}},
     {6, 1, {1, 3, 3, 9, 7, 49}},
     {6, 13, {1, 1, 1, 15, 21, 21}},
     {6, 16, {1, 3, 1, 13, 27, 49}}}};

/// v_1 … v_32 of an axis, v_i at i − 1.
std::array<std::uint32_t, kBits> directions(std::size_t axis) {
  std::array<std::uint32_t, kBits> v{};
  if (axis == 0) {
    for (std::size_t i = 0; i < kBits; ++i) v[i] = std::uint32_t{1} << (kBits - 1 - i);
    return v;
  }
  const Polynomial& polynomial = kPolynomials[axis - 1];
  const std::size_t degree = polynomial.degree;
  for (std::size_t i = 0; i < degree; ++i) v[i] = polynomial.m[i] << (kBits - 1 - i);
  for (std::size_t i = degree; i < kBits; ++i) {
    v[i] = v[i - degree] ^ (v[i - degree] >> degree);
    for (std::size_t k = 1; k < degree; ++k) {
      if ((polynomial.coefficients >> (degree - 1 - k)) & 1U) v[i] ^= v[i - k];
    }
  }
  return v;
}

}  // namespace

Design grid(std::span<const std::uint64_t> sizes) {
  Design design;
  std::vector<std::uint64_t> point(sizes.size(), 0);
  std::size_t axis = 0;
  do {
    design.push_back(point);
    for (axis = sizes.size(); axis > 0; --axis) {
      if (++point[axis - 1] < sizes[axis - 1]) break;
      point[axis - 1] = 0;
    }
  } while (axis > 0);
  return design;
}

Design random_design(std::uint64_t points, std::span<const std::uint64_t> sizes,
                     std::uint64_t seed) {
  const Draws draws{seed, Stream::RandomDesign};
  Design design(points);
  for (std::uint64_t i = 0; i < points; ++i) {
    for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
      design[i].push_back(below(draws(i, axis), sizes[axis]));
    }
  }
  return design;
}

std::vector<std::vector<std::uint32_t>> sobol_points(std::uint64_t points, std::size_t axes) {
  TOXVOL_ASSERT(axes <= kMostSobolAxes && points <= std::uint64_t{1} << kBits);
  std::vector<std::vector<std::uint32_t>> result(points, std::vector<std::uint32_t>(axes));
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const auto v = directions(axis);
    std::uint32_t x = 0;
    for (std::uint64_t i = 1; i < points; ++i) {
      x ^= v[static_cast<std::size_t>(std::countr_zero(i))];
      result[i][axis] = x;
    }
  }
  return result;
}

Design sobol_design(std::uint64_t points, std::span<const std::uint64_t> sizes,
                    std::uint64_t seed) {
  const auto sequence = sobol_points(points, sizes.size());
  const Draws draws{seed, Stream::SobolShift};
  Design design(points);
  for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
    const auto shift = static_cast<std::uint32_t>(draws(axis, 0) >> 32U);
    for (std::uint64_t i = 0; i < points; ++i) {
      const std::uint64_t x = sequence[i][axis] ^ shift;
      design[i].push_back(below(x << 32U, sizes[axis]));  // ⌊x·k/2³²⌋
    }
  }
  return design;
}

}  // namespace toxvol::stats
