#include "toxvol/core/open_interest_scale.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "toxvol/core/time.hpp"

namespace toxvol {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr Timestamp kStart{Day{std::chrono::year{2024} / 1 / 15}};

TEST(OpenInterestScale, AcceptsTheFirstStampWhateverItsLevel) {
  OpenInterestScale scale;
  EXPECT_TRUE(scale.accepts(kStart, 250.0));
}

TEST(OpenInterestScale, AcceptsAFactorOfExactlyTenEitherWayAndNothingBeyond) {
  OpenInterestScale up;
  EXPECT_TRUE(up.accepts(kStart, 8'000.0));
  EXPECT_FALSE(up.accepts(kStart + minutes{5}, 80'000.5));
  EXPECT_TRUE(up.accepts(kStart + minutes{10}, 80'000.0));
  OpenInterestScale down;
  EXPECT_TRUE(down.accepts(kStart, 80'000.0));
  EXPECT_FALSE(down.accepts(kStart + minutes{5}, 7'999.5));
  EXPECT_TRUE(down.accepts(kStart + minutes{10}, 8'000.0));
}

// Two days divided by 319, as binance.vision has them.
TEST(OpenInterestScale, MeasuresByTheLastAcceptedStampAndNotByARefusedOne) {
  OpenInterestScale scale;
  EXPECT_TRUE(scale.accepts(kStart, 80'000.0));
  for (int i = 1; i <= 576; ++i) {
    EXPECT_FALSE(scale.accepts(kStart + i * minutes{5}, 80'000.0 / 319));
  }
  EXPECT_TRUE(scale.accepts(kStart + 577 * minutes{5}, 79'000.0));
}

TEST(OpenInterestScale, TakesANewLevelOnceTheOldIsMoreThanSevenDaysOld) {
  OpenInterestScale scale;
  EXPECT_TRUE(scale.accepts(kStart, 80'000.0));
  EXPECT_FALSE(scale.accepts(kStart + days{7}, 250.0));
  EXPECT_TRUE(scale.accepts(kStart + days{7} + minutes{5}, 250.0));
  EXPECT_FALSE(scale.accepts(kStart + days{7} + minutes{10}, 80'000.0));
}

TEST(OpenInterestScale, CountsTheSevenDaysFromTheLatestAcceptedStamp) {
  OpenInterestScale scale;
  EXPECT_TRUE(scale.accepts(kStart, 80'000.0));
  EXPECT_TRUE(scale.accepts(kStart + days{3}, 60'000.0));
  EXPECT_FALSE(scale.accepts(kStart + days{8}, 250.0));
}

}  // namespace
}  // namespace toxvol
