#include "toxvol/run/summary.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/run/sample_run.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/run/json_files.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace {

using toxvol::Money;
using toxvol::run::Funnel;
using toxvol::run::Summary;
using toxvol::run::SummaryBuilder;
using toxvol::run::test::decision;
using toxvol::run::test::money_e5;
using toxvol::run::test::sample_run;
using toxvol::run::test::SampleRun;
using toxvol::trading::Alpha;
using toxvol::trading::Reason;

Summary summarise(const SampleRun& run) {
  SummaryBuilder builder;
  for (const auto& row : run.decisions) builder.add(row);
  for (const auto& row : run.fills) builder.add(row);
  for (const auto& row : run.equity) builder.add(row);
  for (const auto& row : run.orders) builder.add(row);
  for (const auto& row : run.positions) builder.add(row);
  return builder.finish(run.info.quality, run.info.kinds);
}

// 1 BTC: 60 100.0 − 60 000.1 = 99.9; fees 30.00005 + 30.05; funding −6; slippage 0.05 twice.
TEST(Summary, MoneyIsThatWorkedOutByHand) {
  const Summary s = summarise(sample_run());
  EXPECT_EQ(s.start_equity, money_e5(10'000'000'000));
  EXPECT_EQ(s.end_equity, money_e5(10'003'384'995));
  EXPECT_EQ(s.gross, money_e5(10'000'000));
  EXPECT_EQ(s.slippage, money_e5(10'000));
  EXPECT_EQ(s.fees, money_e5(6'005'005));
  EXPECT_EQ(s.funding, money_e5(-600'000));
  EXPECT_EQ(s.net, money_e5(3'384'995));
  EXPECT_EQ(s.net, s.gross - s.slippage - s.fees + s.funding);
  EXPECT_EQ(s.net, s.end_equity - s.start_equity);
}

// Samples 100 000, 100 000, 100 019.94995, 99 963.89995, 100 033.84995 twice: five returns, their
// moments computed apart.
TEST(Summary, RatiosAreThoseWorkedOutByHand) {
  const Summary s = summarise(sample_run());
  EXPECT_NEAR(*s.total_return, 0.0003384995, 1e-15);
  EXPECT_NEAR(*s.max_drawdown, -0.0005603882028336615, 1e-15);
  EXPECT_NEAR(*s.sharpe_minute, 0.14963732602899624, 1e-10);
  EXPECT_NEAR(*s.sharpe_annual, 108.48448138644727, 1e-7);
  EXPECT_NEAR(*s.volatility_annual, 0.3283545588792086, 1e-10);
  EXPECT_NEAR(*s.psr, 0.6173659812878842, 1e-9);
  EXPECT_EQ(s.trials, 1);
  EXPECT_EQ(s.dsr, s.psr);
  EXPECT_EQ(s.positions, 1);
  EXPECT_EQ(s.fills, 2);
  EXPECT_EQ(s.maker_share, 0.0);
  EXPECT_EQ(s.hit_rate, 1.0);
  EXPECT_EQ(s.avg_hold_s, 120.0);
  EXPECT_NEAR(*s.turnover, 1.201001, 1e-15);                    // (60 000.1 + 60 100)/100 000
  EXPECT_EQ(s.exposure, 0.4);                                   // 120 s of 300 s
  EXPECT_NEAR(*s.break_even_fee_bp, 7.818478086196431, 1e-12);  // (99.9 − 6)/120 100.1
}

TEST(Summary, AtTheBreakEvenFeeTheNetIsZero) {
  const SampleRun run = sample_run();
  const double fee_rate = *summarise(run).break_even_fee_bp / 1e4;
  const double fees = fee_rate * (60'000.1 + 60'100.0);
  EXPECT_NEAR(99.9 - 6.0 - fees, 0.0, 1e-9);
}

TEST(Summary, MakerShareIsOfNotional) {
  SampleRun run = sample_run();
  run.fills[1].liquidity = toxvol::trading::Liquidity::Maker;
  EXPECT_NEAR(*summarise(run).maker_share, 60'100.0 / 120'100.1, 1e-15);
}

TEST(Summary, GroupsSumPositions) {
  SampleRun run = sample_run();
  run.positions.push_back(run.positions[0]);
  run.positions[1].alpha = Alpha::None;
  run.positions[1].regime_open.reset();
  run.positions[1].exit_role.reset();
  run.positions[1].ts_close.reset();
  run.positions.push_back(run.positions[0]);
  run.positions[2].realised = money_e5(0);
  const Summary s = summarise(run);
  ASSERT_EQ(s.by_alpha.size(), 2U);
  EXPECT_EQ(s.by_alpha[0].first, "a");
  EXPECT_EQ(s.by_alpha[0].second.positions, 2);
  EXPECT_EQ(s.by_alpha[0].second.net, money_e5(3'384'995 - 6'605'005));
  EXPECT_EQ(s.by_alpha[0].second.gross, money_e5(10'010'000));
  EXPECT_EQ(s.by_alpha[1].first, "none");
  run.positions[0].alpha = Alpha::Signal;
  run.positions[2].alpha = Alpha::Signal;
  EXPECT_EQ(summarise(run).by_alpha[0].first, "signal");
  ASSERT_EQ(s.by_regime.size(), 2U);
  EXPECT_EQ(s.by_regime[0].first, "neutral");
  EXPECT_EQ(s.by_regime[1].first, "none");
  ASSERT_EQ(s.by_exit.size(), 2U);
  EXPECT_EQ(s.by_exit[0].first, "take_profit");
  EXPECT_EQ(s.by_exit[1].first, "open");
  EXPECT_EQ(s.by_exit[1].second.hit_rate, std::nullopt);
  EXPECT_EQ(s.hit_rate, 0.5);  // one of two closed
}

TEST(Summary, CountsReasonsModesAndOrders) {
  SampleRun run = sample_run();
  run.orders.push_back(run.orders[1]);
  run.orders[2].status = toxvol::trading::OrderStatus::Rejected;
  run.orders.push_back(run.orders[1]);
  run.orders[3].status = toxvol::trading::OrderStatus::Open;
  const Summary s = summarise(run);
  EXPECT_EQ(s.reasons[Reason::Warmup], 1);
  EXPECT_EQ(s.reasons[Reason::EnterLong], 1);
  EXPECT_EQ(s.reasons[Reason::Toxic], 1);
  EXPECT_EQ(s.reasons[Reason::Spread], 0);
  EXPECT_TRUE(s.degraded_minutes.absent.empty());
  EXPECT_EQ(s.degraded_minutes.overdue, (toxvol::run::Minutes{{"no_metrics", 1}}));
  EXPECT_EQ(s.orders.submitted, 4);
  EXPECT_EQ(s.orders.filled, 2);
  EXPECT_EQ(s.orders.rejected, 1);
  EXPECT_EQ(s.orders.canceled, 0);
}

TEST(Summary, WithoutTradesRatiosAreUndefined) {
  SampleRun run = sample_run();
  run.fills.clear();
  run.positions.clear();
  run.orders.clear();
  for (auto& row : run.equity) row = run.equity[0];
  for (std::size_t i = 0; i < run.equity.size(); ++i) {
    run.equity[i].ts += std::chrono::minutes{static_cast<std::int64_t>(i)};
  }
  const Summary s = summarise(run);
  EXPECT_FALSE(s.sharpe_minute);
  EXPECT_FALSE(s.psr);
  EXPECT_FALSE(s.dsr);
  EXPECT_FALSE(s.hit_rate);
  EXPECT_FALSE(s.maker_share);
  EXPECT_FALSE(s.avg_hold_s);
  EXPECT_FALSE(s.break_even_fee_bp);
  EXPECT_EQ(s.total_return, 0.0);
  EXPECT_EQ(s.turnover, 0.0);
  EXPECT_EQ(s.exposure, 0.0);
  EXPECT_EQ(s.net, Money{});
}

TEST(Summary, SumsThatDoNotFitAreRefused) {
  SampleRun run = sample_run();
  run.fills[0].slippage = Money::from_raw(std::numeric_limits<std::int64_t>::max());
  EXPECT_THROW(static_cast<void>(summarise(run)), toxvol::Error);
}

TEST(Summary, JsonHasTheKeysOfTheContractInItsOrder) {
  const auto json =
      nlohmann::ordered_json::parse(toxvol::run::summary_json(summarise(sample_run())));
  std::string keys;
  for (const auto& [key, value] : json.items()) keys += key + " ";
  EXPECT_EQ(keys,
            "start_equity end_equity gross slippage fees funding net return max_drawdown "
            "sharpe_minute sharpe_annual volatility_annual positions fills maker_share hit_rate "
            "avg_hold_s turnover exposure break_even_fee_bp by_alpha by_regime by_exit funnel "
            "reasons orders quality degraded_minutes caps trials psr dsr ");
  EXPECT_EQ(json["net"], "33.84995");
  EXPECT_EQ(json["funding"], "-6");
  EXPECT_EQ(json["by_alpha"]["a"]["net"], "33.84995");
  EXPECT_EQ(json["by_exit"]["take_profit"]["hit_rate"], 1.0);
  EXPECT_EQ(json["funnel"]["regime_known"], 4);
  EXPECT_EQ(json["reasons"].size(), 21U);
  EXPECT_EQ(json["orders"]["submitted"], 2);
  EXPECT_EQ(json["quality"]["TRADE_ID_GAP"], 3);
  EXPECT_EQ(json["degraded_minutes"]["absent"].size(), 0U);
  EXPECT_EQ(json["degraded_minutes"]["overdue"]["no_metrics"], 1);
  EXPECT_EQ(json["caps"].dump(), R"({"none":1,"max_leverage":0,"max_notional":0,"max_qty":0})");
}

Funnel funnel_of(const toxvol::strategy::DecisionRow& row) {
  SummaryBuilder builder;
  builder.add(row);
  return builder.finish({}, sample_run().info.kinds).funnel;
}

// Steps passed by one row: minutes, warm, regime_known, compressed, pressure, not_toxic, sized.
constexpr Funnel kPassed[] = {{1},
                              {1, 1},
                              {1, 1, 1},
                              {1, 1, 1, 1},
                              {1, 1, 1, 1, 1},
                              {1, 1, 1, 1, 1, 1},
                              {1, 1, 1, 1, 1, 1, 1}};

TEST(Funnel, OfTheSampleIsThatWorkedOutByHand) {
  EXPECT_EQ(summarise(sample_run()).funnel, (Funnel{5, 4, 4, 3, 3, 2, 1, 1, 1}));
}

TEST(Funnel, StopsANeutralRowAtTheFirstStepThatItFails) {
  auto row = decision(1);
  row.alpha = Alpha::A;
  row.reason = Reason::EnterLong;
  EXPECT_EQ(funnel_of(row), kPassed[6]);
  row.reason = Reason::InPosition;
  EXPECT_EQ(funnel_of(row), kPassed[5]);
  row.alpha = Alpha::None;
  row.reason = Reason::Toxic;
  EXPECT_EQ(funnel_of(row), kPassed[4]);
  row.factors.pressure.p = -0.5;
  EXPECT_EQ(funnel_of(row), kPassed[3]);
  row.factors.volatility.f1 = 0.5;
  EXPECT_EQ(funnel_of(row), kPassed[2]);
  row.reason = Reason::Warmup;
  row.factors.crowding.c.reset();
  EXPECT_EQ(funnel_of(row), kPassed[1]);
  row.factors.pressure.p.reset();
  EXPECT_EQ(funnel_of(row), kPassed[0]);
}

TEST(Funnel, ThresholdsAreInclusiveAndOfTheSizeOfPressure) {
  auto row = decision(1);
  row.factors.volatility.f1 = row.factors.thresholds.q_f1;
  row.factors.pressure.p = -*row.factors.thresholds.q_p;
  row.alpha = Alpha::A;
  row.reason = Reason::EnterShort;
  EXPECT_EQ(funnel_of(row), kPassed[6]);
}

TEST(Funnel, CountsWhatWasSoAlsoWhereTheAlphaIsDisabled) {
  auto row = decision(1);
  row.reason = Reason::Disabled;
  EXPECT_EQ(funnel_of(row), kPassed[4]);
  row.factors.volatility.f1 = 0.5;
  EXPECT_EQ(funnel_of(row), kPassed[2]);
}

TEST(Funnel, WhatIsOverdueIsWarmButItsRegimeIsNotKnown) {
  auto row = decision(1);
  row.factors.crowding.regime.reset();
  row.factors.crowding.c.reset();
  for (const Reason reason : {Reason::NoQuotes, Reason::NoMetrics, Reason::NoFunding}) {
    row.reason = reason;
    EXPECT_EQ(funnel_of(row), kPassed[1]);
  }
  row.factors.pressure.p.reset();
  EXPECT_EQ(funnel_of(row), kPassed[1]);
}

TEST(Funnel, BetweenBoundariesNothingIsWarm) {
  auto row = decision(1);
  row.decides = false;
  row.reason = Reason::NotBoundary;
  EXPECT_EQ(funnel_of(row), kPassed[0]);
}

TEST(Funnel, WithoutFundingTheRegimeIsKnown) {
  auto row = decision(1);
  row.factors.crowding.c.reset();
  row.factors.mode = "no_metrics+no_funding";
  row.reason = Reason::WeakPressure;
  row.factors.pressure.p = 0.1;
  EXPECT_EQ(funnel_of(row), kPassed[3]);
}

TEST(Funnel, ASignalOfOnesOwnAsksForSigmaAlone) {
  auto row = decision(1);
  row.factors.pressure = {};
  row.factors.volatility.f1.reset();
  row.reason = Reason::NoSignal;
  EXPECT_EQ(funnel_of(row), kPassed[2]);
  row.alpha = Alpha::Signal;
  row.reason = Reason::EnterLong;
  EXPECT_EQ(funnel_of(row), (Funnel{1, 1, 1, 0, 0, 1, 1}));
  row.factors.crowding.c.reset();
  EXPECT_EQ(funnel_of(row), (Funnel{1, 1, 0, 0, 0, 1, 1}));
  row.alpha = Alpha::None;
  row.reason = Reason::Warmup;
  row.factors.volatility.sigma.reset();
  EXPECT_EQ(funnel_of(row), kPassed[0]);
}

TEST(Funnel, ACrowdedRowIsNotAskedForCompression) {
  auto row = decision(1);
  row.factors.crowding.regime = toxvol::Regime::CrowdedLong;
  row.factors.volatility.f1 = 0.5;
  row.reason = Reason::Unconfirmed;
  EXPECT_EQ(funnel_of(row), kPassed[2]);
  row.alpha = Alpha::B;
  row.reason = Reason::StaleQuote;
  EXPECT_EQ(funnel_of(row), (Funnel{1, 1, 1, 0, 0, 1}));
  row.reason = Reason::EnterShort;
  EXPECT_EQ(funnel_of(row), (Funnel{1, 1, 1, 0, 0, 1, 1}));
  row.factors.volatility.f1 = row.factors.thresholds.q_f1;  // it happens to be compressed
  EXPECT_EQ(funnel_of(row), kPassed[6]);
}

TEST(Funnel, CountsDecisionsOnceHoweverManyOrdersTheySend) {
  SampleRun run = sample_run();
  run.orders.push_back(run.orders[0]);  // a re-priced entry of the same decision
  run.orders[2].submit.replaces = run.orders[0].submit.id;
  run.orders[0].filled_qty = toxvol::Qty{};
  EXPECT_EQ(summarise(run).funnel, (Funnel{5, 4, 4, 3, 3, 2, 1, 1, 1}));
  run.orders[2].filled_qty = toxvol::Qty{};
  EXPECT_EQ(summarise(run).funnel, (Funnel{5, 4, 4, 3, 3, 2, 1, 1, 0}));
}

}  // namespace
