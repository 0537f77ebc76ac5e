#include "toxvol/stats/ranks.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace toxvol::stats {
namespace {

using Series = std::vector<double>;

TEST(MidRanks, GiveEqualValuesTheMeanOfTheirPlaces) {
  EXPECT_EQ(mid_ranks(Series{3, 1, 3, 2}), (Series{3.5, 1, 3.5, 2}));
  EXPECT_EQ(mid_ranks(Series{7, 7, 7}), (Series{2, 2, 2}));
  EXPECT_TRUE(mid_ranks(Series{}).empty());
}

// x − 2 = −1 0 1, y − 3 = −2 1 1: products 2 0 1; √(2·6).
TEST(Correlation, IsTheOneWorkedOutByHand) {
  EXPECT_NEAR(*correlation(Series{1, 2, 3}, Series{1, 4, 4}), 3.0 / std::sqrt(12.0), 1e-15);
  EXPECT_FALSE(correlation(Series{1, 2, 3}, Series{4, 4, 4}));
}

TEST(RankCorrelation, SeesTheOrderAlone) {
  EXPECT_NEAR(*rank_correlation(Series{1, 2, 3, 4}, Series{1, 10, 100, 1000}), 1.0, 1e-15);
  EXPECT_NEAR(*rank_correlation(Series{1, 2, 3}, Series{9, 5, 1}), -1.0, 1e-15);
}

}  // namespace
}  // namespace toxvol::stats
