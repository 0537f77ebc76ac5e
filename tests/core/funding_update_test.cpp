#include "toxvol/core/funding_update.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol {
namespace {

Funding settled(int hours) {
  return {.ts_event = from_ms(1'704'067'200'013),
          .ts_init = from_ns(1'704'067'200'013'950'000),
          .rate = Rate::from_raw(-1),
          .interval_hours = hours};
}

TEST(FundingUpdate, RepeatsTheSettlementANanosecondLater) {
  const FundingUpdate update = update_of(settled(8));
  EXPECT_EQ(update.ts_event, from_ms(1'704'067'200'013));
  EXPECT_EQ(to_ns(update.ts_init), 1'704'067'200'013'950'001);
  EXPECT_EQ(update.rate, Rate::from_raw(-1));
  EXPECT_EQ(update.interval_minutes, 480);
}

TEST(FundingUpdate, HasNoIntervalWhereSixteenBitsDoNotHoldIt) {
  EXPECT_EQ(update_of(settled(1'092)).interval_minutes, 65'520);
  EXPECT_EQ(update_of(settled(1'093)).interval_minutes, std::nullopt);
}

}  // namespace
}  // namespace toxvol
