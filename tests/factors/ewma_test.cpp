#include "toxvol/factors/ewma.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"

namespace toxvol::factors {
namespace {

// docs/factors/ewma.md, "Worked numbers".
TEST(Ewma, AlphaIsTheOneOfTheTable) {
  const std::vector<std::pair<std::int64_t, double>> table = {
      {30, .0228400316},  {60, .0114859796},  {120, .0057595762},
      {360, .0019235564}, {720, .0009622412}, {1440, .0004812364}};
  for (const auto& [half_life, alpha] : table) {
    EXPECT_NEAR(Ewma(half_life).alpha(), alpha, 5e-11) << half_life;
  }
}

// h = 1: α = ½; after 1, 2 the weights are ½ and ¼: (½·2 + ¼·1)/(¾) = 5/3.
TEST(Ewma, HalfLifeOneWeighsTheBarBeforeHalf) {
  Ewma ewma{1};
  EXPECT_FALSE(ewma.value());
  ewma.update(1.0);
  EXPECT_DOUBLE_EQ(ewma.value().value(), 1.0);
  ewma.update(2.0);
  EXPECT_DOUBLE_EQ(ewma.value().value(), 5.0 / 3.0);
}

TEST(Ewma, IsEmptyUntilItsHalfLifeHasBeenSeen) {
  Ewma ewma{3};
  for (int i = 0; i < 2; ++i) ewma.update(1.0);
  EXPECT_FALSE(ewma.value());
  ewma.update(1.0);
  EXPECT_TRUE(ewma.value());
}

TEST(Ewma, TakesAnotherMinimumCount) {
  Ewma ewma{360, 30};
  for (int i = 0; i < 29; ++i) ewma.update(1.0);
  EXPECT_FALSE(ewma.value());
  ewma.update(1.0);
  EXPECT_TRUE(ewma.value());
}

TEST(Ewma, StreamingEqualsTheDirectSum) {
  test::Random random{1};
  for (const std::int64_t half_life : {1, 2, 7, 30, 360}) {
    Ewma ewma{half_life};
    std::vector<double> seen;
    for (int i = 0; i < 2000; ++i) {
      seen.push_back(random.between(0.0, 1e-6));
      ewma.update(seen.back());
      if (i % 97 != 0 || i < half_life) continue;
      double weighted = 0.0;
      double weight = 0.0;
      for (std::size_t j = 0; j < seen.size(); ++j) {
        const double w = std::pow(2.0, -static_cast<double>(j) / static_cast<double>(half_life));
        weighted += w * seen[seen.size() - 1 - j];
        weight += w;
      }
      EXPECT_NEAR(ewma.value().value() / (weighted / weight), 1.0, 1e-12);
    }
  }
}

}  // namespace
}  // namespace toxvol::factors
