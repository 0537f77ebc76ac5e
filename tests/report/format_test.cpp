#include "toxvol/report/format.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::report {

namespace {

constexpr std::int64_t kOne = 100'000'000;

constexpr Money usdt(std::int64_t raw) {
  return Money::from_raw(raw);
}

TEST(Format, MoneyIsRoundedHalfAwayFromZeroToCents) {
  EXPECT_EQ(money(usdt(12'270'58'000'000)), "12\u202f270.58");
  EXPECT_EQ(money(usdt(499'999)), "0.00");
  EXPECT_EQ(money(usdt(500'000)), "0.01");
  EXPECT_EQ(money(usdt(-499'999)), "0.00");
  EXPECT_EQ(money(usdt(-500'000)), "\u22120.01");
  EXPECT_EQ(money(usdt(99'99'500'000)), "100.00");
  EXPECT_EQ(money(usdt(std::numeric_limits<std::int64_t>::max())),
            "92\u202f233\u202f720\u202f368.55");
}

TEST(Format, APlusStandsOnlyWhereTheShownNumberIsPositive) {
  EXPECT_EQ(signed_money(usdt(kOne)), "+1.00");
  EXPECT_EQ(signed_money(usdt(499'999)), "0.00");
  EXPECT_EQ(signed_money(usdt(-kOne)), "\u22121.00");
  EXPECT_EQ(signed_percent(0.0123, 2), "+1.23\u202f%");
  EXPECT_EQ(signed_percent(0.000001, 2), "0.00\u202f%");
  EXPECT_EQ(signed_percent(-0.000001, 2), "0.00\u202f%");
  EXPECT_EQ(signed_percent(-0.11432, 2), "\u221211.43\u202f%");
}

TEST(Format, GroupsOfThreeDigitsArePartedBeforeThePointOnly) {
  EXPECT_EQ(decimal(123'456'712'345'678), "1\u202f234\u202f567.12345678");
  EXPECT_EQ(decimal(100 * kOne), "100");
  EXPECT_EQ(decimal(-1000 * kOne), "\u22121\u202f000");
  EXPECT_EQ(count(999), "999");
  EXPECT_EQ(count(1000), "1\u202f000");
}

TEST(Format, AnAverageOfPricesIsRoundedToTheDigitsAskedFor) {
  EXPECT_EQ(price(Price::from_raw(4'923'556'764'894), 2), "49\u202f235.57");
  EXPECT_EQ(price(Price::from_raw(4'923'556'764'894), 0), "49\u202f236");
  EXPECT_EQ(price(Price::from_raw(1'234), 8), "0.00001234");
  EXPECT_EQ(price(std::nullopt, 2), "\u2013");
}

TEST(Format, WhatIsAbsentOrNoNumberIsADash) {
  EXPECT_EQ(number(std::nullopt, 2), "\u2013");
  EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN(), 2), "\u2013");
  EXPECT_EQ(percent(std::nullopt, 2), "\u2013");
  EXPECT_EQ(money(std::optional<Money>{}), "\u2013");
}

TEST(Format, DurationsHaveTwoUnits) {
  EXPECT_EQ(duration(59.4), "59 s");
  EXPECT_EQ(duration(60), "1 min 00 s");
  EXPECT_EQ(duration(3599), "59 min 59 s");
  EXPECT_EQ(duration(3600), "1 h 00 min");
  EXPECT_EQ(duration(90'000), "1 d 01 h");
}

TEST(Format, TimesAreFlooredToTheSecond) {
  const Timestamp ts = std::chrono::sys_days{std::chrono::year{2024} / 1 / 10} +
                       std::chrono::minutes{31} + std::chrono::milliseconds{5999};
  EXPECT_EQ(time_text(ts), "2024-01-10 00:31:05");
}

}  // namespace

}  // namespace toxvol::report
