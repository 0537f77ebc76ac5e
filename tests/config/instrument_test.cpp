#include "toxvol/config/instrument.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::config {
namespace {

Timestamp on(int year, unsigned month, unsigned day) {
  return Timestamp{
      Day{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}}};
}

TEST(Instrument, KnowsWhatHeldWhen) {
  const auto btc = known_instrument("BTCUSDT");
  ASSERT_TRUE(btc);
  EXPECT_EQ(at(btc->tick, on(2020, 2, 22)), Price::from_raw(1'000'000));
  EXPECT_EQ(at(btc->tick, on(2023, 4, 5)), Price::from_raw(10'000'000));
  const Timestamp change = on(2023, 11, 2) + std::chrono::hours{10};
  EXPECT_EQ(at(btc->min_notional, change - Duration{1}), Money::from_raw(5 * Money::kOne));
  EXPECT_EQ(at(btc->min_notional, change), Money::from_raw(100 * Money::kOne));
  EXPECT_EQ(at(btc->fees, on(2024, 1, 1)).front().taker, Rate::from_raw(50'000));
  EXPECT_EQ(at(btc->brackets, on(2023, 8, 1))[1].notional_cap,
            Money::from_raw(250'000 * Money::kOne));
  EXPECT_FALSE(btc->inferred);
}

TEST(Instrument, IsAbsentForOtherSymbols) {
  EXPECT_FALSE(known_instrument("NEARUSDT"));
}

TEST(Instrument, RefusesADateThatNanosecondsDoNotReach) {
  constexpr auto kText = R"(symbol = "X"
lot = "1"
min_qty = "1"
tick = [{from = 2300-01-01T00:00:00Z, value = "1"}]
)";
  try {
    static_cast<void>(parse_instrument(kText, "x.toml"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string{error.what()}.find("a date of the years 1970 to 2200"), std::string::npos)
        << error.what();
  }
}

TEST(Instrument, RefusesAListOutOfOrder) {
  constexpr auto kText = R"(symbol = "X"
lot = "1"
min_qty = "1"
tick = [{from = 2021-01-01T00:00:00Z, value = "1"}, {from = 2020-01-01T00:00:00Z, value = "1"}]
)";
  EXPECT_THROW(static_cast<void>(parse_instrument(kText, "x.toml")), Error);
}

}  // namespace
}  // namespace toxvol::config
