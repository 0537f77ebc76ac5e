#include "toxvol/stats/stepdown.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace toxvol::stats {
namespace {

using Numbers = std::vector<double>;

// Four rows and ω̂ = 1: t = 2·mean. Means 1 and ½ have t = 2 and 1; resampled means give
// t* = 2·(resampled − mean): (2, 0), (0, 1) and (0, −1).
TEST(Stepdown, CountsAsWorkedOutByHand) {
  Stepdown stepdown{{1.0, 0.5}, {1.0, 1.0}, 4};
  EXPECT_EQ(stepdown.t(), (Numbers{2.0, 1.0}));
  EXPECT_EQ(stepdown.largest(), 2.0);
  stepdown.add(Numbers{2.0, 0.5});
  stepdown.add(Numbers{1.0, 1.0});
  stepdown.add(Numbers{1.0, 0.0});
  // The first is reached once, by (2, 0), just so; of the second alone, by (0, 1) just so, and
  // two-sided by (0, −1) as well.
  EXPECT_EQ(stepdown.p_one_sided(), (Numbers{0.5, 0.5}));
  EXPECT_EQ(stepdown.p_two_sided(), (Numbers{0.5, 0.75}));
  EXPECT_EQ(stepdown.p_upper(), 0.5);
  EXPECT_FALSE(stepdown.c95());
}

TEST(Stepdown, ALaterColumnIsNoSurerThanAnEarlierOne) {
  Stepdown stepdown{{1.0, 0.9}, {1.0, 1.0}, 4};
  stepdown.add(Numbers{2.0, 0.9});  // reaches the first, never the second
  EXPECT_EQ(stepdown.p_one_sided(), (Numbers{1.0, 1.0}));
}

TEST(Stepdown, ColumnsOfOneStatisticHaveOneP) {
  Stepdown stepdown{{1.0, 1.0}, {1.0, 1.0}, 4};
  stepdown.add(Numbers{2.0, 1.0});  // the first reaches both, whichever it was
  stepdown.add(Numbers{0.0, 0.0});
  EXPECT_EQ(stepdown.p_one_sided(), (Numbers{2.0 / 3.0, 2.0 / 3.0}));
  EXPECT_EQ(stepdown.p_two_sided(), (Numbers{1.0, 1.0}));
}

// √(2 ln ln 4) = .808. Columns with t = −.8 and −.82 stand on both sides of it: resampled to
// their mean + 1, t* is 2 for the one and 1.18 for the other, T being that of the third.
TEST(Stepdown, AColumnThatLosesMuchIsNotCentred) {
  for (const double mean : {-0.40, -0.41}) {
    Stepdown stepdown{{mean, 1.0}, {1.0, 1.0}, 4};
    stepdown.add(Numbers{mean + 1.01, 1.0});
    EXPECT_EQ(stepdown.p_upper(), 1.0);
    EXPECT_EQ(stepdown.p_consistent(), mean > -0.405 ? 1.0 : 0.5);
    EXPECT_EQ(stepdown.p_lower(), 0.5);
  }
}

}  // namespace
}  // namespace toxvol::stats
