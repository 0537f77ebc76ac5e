#include "toxvol/study/outcome_text.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {
namespace {

run::PositionGroup positions_of(std::int64_t count, std::int64_t net, std::optional<double> hits) {
  run::PositionGroup group;
  group.positions = count;
  group.net = Money::from_raw(net);
  group.hit_rate = hits;
  return group;
}

Outcome sample() {
  Outcome outcome;
  outcome.config_sha256 = "c";
  outcome.fingerprint = "f";
  outcome.twins = {{.config_sha256 = "c2", .fingerprint = "f2"}};
  outcome.body = "b";
  outcome.fills = "t";
  outcome.orders = 7;
  outcome.summary.net = Money::from_raw(-123'456'789'012'345'678);
  outcome.summary.total_return = 0.1 + 0.2;
  outcome.summary.positions = 3;
  outcome.summary.by_alpha = {{"A", positions_of(2, 5, 0.5)},
                              {"B", positions_of(1, -7, std::nullopt)}};
  outcome.returns.units = {.unit = Unit::FourHours,
                           .begin = Timestamp{std::chrono::hours{42}},
                           .net = stats::test::returns(),
                           .px = {-0.0, std::numeric_limits<double>::denorm_min(), 1.0 / 3.0},
                           .gross = {},
                           .ruined = true};
  outcome.returns.positions = {.bp = {1e300}, .earned = {-2.5}, .traded = {3.0}};
  outcome.returns.fills = 9;
  outcome.curve = {.begin = Timestamp{std::chrono::hours{43}},
                   .equity = {Money::from_raw(1), Money::from_raw(-2)}};
  outcome.decisions = "abcz";
  outcome.entries = {
      {.ts_decision = Timestamp{Duration{1'704'067'200'000'000'001}}, .direction = -1}};
  return outcome;
}

TEST(OutcomeText, IsReadBackToTheLastBit) {
  const Outcome before = sample();
  const Outcome after = outcome_of(to_text(before));
  EXPECT_EQ(after.config_sha256, "c");
  EXPECT_EQ(after.fingerprint, "f");
  ASSERT_EQ(after.twins.size(), 1U);
  EXPECT_EQ(after.twins[0].config_sha256, "c2");
  EXPECT_EQ(after.twins[0].fingerprint, "f2");
  EXPECT_EQ(after.body, "b");
  EXPECT_EQ(after.fills, "t");
  EXPECT_EQ(after.orders, 7);
  EXPECT_EQ(after.summary.net, before.summary.net);
  EXPECT_EQ(after.summary.total_return, 0.1 + 0.2);
  EXPECT_EQ(after.summary.max_drawdown, std::nullopt);
  EXPECT_EQ(after.summary.by_alpha.size(), 2U);
  EXPECT_EQ(after.summary.by_alpha[1].first, "B");
  EXPECT_EQ(after.summary.by_alpha[1].second.net, Money::from_raw(-7));
  EXPECT_EQ(after.summary.by_alpha[0].second.hit_rate, 0.5);
  EXPECT_EQ(after.summary.by_alpha[1].second.hit_rate, std::nullopt);
  EXPECT_EQ(after.returns.units.unit, Unit::FourHours);
  EXPECT_EQ(after.returns.units.begin, before.returns.units.begin);
  EXPECT_EQ(after.returns.units.net, before.returns.units.net);
  EXPECT_EQ(after.returns.units.px, before.returns.units.px);
  EXPECT_TRUE(after.returns.units.ruined);
  EXPECT_EQ(after.returns.positions.bp, before.returns.positions.bp);
  EXPECT_EQ(after.returns.fills, 9);
  EXPECT_EQ(after.curve.begin, before.curve.begin);
  EXPECT_EQ(after.curve.equity, before.curve.equity);
  EXPECT_EQ(after.decisions, "abcz");
  EXPECT_EQ(after.entries, before.entries);
  EXPECT_EQ(to_text(after), to_text(before));
}

TEST(OutcomeText, IsNotMadeOfAnythingElse) {
  for (const char* text : {"{}", "torn"}) {
    try {
      static_cast<void>(outcome_of(text));
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Corrupt) << text;
    }
  }
}

}  // namespace
}  // namespace toxvol::study
