#include "toxvol/factors/regime.hpp"

#include <chrono>
#include <optional>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::factors {
namespace {

using test::minute;
constexpr auto kLong = Regime::CrowdedLong;
constexpr auto kShort = Regime::CrowdedShort;
constexpr auto kNeutral = Regime::Neutral;

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

// E19.
RegimeMachine left_by_funding(Duration dwell = Duration::zero()) {
  return {1.0, 0.5, dwell, CrowdingLeave::Funding};
}

TEST(RegimeMachine, IsLeftByFundingAtZeroWhereAskedAndByCNoMore) {
  RegimeMachine crowded_long = left_by_funding();
  EXPECT_EQ(crowded_long.update(minute(1), 2.0, 1.0), kLong);
  EXPECT_EQ(crowded_long.update(minute(2), 0.0, 1e-9), kLong);
  EXPECT_EQ(crowded_long.update(minute(3), 0.9, 0.0), kNeutral);
  RegimeMachine crowded_short = left_by_funding();
  EXPECT_EQ(crowded_short.update(minute(1), -2.0, -1.0), kShort);
  EXPECT_EQ(crowded_short.update(minute(2), 0.0, -1e-9), kShort);
  EXPECT_EQ(crowded_short.update(minute(3), -0.9, 0.0), kNeutral);
}

TEST(RegimeMachine, AnUnknownFundingLeavesNothing) {
  RegimeMachine regime = left_by_funding();
  regime.update(minute(1), 2.0, 1.0);
  EXPECT_EQ(regime.update(minute(2), 0.0, std::nullopt), kLong);
}

TEST(RegimeMachine, StaysWhileCIsBeyondThetaWhateverFundingIs) {
  RegimeMachine regime = left_by_funding();
  EXPECT_EQ(regime.update(minute(1), 2.0, -1.0), kLong);
  EXPECT_EQ(regime.update(minute(2), 1.1, -1.0), kLong);
  EXPECT_EQ(regime.update(minute(3), 1.0, -1.0), kNeutral);
  EXPECT_EQ(regime.update(minute(4), -1.1, 1.0), kShort);
}

TEST(RegimeMachine, DwellsAlsoWhereFundingIsWhatItIsLeftBy) {
  RegimeMachine regime = left_by_funding(std::chrono::hours{1});
  regime.update(minute(1), 2.0, 1.0);
  EXPECT_EQ(regime.update(minute(60), 0.0, -1.0), kLong);
  EXPECT_EQ(regime.update(minute(61), 0.0, -1.0), kNeutral);
}

TEST(RegimeMachine, TakesAnEmptyCAsZero) {
  RegimeMachine regime = machine();
  regime.update(minute(1), 2.0);
  EXPECT_EQ(regime.update(minute(2), std::nullopt), kNeutral);
}

}  // namespace
}  // namespace toxvol::factors
