#include "toxvol/study/equity_curve.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "tests/study/values.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using trading::EquityCause;

class EquityCurveTest : public ::testing::Test {
 protected:
  void add(Duration after, EquityCause cause, std::int64_t equity) {
    trading::EquityRecord row;
    row.ts = kMidnight + after;
    row.cause = cause;
    row.equity = usdt(equity);
    builder.add(row);
  }
  EquityCurveBuilder builder;
};

TEST_F(EquityCurveTest, IsTheLastSampleAtOrBeforeEachWholeHour) {
  add(minutes{30}, EquityCause::Start, 100);
  add(minutes{59}, EquityCause::Minute, 101);
  add(minutes{60}, EquityCause::Minute, 102);
  add(minutes{61}, EquityCause::Minute, 103);
  add(hours{3}, EquityCause::End, 104);
  const EquityCurve curve = builder.finish();
  EXPECT_EQ(curve.begin, kMidnight + hours{1});
  EXPECT_EQ(curve.equity, (std::vector<Money>{usdt(102), usdt(103), usdt(104)}));
  EXPECT_EQ(curve.hour(2), kMidnight + hours{3});
}

TEST_F(EquityCurveTest, BeginsWithASampleOnTheHourAndEndsBeforeAnHourThatIsNotWhole) {
  add(hours{0}, EquityCause::Start, 100);
  add(minutes{119}, EquityCause::End, 101);
  const EquityCurve curve = builder.finish();
  EXPECT_EQ(curve.begin, kMidnight);
  EXPECT_EQ(curve.equity, (std::vector<Money>{usdt(100), usdt(100)}));
}

TEST_F(EquityCurveTest, DoesNotSampleFills) {
  add(hours{0}, EquityCause::Start, 100);
  add(minutes{30}, EquityCause::Fill, 90);
  add(hours{1}, EquityCause::End, 95);
  EXPECT_EQ(builder.finish().equity, (std::vector<Money>{usdt(100), usdt(95)}));
}

TEST_F(EquityCurveTest, GoesOnBelowZero) {
  add(hours{0}, EquityCause::Start, 100);
  add(hours{1}, EquityCause::Minute, -1);
  add(hours{2}, EquityCause::End, -2);
  EXPECT_EQ(builder.finish().equity, (std::vector<Money>{usdt(100), usdt(-1), usdt(-2)}));
}

TEST_F(EquityCurveTest, IsEmptyWithinAnHour) {
  add(minutes{1}, EquityCause::Start, 100);
  add(minutes{59}, EquityCause::End, 101);
  EXPECT_TRUE(builder.finish().equity.empty());
  EXPECT_TRUE(EquityCurveBuilder{}.finish().equity.empty());
}

}  // namespace
}  // namespace toxvol::study
