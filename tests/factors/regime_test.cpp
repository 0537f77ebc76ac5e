#include "toxvol/factors/regime.hpp"

#include <chrono>
#include <optional>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"
#include "toxvol/factors/factor_row.hpp"

namespace toxvol::factors {
namespace {

using test::minute;
constexpr auto kLong = RegimeState::CrowdedLong;
constexpr auto kShort = RegimeState::CrowdedShort;
constexpr auto kNeutral = RegimeState::Neutral;

RegimeMachine machine(Duration dwell = Duration::zero()) {
  return {1.0, 0.5, dwell};
}

TEST(RegimeMachine, StartsNeutralAndFreeToMove) {
  RegimeMachine regime = machine(std::chrono::hours{1});
  EXPECT_EQ(regime.state(), kNeutral);
  EXPECT_EQ(regime.update(minute(1), 1.01), kLong);
}

TEST(RegimeMachine, EntersStrictlyBeyondTheta) {
  EXPECT_EQ(machine().update(minute(1), 1.0), kNeutral);
  EXPECT_EQ(machine().update(minute(1), 1.0000001), kLong);
  EXPECT_EQ(machine().update(minute(1), -1.0), kNeutral);
  EXPECT_EQ(machine().update(minute(1), -1.0000001), kShort);
}

TEST(RegimeMachine, LeavesStrictlyInsideThetaExit) {
  RegimeMachine crowded_long = machine();
  crowded_long.update(minute(1), 2.0);
  EXPECT_EQ(crowded_long.update(minute(2), 0.5), kLong);
  EXPECT_EQ(crowded_long.update(minute(3), 0.4999999), kNeutral);
  RegimeMachine crowded_short = machine();
  crowded_short.update(minute(1), -2.0);
  EXPECT_EQ(crowded_short.update(minute(2), -0.5), kShort);
  EXPECT_EQ(crowded_short.update(minute(3), -0.4999999), kNeutral);
}

TEST(RegimeMachine, GoesDirectlyAcross) {
  RegimeMachine regime = machine();
  regime.update(minute(1), 2.0);
  EXPECT_EQ(regime.update(minute(2), -1.5), kShort);
  EXPECT_EQ(regime.update(minute(3), 1.5), kLong);
  EXPECT_EQ(regime.update(minute(4), -1.0), kNeutral);  // inside θ: only out
}

TEST(RegimeMachine, DwellsAnHourAfterEachMove) {
  RegimeMachine regime = machine(std::chrono::hours{1});
  regime.update(minute(1), 2.0);
  EXPECT_EQ(regime.update(minute(60), 0.0), kLong);      // 59 minutes
  EXPECT_EQ(regime.update(minute(61), 0.0), kNeutral);   // 60
  EXPECT_EQ(regime.update(minute(120), 2.0), kNeutral);  // neutral dwells too
  EXPECT_EQ(regime.update(minute(121), 2.0), kLong);
}

TEST(RegimeMachine, TakesAnEmptyCAsZero) {
  RegimeMachine regime = machine();
  regime.update(minute(1), 2.0);
  EXPECT_EQ(regime.update(minute(2), std::nullopt), kNeutral);
}

}  // namespace
}  // namespace toxvol::factors
