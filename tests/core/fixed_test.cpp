#include "toxvol/core/fixed.hpp"

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <gtest/gtest.h>

namespace toxvol {
namespace {

static_assert(std::equality_comparable<Price>);
static_assert(!std::equality_comparable_with<Price, Qty>);
static_assert(!std::equality_comparable_with<Money, Rate>);
static_assert(!std::equality_comparable_with<Price, double>);
static_assert(!std::is_convertible_v<std::int64_t, Price>);
static_assert(!std::is_convertible_v<Price, double>);
static_assert(!std::is_convertible_v<Price, Qty>);

TEST(Fixed, CountsUnitsOfOneHundredMillionth) {
  EXPECT_EQ(Price::from_raw(150'000'000).raw(), 150'000'000);
  EXPECT_EQ(Price::from_raw(150'000'000).to_double(), 1.5);
  EXPECT_EQ(Price{}.raw(), 0);
}

TEST(Fixed, AddsSubtractsAndNegatesExactly) {
  const Money tenth = Money::from_raw(10'000'000);
  const Money fifth = Money::from_raw(20'000'000);
  EXPECT_EQ(tenth + fifth, Money::from_raw(30'000'000));
  EXPECT_EQ(tenth - fifth, Money::from_raw(-10'000'000));
  EXPECT_EQ(-tenth, Money::from_raw(-10'000'000));
}

TEST(Fixed, OrdersByItsUnits) {
  EXPECT_LT(Qty::from_raw(-1), Qty{});
  EXPECT_LT(Qty::from_raw(99'999'999), Qty::from_raw(100'000'000));
}

TEST(Magnitude, OfTheSmallestNumberIsOneMoreThanTheLargest) {
  constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(magnitude(kSmallest), std::uint64_t{1} << 63U);
  EXPECT_EQ(magnitude(kSmallest + 1), (std::uint64_t{1} << 63U) - 1);
}

TEST(Magnitude, DropsTheSignAndNothingElse) {
  EXPECT_EQ(magnitude(std::int64_t{-5}), 5U);
  EXPECT_EQ(magnitude(std::int64_t{0}), 0U);
  EXPECT_EQ(magnitude(Qty::from_raw(-1)), Qty::from_raw(1));
  EXPECT_EQ(magnitude(Qty::from_raw(1)), Qty::from_raw(1));
}

}  // namespace
}  // namespace toxvol
