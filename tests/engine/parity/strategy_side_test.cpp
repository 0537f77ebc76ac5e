// What a run of the parity profile does in either form, native or inside NautilusTrader.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/engine/parity/support.hpp"
#include "tests/engine/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine::test {
namespace {

trading::Submit buy_one() {
  return market_order(1, Side::Buy, 1);
}

TEST(StrategySide, SamplesEquityAtEveryMinuteOfWhatLiesBeforeIt) {
  Session session;
  session.with.to = ms(240'000);
  session.book(0).at(1, buy_one()).book(2).quote(119'999, 101.0, 2, 101.1, 3);
  session.quote(120'000, 105.0, 2, 105.1, 3).quote(180'500, 90.0, 2, 90.1, 3);
  static_cast<void>(session.fills());
  std::vector<std::string> samples;
  samples.reserve(session.tape.equity.size());
  for (const auto& sample : session.tape.equity) {
    samples.push_back(
        fmt::format("{} {:.10g}", Session::since(sample.ts), sample.mark.value_or(0)));
  }
  EXPECT_EQ(samples, (Lines{"0 0", "1 100.05", "60000 100.05", "120000 101.05", "180000 105.05",
                            "240000 90.05", "240000 90.05"}));
}

TEST(StrategySide, WritesDownTheStopAndTargetOfAPosition) {
  Session session;
  session.player.stop_level = price(90);
  session.player.target_level = price(110);
  session.book(0).at(1, buy_one()).book(2);
  static_cast<void>(session.fills());
  EXPECT_EQ(session.tape.positions.at(0).stop, price(90));
  EXPECT_EQ(session.tape.positions.at(0).take_profit, price(110));
}

TEST(StrategySide, KnowsWhetherTheLastRateIsInAPositionsFavour) {
  for (const double rate : {-0.0001, 0.0001}) {
    Session session;
    session.market.fund(0, 0.0).fund(1, rate);
    session.book(0).at(2, buy_one()).book(3);
    static_cast<void>(session.fills());
    EXPECT_EQ(session.tape.positions.at(0).funding_tailwind, rate < 0);
  }
}

TEST(StrategySide, RingsAnAlarmOnceAndNoneWhenTheRunIsOver) {
  const auto rings = [](Timestamp alarm) {
    Session session;
    session.with.to = ms(60'000);
    session.player.waking.alarm = alarm;
    session.book(0).book(1).book(2).bar(60'000, 100.0, 100.0, 100.0, 100.0, 8);
    static_cast<void>(session.fills());
    std::vector<Timestamp> seen;
    for (const Told& told : session.player.told) {
      if (told.what == "alarm") seen.push_back(told.seen);
    }
    return seen;
  };
  EXPECT_EQ(rings(ms(1)), std::vector{ms(1)});
  EXPECT_EQ(rings(ms(60'000) - Duration{1}), std::vector{ms(60'000) - Duration{1}});
  EXPECT_EQ(rings(ms(60'000)), std::vector<Timestamp>{});
}

TEST(StrategySide, PaysNoFundingWhenTheRunIsOver) {
  for (const bool is_late : {false, true}) {
    Session session;
    session.with.to = ms(60'000);
    session.book(0).at(1, buy_one()).book(2);
    // Of the last millisecond; known 0.95 ms later.
    session.market.fund(is_late ? 59'999 : 59'998, 0.01);
    session.market.funding.back().ts_event += Duration{500'000};
    session.market.funding.back().ts_init += Duration{500'000};
    static_cast<void>(session.fills());
    EXPECT_EQ(session.tape.equity.back().cause, trading::EquityCause::End);
    EXPECT_EQ(session.tape.positions.at(0).funding == Money{}, is_late);
  }
}

}  // namespace
}  // namespace toxvol::engine::test
