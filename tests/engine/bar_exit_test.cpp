#include "toxvol/engine/bar_exit.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine::test {
namespace {

using trading::Role;

Bar bar(double open, double high, double low) {
  Bar made;
  made.open = price(open);
  made.high = price(high);
  made.low = price(low);
  return made;
}

TEST(BarExit, ATouchedStopIsReachedAndAGapGivesTheOpen) {
  EXPECT_FALSE(bar_exit(bar(100, 101, 99.1), true, price(99), std::nullopt));
  const auto touched = bar_exit(bar(100, 101, 99), true, price(99), std::nullopt);
  ASSERT_TRUE(touched);
  EXPECT_EQ(touched->role, Role::Stop);
  EXPECT_EQ(touched->trigger, price(99));
  EXPECT_EQ(touched->price, price(99));
  EXPECT_EQ(bar_exit(bar(98, 101, 97), true, price(99), std::nullopt)->price, price(98));
  EXPECT_FALSE(bar_exit(bar(100, 100.9, 99), false, price(101), std::nullopt));
  EXPECT_EQ(bar_exit(bar(100, 101, 99), false, price(101), std::nullopt)->price, price(101));
  EXPECT_EQ(bar_exit(bar(102, 103, 99), false, price(101), std::nullopt)->price, price(102));
}

TEST(BarExit, ATargetMustBePassed) {
  EXPECT_FALSE(bar_exit(bar(100, 101, 99), true, std::nullopt, price(101)));
  const auto passed = bar_exit(bar(100, 101.1, 99), true, std::nullopt, price(101));
  ASSERT_TRUE(passed);
  EXPECT_EQ(passed->role, Role::TakeProfit);
  EXPECT_EQ(passed->price, price(101));
  EXPECT_EQ(bar_exit(bar(102, 103, 99), true, std::nullopt, price(101))->price, price(102));
  EXPECT_FALSE(bar_exit(bar(100, 101, 99), false, std::nullopt, price(99)));
  EXPECT_EQ(bar_exit(bar(100, 101, 98.9), false, std::nullopt, price(99))->price, price(99));
  EXPECT_EQ(bar_exit(bar(98, 101, 97), false, std::nullopt, price(99))->price, price(98));
}

TEST(BarExit, OfBothTheStopComesFirst) {
  EXPECT_EQ(bar_exit(bar(100, 102, 98), true, price(99), price(101))->role, Role::Stop);
  EXPECT_EQ(bar_exit(bar(100, 102, 98), false, price(101), price(99))->role, Role::Stop);
  EXPECT_FALSE(bar_exit(bar(100, 102, 98), true, std::nullopt, std::nullopt));
}

}  // namespace
}  // namespace toxvol::engine::test
