#include "toxvol/stats/designs.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"

namespace toxvol::stats {
namespace {

using test::kSeed;

const std::vector<std::uint64_t> kSizes{3, 5, 4, 7};

TEST(Grid, RunsItsLastAxisFastest) {
  EXPECT_EQ(grid(std::vector<std::uint64_t>{2, 3}),
            (Design{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}}));
  EXPECT_EQ(grid(std::vector<std::uint64_t>{1}), (Design{{0}}));
  EXPECT_EQ(grid({}), (Design{{}}));  // no axis: the base alone
}

TEST(Sobol, HasThePointsOfTheResearchPage) {
  const auto points = sobol_points(8, 5);
  EXPECT_EQ(points[0], (std::vector<std::uint32_t>(5, 0)));
  EXPECT_EQ(points[5], (std::vector<std::uint32_t>{3758096384, 3758096384, 536870912, 1610612736,
                                                   3758096384}));
  EXPECT_EQ(points[6], (std::vector<std::uint32_t>{2684354560, 536870912, 3758096384, 2684354560,
                                                   2684354560}));
  EXPECT_EQ(points[7],
            (std::vector<std::uint32_t>{536870912, 2684354560, 1610612736, 536870912, 536870912}));
}

// Points of scipy 1.17.1's qmc.Sobol(16, scramble=False), where the Gray code is all ones: every
// direction number of an axis up to the 6th and up to the 16th.
TEST(Sobol, HasTheDirectionNumbersOfAllAxes) {
  const auto points = sobol_points(43691, kMostSobolAxes);
  EXPECT_EQ(points[42], (std::vector<std::uint32_t>{
                            4227858432, 1409286144, 67108864, 3154116608, 1946157056, 2080374784,
                            4227858432, 2617245696, 3422552064, 2617245696, 335544320, 603979776,
                            3288334336, 1275068416, 3959422976, 2885681152}));
  EXPECT_EQ(points[43690], (std::vector<std::uint32_t>{
                               4294901760, 65536, 2969501696, 1123221504, 3271884800, 2165374976,
                               2360147968, 2888237056, 3674406912, 4149673984, 2657681408,
                               234684416, 1629290496, 859504640, 2453733376, 2338258944}));
}

// Each axis of the first 2^k points has one in every interval of length 2^{−k}.
TEST(Sobol, FillsEveryAxisEvenly) {
  const auto points = sobol_points(64, kMostSobolAxes);
  for (std::size_t axis = 0; axis < kMostSobolAxes; ++axis) {
    std::set<std::uint32_t> cells;
    for (const auto& point : points) cells.insert(point[axis] >> 26U);
    EXPECT_EQ(cells.size(), 64U) << axis;
  }
}

TEST(Sobol, ShiftedHasTheIndicesOfTheResearchPage) {
  EXPECT_EQ(sobol_design(8, kSizes, kSeed), (Design{{2, 2, 1, 5},
                                                    {0, 0, 3, 2},
                                                    {0, 3, 0, 3},
                                                    {1, 1, 2, 0},
                                                    {1, 4, 3, 1},
                                                    {0, 1, 1, 4},
                                                    {1, 3, 2, 2},
                                                    {2, 0, 0, 6}}));
}

TEST(RandomDesign, HasTheIndicesOfTheResearchPage) {
  EXPECT_EQ(random_design(4, kSizes, kSeed),
            (Design{{1, 4, 1, 0}, {1, 0, 0, 2}, {2, 4, 3, 0}, {0, 1, 2, 5}}));
}

}  // namespace
}  // namespace toxvol::stats
