#include "toxvol/strategy/step.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/signal.hpp"
#include "toxvol/strategy/sizing.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {
namespace {

using factors::FactorRow;
using testing::Bench;
using testing::long_row;
using testing::params;
using testing::quiet_row;
using trading::Reason;
using Steps = std::vector<Step>;

Steps steps_of(const FactorRow& row, const StrategyParams& given = params()) {
  Steps steps;
  static_cast<void>(signal(row, given, &steps));
  return steps;
}

std::string questions(const Steps& steps) {
  std::string names;
  for (const Step& step : steps) names += std::string{step.question} + ' ';
  return names;
}

const Step& step(const Steps& steps, std::string_view question) {
  for (const Step& one : steps) {
    if (one.question == question) return one;
  }
  throw std::out_of_range{std::string{question}};
}

TEST(Steps, OfANeutralRowAreThoseOfA4InTheirOrder) {
  EXPECT_EQ(questions(steps_of(long_row(1))),
            "boundary quotes regime known known crowding enabled known known known known toxicity "
            "compression pressure direction ");
}

TEST(Steps, OfACrowdedRowAskWhatTheTriggerAsks) {
  FactorRow row = long_row(1);
  row.crowding.regime = Regime::CrowdedShort;
  StrategyParams given = params();
  const std::string head = "boundary quotes regime known known crowding enabled ";
  EXPECT_EQ(questions(steps_of(row, given)), head + "known toxicity confirmation ");
  given.alpha_b.trigger = BTrigger::F2Strong;
  EXPECT_EQ(questions(steps_of(row, given)), head + "known known toxicity pressure confirmation ");
  given.alpha_b.trigger = BTrigger::Pressure;
  EXPECT_EQ(questions(steps_of(row, given)), head + "known pressure confirmation ");
}

TEST(Steps, TellValueAndThreshold) {
  const Steps steps = steps_of(long_row(1));
  const Step& compression = step(steps, "compression");
  EXPECT_EQ(compression.factor, "f1");
  EXPECT_EQ(compression.value, 1.0);
  EXPECT_EQ(compression.limit, "q_f1");
  EXPECT_EQ(compression.threshold, 0.8);
  EXPECT_EQ(compression.otherwise, Reason::NotCompressed);
  EXPECT_EQ(step(steps, "pressure").value, 1.5);
}

TEST(Steps, AfterTheFirstThatFailsAreToldAllTheSame) {
  FactorRow row = quiet_row(1);
  row.volatility.f1 = 0.79;
  const Steps steps = steps_of(row);
  EXPECT_FALSE(step(steps, "compression").holds);
  EXPECT_FALSE(step(steps, "pressure").holds);
  EXPECT_TRUE(step(steps, "direction").holds);
  EXPECT_EQ(signal(row, params()).reason, Reason::NotCompressed) << "the first one";
}

TEST(Steps, OfAnUnknownRegimeEndWhereNoAlphaCanBeChosen) {
  FactorRow row = long_row(1);
  row.crowding.regime.reset();
  EXPECT_EQ(questions(steps_of(row)), "boundary quotes regime known known crowding ");
}

/// Whatever is missing or at its threshold: who is told hears the same answer as who is not.
TEST(Steps, ToldOrNotTheSignalIsTheSame) {
  std::uint64_t state = 4;
  const auto draw = [&state](std::uint64_t n) { return (state = splitmix64(state)) % n; };
  const auto value = [&draw]() -> factors::Value {
    if (draw(5) == 0) return std::nullopt;
    return static_cast<double>(draw(5)) - 2.0;
  };
  int signals = 0;
  std::vector<int> reasons(trading::kCount<Reason>);
  for (int i = 0; i < 20'000; ++i) {
    FactorRow row = long_row(1);
    row.decides = draw(10) != 0;
    row.overdue.quotes = draw(8) == 0;
    row.overdue.metrics = draw(2) == 0;
    row.pressure.p = value();
    row.volatility.f1 = value();
    row.thresholds.q_f1 = value();
    row.thresholds.q_p = value();
    row.thresholds.q_p_b = value();
    if (draw(8) == 0) row.volatility.sigma.reset();
    row.gated.toxic = draw(8) == 0 ? std::nullopt : std::optional{draw(4) == 0};
    row.gated.f2 = value();
    row.crowding.is_known = draw(8) != 0;
    if (draw(8) == 0) {
      row.crowding.regime.reset();
    } else {
      row.crowding.regime = static_cast<Regime>(static_cast<int>(draw(3)) - 1);
    }
    StrategyParams given = params();
    given.alpha_a.enabled = draw(10) != 0;
    given.alpha_b.enabled = draw(10) != 0;
    given.alpha_b.trigger = static_cast<BTrigger>(draw(3));
    given.alpha_b.direction = static_cast<BDirection>(draw(2));
    if (draw(3) == 0) given.factors.toxicity.gate = factors::ToxicityGate::Scale;

    Steps steps;
    const Signal told = signal(row, given, &steps);
    const Signal silent = signal(row, given);
    ASSERT_EQ(told.alpha, silent.alpha);
    ASSERT_EQ(told.direction, silent.direction);
    ASSERT_EQ(told.reason, silent.reason);
    // The steps alone say it too.
    std::optional<Reason> first;
    for (const Step& one : steps) {
      if (!first && !one.holds) first = one.otherwise;
    }
    ASSERT_EQ(first.has_value(), !silent.direction.has_value());
    if (first) {
      ASSERT_EQ(*first, silent.reason);
    }
    signals += silent.direction ? 1 : 0;
    ++reasons[trading::index_of(silent.reason)];
  }
  EXPECT_GT(signals, 100);
  for (const Reason reason : {Reason::NotBoundary, Reason::NoQuotes, Reason::NoMetrics,
                              Reason::NoFunding, Reason::Warmup, Reason::Disabled, Reason::Toxic,
                              Reason::NotCompressed, Reason::WeakPressure, Reason::Unconfirmed}) {
    EXPECT_GT(reasons[trading::index_of(reason)], 0) << name(reason);
  }
}

class Judged : public ::testing::Test {
 protected:
  Judged() { bench_.trader.tell(&judgement_); }
  Bench bench_;
  Judgement judgement_;
};

TEST_F(Judged, AnEntryTellsItsGuardsAndItsSize) {
  EXPECT_EQ(bench_.reason(long_row(1)), Reason::EnterLong);
  EXPECT_EQ(questions(judgement_.guards),
            "gap touch stale_quote daily_loss flip position orders size ");
  EXPECT_EQ(step(judgement_.guards, "stale_quote").value, 0.1);
  EXPECT_EQ(step(judgement_.guards, "stale_quote").threshold, 5.0);
  EXPECT_EQ(step(judgement_.guards, "daily_loss").value, 0.0);
  ASSERT_TRUE(judgement_.size && judgement_.inputs);
  EXPECT_EQ(judgement_.inputs->equity, 100'000.0);
  EXPECT_EQ(judgement_.inputs->price, testing::px(500'001));
  // sizing_test.cpp: 350 at risk over 240 and two fees of 25, at a price of 50 000.1.
  const SizeParts& parts = judgement_.size->parts;
  EXPECT_DOUBLE_EQ(parts.budget, 350.0);
  EXPECT_NEAR(parts.loss_a_unit, 290.00058, 1e-9);
  EXPECT_NEAR(parts.by_risk, 350.0 / 290.00058, 1e-12);
  EXPECT_EQ(parts.toxic_scale * parts.spread_scale * parts.rank_scale, 1.0);
  EXPECT_EQ(parts.wanted, parts.by_risk);
  EXPECT_NEAR(parts.max_leverage, 3 * 100'000.0 / 50'000.1, 1e-9);
  EXPECT_EQ(judgement_.size->qty, bench_.submit().qty);
}

TEST_F(Judged, WithoutASignalNothingIsAsked) {
  bench_.row(long_row(1));
  bench_.row(quiet_row(2));
  EXPECT_TRUE(judgement_.guards.empty());
  EXPECT_FALSE(judgement_.size);
  EXPECT_FALSE(step(judgement_.signal, "pressure").holds) << "but why there was none";
}

TEST_F(Judged, TellsWhatForbadeAndSendsNothing) {
  bench_.open_long();
  EXPECT_EQ(bench_.reason(long_row(2)), Reason::InPosition);
  EXPECT_TRUE(bench_.sent.empty()) << "though the size was told";
  EXPECT_FALSE(step(judgement_.guards, "position").holds);
  EXPECT_TRUE(step(judgement_.guards, "orders").holds);
  EXPECT_TRUE(judgement_.size);
}

TEST_F(Judged, WithoutAPriceThereIsNoSize) {
  bench_.touch_now.reset();
  EXPECT_EQ(bench_.reason(long_row(1)), Reason::StaleQuote);
  EXPECT_EQ(questions(judgement_.guards), "gap touch ");
  EXPECT_FALSE(judgement_.size);
}

TEST_F(Judged, AGapThatIsTooNewIsTheFirstReason) {
  bench_.row(quiet_row(1));
  bench_.touch_age = std::chrono::seconds{6};  // too old as well
  EXPECT_EQ(bench_.reason(long_row(4)), Reason::Gap);
  const Step& gap = step(judgement_.guards, "gap");
  EXPECT_EQ(gap.value, 60.0) << "the bar after it opened a minute ago";
  EXPECT_EQ(gap.threshold, 1800.0);
  EXPECT_FALSE(step(judgement_.guards, "stale_quote").holds);
}

TEST(Judging, ToldOrNotTheSameIsSent) {
  Bench silent;
  Bench told;
  Judgement judgement;
  told.trader.tell(&judgement);
  for (const std::int64_t minute : {1, 2, 5, 6, 40, 41}) {
    const auto one = silent.row(long_row(minute));
    const auto other = told.row(long_row(minute));
    ASSERT_EQ(one->reason, other->reason) << minute;
    ASSERT_EQ(silent.sent.size(), told.sent.size()) << minute;
  }
}

}  // namespace
}  // namespace toxvol::strategy
