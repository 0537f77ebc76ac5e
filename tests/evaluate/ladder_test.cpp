#include "toxvol/evaluate/ladder.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace toxvol::evaluate {
namespace {

TEST(Ladder, ARowIsTheMeanOfItsPositions) {
  LadderRun run{.multiple = 2.0, .position_bp = {}};
  for (int i = 0; i < 10; ++i) run.position_bp.push_back(i % 2 == 0 ? 3.0 : -1.0);
  const LadderRow row = ladder_row(run, {.seed = 1, .resamples = 99});
  EXPECT_EQ(row.multiple, 2.0);
  EXPECT_EQ(row.positions, 10);
  EXPECT_NEAR(row.net_bp.value(), 1.0, 1e-12);
  EXPECT_LT(row.lo.value(), 1.0);
  EXPECT_GT(row.hi.value(), 1.0);
  EXPECT_FALSE(row.note);
}

TEST(Ladder, NinePositionsHaveNoInterval) {
  const LadderRow row = ladder_row({.multiple = 1.0, .position_bp = std::vector(9, 2.0)}, {});
  EXPECT_NEAR(row.net_bp.value(), 2.0, 1e-12);
  EXPECT_FALSE(row.lo);
  EXPECT_EQ(row.note, "too_short");
  EXPECT_FALSE(ladder_row({.multiple = 1.0, .position_bp = {}}, {}).net_bp);
}

LadderRow row(double multiple, double net) {
  LadderRow made{.multiple = multiple};
  made.net_bp = net;
  return made;
}

TEST(Ladder, CapacityIsTheLargestMultipleThatEarns) {
  EXPECT_EQ(largest_that_earns({row(0.5, 1.0), row(1.0, -1.0), row(2.0, 0.1), row(4.0, 0.0)}), 2.0);
  EXPECT_EQ(largest_that_earns({row(0.5, -1.0), row(1.0, 0.0)}), 0.0);
  EXPECT_EQ(largest_that_earns({LadderRow{}}), 0.0);
  EXPECT_FALSE(largest_that_earns({}));
}

}  // namespace
}  // namespace toxvol::evaluate
