#include "toxvol/strategy/signal.hpp"

#include <string_view>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/factors/columns.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {
namespace {

using factors::FactorRow;
using testing::long_row;
using testing::params;
using testing::short_row;
using trading::Alpha;
using trading::Reason;

/// Crowded short (f3 = +1) and the flow buys: alpha B goes long.
FactorRow crowded_short_row() {
  FactorRow row = long_row(1);
  row.crowding.regime = Regime::CrowdedShort;
  return row;
}

FactorRow crowded_long_row() {
  FactorRow row = short_row(1);
  row.crowding.regime = Regime::CrowdedLong;
  return row;
}

StrategyParams with_trigger(BTrigger trigger) {
  StrategyParams made = params();
  made.alpha_b.trigger = trigger;
  return made;
}

void expect_none(const FactorRow& row, const StrategyParams& given, Reason reason) {
  const Signal made = signal(row, given);
  EXPECT_EQ(made.reason, reason) << name(made.reason);
  EXPECT_EQ(made.alpha, Alpha::None);
  EXPECT_FALSE(made.direction);
}

void expect_signal(const FactorRow& row, const StrategyParams& given, Alpha alpha, int direction) {
  const Signal made = signal(row, given);
  EXPECT_EQ(made.alpha, alpha);
  EXPECT_EQ(made.direction, direction);
  EXPECT_EQ(made.reason, direction > 0 ? Reason::EnterLong : Reason::EnterShort)
      << name(made.reason);
}

TEST(Signal, AlphaAFollowsThePressureOfACompressedNeutralMarket) {
  expect_signal(long_row(1), params(), Alpha::A, 1);
  expect_signal(short_row(1), params(), Alpha::A, -1);
}

// N3: in this order, before anything is called warm-up.
TEST(Signal, WhatIsOverdueIsTheReason) {
  FactorRow row = long_row(1);
  row.overdue = {.quotes = true, .metrics = true, .funding = true};
  expect_signal(row, params(), Alpha::A, 1);  // nothing that it needs is missing
  row.crowding.regime.reset();
  expect_none(row, params(), Reason::NoMetrics);
  row.overdue.metrics = false;
  expect_none(row, params(), Reason::NoFunding);
  row.gated.toxic.reset();
  expect_none(row, params(), Reason::NoQuotes);
  row = long_row(1);
  row.pressure.p.reset();
  expect_none(row, params(), Reason::Warmup);
  row.overdue.quotes = true;
  expect_none(row, params(), Reason::NoQuotes);
}

TEST(Signal, FundingIsMissedWhereOnlyItHasAWeight) {
  StrategyParams given = params();
  given.factors.crowding.weights = {1, 0, 0, 0};
  FactorRow row = long_row(1);
  row.crowding.regime.reset();
  row.overdue = {.metrics = true, .funding = true};
  expect_none(row, given, Reason::NoFunding);
}

TEST(Signal, TheThresholdsOfAlphaAAreInclusive) {
  FactorRow row = long_row(1);
  row.volatility.f1 = row.thresholds.q_f1;
  row.pressure.p = row.thresholds.q_p;
  expect_signal(row, params(), Alpha::A, 1);
  row.pressure.p = -*row.thresholds.q_p;
  expect_signal(row, params(), Alpha::A, -1);

  row.volatility.f1 = 0.7999;
  expect_none(row, params(), Reason::NotCompressed);
  row.volatility.f1 = row.thresholds.q_f1;
  row.pressure.p = 1.1999;
  expect_none(row, params(), Reason::WeakPressure);
}

TEST(Signal, NoPressureGivesNoDirectionEvenAboveAThresholdOfZero) {
  FactorRow row = long_row(1);
  row.thresholds.q_p = 0.0;
  row.pressure.p = 0.0;
  expect_none(row, params(), Reason::WeakPressure);
}

TEST(Signal, NothingIsJudgedBetweenDecisions) {
  FactorRow row = long_row(1);
  row.decides = false;
  row.pressure.p.reset();
  expect_none(row, params(), Reason::NotBoundary);
}

TEST(Signal, AMissingFactorIsWarmup) {
  for (const std::string_view name : {"p", "sigma", "f1", "q_f1", "q_p"}) {
    FactorRow row = long_row(1);
    for (const factors::Column& column : factors::kColumns) {
      if (column.name == name) column(row).reset();
    }
    expect_none(row, params(), Reason::Warmup);
  }
  FactorRow row = long_row(1);
  row.gated.toxic.reset();
  expect_none(row, params(), Reason::Warmup);
}

TEST(Signal, AlphaANeedsToKnowToxicityUnderEitherGate) {
  StrategyParams given = params();
  given.factors.toxicity.gate = factors::ToxicityGate::Scale;
  FactorRow row = long_row(1);
  row.gated.toxic.reset();
  row.gated.f2.reset();
  expect_none(row, given, Reason::Warmup);
}

TEST(Signal, UnknownCrowdingIsWarmupThoughTheRegimeIsNeutral) {
  FactorRow row = long_row(1);
  row.crowding.is_known = false;
  expect_none(row, params(), Reason::Warmup);
}

TEST(Signal, ADisabledAlphaSaysSoOnceTheCommonFactorsAreWarm) {
  StrategyParams given = params();
  given.alpha_a.enabled = false;
  FactorRow row = long_row(1);
  row.volatility.f1.reset();  // its own warm-up comes after
  expect_none(row, given, Reason::Disabled);
  row.pressure.p.reset();
  expect_none(row, given, Reason::Warmup);
  expect_signal(crowded_short_row(), given, Alpha::B, 1);

  given = params();
  given.alpha_b.enabled = false;
  FactorRow crowded = crowded_short_row();
  crowded.gated.f2.reset();
  expect_none(crowded, given, Reason::Disabled);
  expect_signal(long_row(1), given, Alpha::A, 1);
}

TEST(Signal, ToxicFlowForbidsAlphaABeforeAnythingElseIsJudged) {
  FactorRow row = long_row(1);
  row.gated.toxic = true;
  row.volatility.f1 = 0.0;
  row.pressure.p = 0.0;
  expect_none(row, params(), Reason::Toxic);
}

TEST(Signal, UnderTheScaleGateToxicFlowForbidsNothing) {
  StrategyParams given = params();
  given.factors.toxicity.gate = factors::ToxicityGate::Scale;
  FactorRow row = long_row(1);
  row.gated.toxic = true;
  expect_signal(row, given, Alpha::A, 1);
  FactorRow crowded = crowded_short_row();
  crowded.gated.toxic = true;
  expect_signal(crowded, given, Alpha::B, 1);
}

TEST(Signal, NotCompressedComesBeforeWeakPressure) {
  FactorRow row = long_row(1);
  row.volatility.f1 = 0.0;
  row.pressure.p = 0.0;
  expect_none(row, params(), Reason::NotCompressed);
}

TEST(Signal, AlphaBFadesTheCrowdOnceTheFlowTurns) {
  expect_signal(crowded_short_row(), params(), Alpha::B, 1);
  expect_signal(crowded_long_row(), params(), Alpha::B, -1);
}

TEST(Signal, TheDocumentsDirectionIsTheOpposite) {
  StrategyParams given = params();
  given.alpha_b.direction = BDirection::Document;
  expect_signal(crowded_short_row(), given, Alpha::B, -1);
  expect_signal(crowded_long_row(), given, Alpha::B, 1);
}

TEST(Signal, AlphaBAsksNeitherCompressionNorTheSizeOfPressure) {
  FactorRow row = crowded_short_row();
  row.volatility.f1.reset();
  row.thresholds.q_f1.reset();
  row.thresholds.q_p.reset();
  row.thresholds.q_p_b.reset();
  row.pressure.p = row.gated.f2 = 0.01;
  expect_signal(row, params(), Alpha::B, 1);
}

TEST(Signal, FlowWithTheCrowdOrWithoutADirectionDoesNotConfirm) {
  FactorRow row = crowded_short_row();
  row.pressure.p = row.gated.f2 = -0.5;
  expect_none(row, params(), Reason::Unconfirmed);
  row.pressure.p = row.gated.f2 = 0.0;
  expect_none(row, params(), Reason::Unconfirmed);
}

TEST(Signal, ToxicFlowForbidsAlphaB) {
  FactorRow row = crowded_short_row();
  row.gated.toxic = true;
  row.gated.f2 = 0.0;
  expect_none(row, params(), Reason::Toxic);
  expect_none(row, with_trigger(BTrigger::F2Strong), Reason::Toxic);
}

TEST(Signal, AlphaBWarmsUpWithF2AndOnlyWithTheQuantileItAsks) {
  FactorRow row = crowded_short_row();
  row.gated.f2.reset();
  row.gated.toxic.reset();
  expect_none(row, params(), Reason::Warmup);
  expect_none(row, with_trigger(BTrigger::F2Strong), Reason::Warmup);

  row = crowded_short_row();
  row.thresholds.q_p_b.reset();
  expect_signal(row, params(), Alpha::B, 1);
  expect_none(row, with_trigger(BTrigger::F2Strong), Reason::Warmup);
  expect_none(row, with_trigger(BTrigger::Pressure), Reason::Warmup);

  row = crowded_short_row();
  row.pressure.p.reset();
  expect_none(row, params(), Reason::Warmup);
  row = crowded_short_row();
  row.volatility.sigma.reset();
  expect_none(row, params(), Reason::Warmup);
}

TEST(Signal, TheStrongTriggerAlsoAsksForPressureAtItsOwnQuantile) {
  const StrategyParams given = with_trigger(BTrigger::F2Strong);
  FactorRow row = crowded_short_row();
  row.thresholds.q_p = 99.0;  // alpha A's is not asked
  row.pressure.p = row.gated.f2 = row.thresholds.q_p_b;
  expect_signal(row, given, Alpha::B, 1);
  row.pressure.p = row.gated.f2 = 1.1999;
  expect_none(row, given, Reason::WeakPressure);
  row.pressure.p = row.gated.f2 = -1.1999;  // weak comes before unconfirmed
  expect_none(row, given, Reason::WeakPressure);
  row.pressure.p = row.gated.f2 = -1.2;
  expect_none(row, given, Reason::Unconfirmed);
}

TEST(Signal, ThePressureTriggerDoesNotAskForToxicity) {
  const StrategyParams given = with_trigger(BTrigger::Pressure);
  FactorRow row = crowded_short_row();
  row.gated.toxic = true;
  row.gated.f2 = 0.0;
  expect_signal(row, given, Alpha::B, 1);
  row.gated.toxic.reset();
  row.gated.f2.reset();
  expect_signal(row, given, Alpha::B, 1);
  row.pressure.p = 1.1999;
  expect_none(row, given, Reason::WeakPressure);
  row.pressure.p = -1.2;
  expect_none(row, given, Reason::Unconfirmed);
}

}  // namespace
}  // namespace toxvol::strategy
