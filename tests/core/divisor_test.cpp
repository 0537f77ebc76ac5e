#include "toxvol/core/divisor.hpp"

#include <cstdint>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace toxvol {
namespace {

TEST(Divisor, DividesWhatLeavesNoRemainder) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  std::mt19937_64 random{5};
  for (const std::int64_t value :
       {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, std::int64_t{10}, std::int64_t{100'000},
        std::int64_t{10'000'000}, std::int64_t{100'000'000}, std::int64_t{1} << 62, kMost}) {
    const Divisor divisor{value};
    for (const std::int64_t number :
         {std::int64_t{0}, value, -value, value - 1, 1 - value, kLeast, kLeast + 1, kMost}) {
      EXPECT_EQ(divisor.divides(number), number % value == 0) << number << " " << value;
    }
    for (int i = 0; i < 10'000; ++i) {
      const auto number = static_cast<std::int64_t>(random()) >> (random() % 64);
      ASSERT_EQ(divisor.divides(number), number % value == 0) << number << " " << value;
      const std::int64_t multiple = number / value * value;
      ASSERT_TRUE(divisor.divides(multiple)) << multiple << " " << value;
      const auto size = static_cast<std::uint64_t>(number < 0 ? ~number : number);
      const auto step = static_cast<std::uint64_t>(value);
      if (size % step == 0) {
        ASSERT_EQ(divisor.quotient(size), size / step) << size << " " << value;
      } else {
        constexpr auto kAll = std::numeric_limits<std::uint64_t>::max();
        ASSERT_GT(divisor.quotient(size), kAll / step) << size << " " << value;
      }
    }
  }
}

}  // namespace
}  // namespace toxvol
