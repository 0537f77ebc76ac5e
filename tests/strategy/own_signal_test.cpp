#include "toxvol/strategy/own_signal.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/signal.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {
namespace {

using factors::FactorRow;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::at_s;
using testing::Bench;
using testing::instrument;
using testing::kAllInputs;
using testing::kFrom;
using testing::long_row;
using testing::params;
using testing::qty;
using trading::Alpha;
using trading::Reason;
using trading::Role;
using trading::Submit;

constexpr Duration kNs{1};
/// The decision row of minute 2: its bar ends at 120 s and is known 0.8 ms later.
constexpr Timestamp kKnown = kFrom + minutes{2} + std::chrono::microseconds{800};

std::shared_ptr<OwnSignal> own_of(std::vector<SignalRow> rows, const StrategyParams& given) {
  return std::make_shared<OwnSignal>(
      std::make_shared<SignalTable>(
          std::make_shared<const std::vector<SignalRow>>(std::move(rows))),
      given);
}

/// What a signal of one row says at minute 2.
Signal said(SignalRow row, const StrategyParams& given = params()) {
  return own_of({row}, given)->at(long_row(2), Qty{});
}

Bench bench_of(std::vector<SignalRow> rows, StrategyParams given = params()) {
  auto own = own_of(std::move(rows), given);
  return Bench{std::move(given), kAllInputs, instrument(), std::move(own)};
}

StrategyParams in_target_mode() {
  StrategyParams made = params();
  made.signal.mode = SignalMode::Target;
  return made;
}

TEST(OwnSignal, WhereNothingIsEnteredItStandsAndOnlyWhatIsOpenIsManaged) {
  const std::vector<SignalRow> rows{
      {.ts_init = kKnown - kNs, .direction = 1},
      {.ts_init = kKnown + minutes{1} - kNs, .direction = -1},
  };
  Bench bench = bench_of(rows, in_target_mode());
  bench.trader.adopt(in_target_mode(), Regime::Neutral, false);
  const auto verdict = bench.row(long_row(2));
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->signal.direction, 1);
  EXPECT_EQ(verdict->reason, Reason::Disabled);
  EXPECT_TRUE(bench.sent.empty());

  Bench open = bench_of(rows, in_target_mode());
  open.row(long_row(2));
  open.fill(open.submit(), at_s(121), 500'001);
  open.trader.adopt(in_target_mode(), Regime::Neutral, false);
  EXPECT_EQ(open.reason(long_row(3)), Reason::Disabled);
  ASSERT_EQ(open.sent.size(), 1U) << "the row that asks for the other side closes, nothing enters";
  EXPECT_TRUE(open.submit().reduce_only);

  bench.trader.adopt(in_target_mode(), Regime::Neutral);
  EXPECT_EQ(bench.reason(long_row(3)), Reason::EnterShort) << "the fold after it enters";
}

TEST(OwnSignal, ARowCountsIfItsTimeIsBeforeTheBarsOwn) {
  const Signal counts = said({.ts_init = kKnown - kNs, .direction = -1});
  EXPECT_EQ(counts.alpha, Alpha::Signal);
  EXPECT_EQ(counts.direction, -1);
  EXPECT_EQ(counts.reason, Reason::EnterShort);
  const Signal late = said({.ts_init = kKnown, .direction = -1});
  EXPECT_EQ(late.alpha, Alpha::None);
  EXPECT_FALSE(late.direction);
  EXPECT_EQ(late.reason, Reason::NoSignal);
}

TEST(OwnSignal, TheDelayOfBarsGivesARowAsMuchMoreTime) {
  StrategyParams given = params();
  given.factors.data.bar_delay = seconds{5};
  EXPECT_EQ(said({.ts_init = kKnown + seconds{5} - kNs, .direction = 1}, given).direction, 1);
  EXPECT_EQ(said({.ts_init = kKnown + seconds{5}, .direction = 1}, given).reason, Reason::NoSignal);
}

TEST(OwnSignal, ARowStandsForOneCadenceOrAsLongAsItIsGiven) {
  EXPECT_EQ(said({.ts_init = kKnown - minutes{1}, .direction = 1}).direction, 1);
  EXPECT_EQ(said({.ts_init = kKnown - minutes{1} - kNs, .direction = 1}).reason, Reason::NoSignal);
  StrategyParams given = params();
  given.signal.max_age = seconds{10};
  EXPECT_EQ(said({.ts_init = kKnown - seconds{10}, .direction = 1}, given).direction, 1);
  EXPECT_EQ(said({.ts_init = kKnown - seconds{10} - kNs, .direction = 1}, given).reason,
            Reason::NoSignal);
}

TEST(OwnSignal, TheLastRowThatIsKnownCounts) {
  const auto own = own_of({{.ts_init = kKnown - seconds{9}, .direction = 1},
                           {.ts_init = kKnown - seconds{8}, .direction = -1},
                           {.ts_init = kKnown, .direction = 1}},
                          params());
  EXPECT_EQ(own->at(long_row(2), Qty{}).direction, -1);
  EXPECT_EQ(own->at(long_row(3), Qty{}).direction, 1);
}

TEST(OwnSignal, RowsAreCountedAsUsedOrAsTooOld) {
  StrategyParams given = params();
  given.signal.max_age = seconds{30};
  const auto own = own_of({{.ts_init = kKnown - seconds{31}, .direction = 1},          // too old
                           {.ts_init = kKnown + seconds{30}, .direction = 1},          // replaced
                           {.ts_init = kKnown + seconds{31}, .direction = 1},          // used
                           {.ts_init = kKnown + minutes{1} + seconds{40}, .size = 2},  // used, is 0
                           {.ts_init = kKnown + minutes{9}, .direction = 1}},  // never known
                          given);
  for (int minute = 2; minute <= 5; ++minute) static_cast<void>(own->at(long_row(minute), Qty{}));
  EXPECT_EQ(own->used(), 2);
  EXPECT_EQ(own->stale(), 1);
}

TEST(OwnSignal, ARowThatStoodIsNotCountedAsTooOldLater) {
  const auto own = own_of({{.ts_init = kKnown - kNs, .direction = 1}}, params());
  for (int minute = 2; minute <= 4; ++minute) static_cast<void>(own->at(long_row(minute), Qty{}));
  EXPECT_EQ(own->used(), 1);
  EXPECT_EQ(own->stale(), 0);
}

TEST(OwnSignal, OnlySigmaMustBeKnown) {
  const auto direction_without = [](auto change) {
    FactorRow row = long_row(2);
    change(row);
    return own_of({{.ts_init = kKnown - kNs, .direction = 1}}, params())->at(row, Qty{}).reason;
  };
  EXPECT_EQ(direction_without([](FactorRow& row) { row.volatility.sigma.reset(); }),
            Reason::Warmup);
  EXPECT_EQ(direction_without([](FactorRow& row) {
              row.volatility.f1.reset();
              row.thresholds = {};
              row.pressure.p.reset();
              row.gated = {};
              row.crowding.is_known = false;
            }),
            Reason::EnterLong);
  EXPECT_EQ(direction_without([](FactorRow& row) { row.gated.toxic = true; }), Reason::EnterLong);
  EXPECT_EQ(direction_without([](FactorRow& row) { row.crowding.regime = Regime::CrowdedLong; }),
            Reason::EnterLong);
  EXPECT_EQ(direction_without([](FactorRow& row) { row.decides = false; }), Reason::NotBoundary);
}

// N3.
TEST(OwnSignal, AKindThatIsOverdueComesBeforeTheSignalUnlessTheRowCloses) {
  StrategyParams given = in_target_mode();
  FactorRow row = long_row(2);
  row.overdue.quotes = true;
  row.gated.toxic.reset();
  const auto reason = [&](int direction, Qty position) {
    return own_of({{.ts_init = kKnown - kNs, .direction = direction}}, given)
        ->at(row, position)
        .reason;
  };
  EXPECT_EQ(reason(1, Qty{}), Reason::NoQuotes);
  EXPECT_EQ(reason(0, Qty{}), Reason::NoQuotes);
  EXPECT_EQ(reason(1, qty(1)), Reason::NoQuotes);  // the position is as it should be
  EXPECT_EQ(reason(0, qty(1)), Reason::NoSignal);
  EXPECT_EQ(reason(-1, qty(1)), Reason::EnterShort);
  given.signal.mode = SignalMode::Entry;  // nothing closes
  EXPECT_EQ(reason(0, qty(1)), Reason::NoQuotes);
}

TEST(OwnSignal, AFunctionIsAskedOnceADecisionRowAndItsAnswersAreRows) {
  std::vector<Timestamp> asked;
  std::vector<std::optional<Qty>> positions;
  auto source = std::make_shared<AskedSignal>(
      [&](const FactorRow& row, std::optional<Qty> position) -> std::optional<SignalAnswer> {
        asked.push_back(row.ts);
        positions.push_back(position);
        if (asked.size() == 2) return std::nullopt;
        return SignalAnswer{.direction = 1, .size = 0.5};
      },
      kFrom + minutes{4});
  OwnSignal own{source, params()};
  EXPECT_EQ(own.at(long_row(1), Qty{}).direction, 1);
  FactorRow between = long_row(2);
  between.decides = false;
  static_cast<void>(own.at(between, Qty{}));
  EXPECT_EQ(own.at(long_row(2), qty(7)).reason, Reason::NoSignal);
  EXPECT_EQ(own.at(long_row(3), Qty{}).own_size, 0.5);
  EXPECT_EQ(own.at(long_row(4), Qty{}).reason, Reason::NoSignal);  // at the end of the run
  EXPECT_EQ(asked, (std::vector{at_s(60), at_s(120), at_s(180), at_s(240)}));
  EXPECT_EQ(positions[1], qty(7));
  EXPECT_EQ(source->rows(),
            (std::vector<SignalRow>{{.ts_init = at_s(60), .direction = 1, .size = 0.5},
                                    {.ts_init = at_s(180), .direction = 1, .size = 0.5}}));
  EXPECT_EQ(source->ignored(), 1);
}

TEST(OwnSignal, TheAnswersOfAFunctionAsATableAreTheSameSignal) {
  StrategyParams given = params();
  given.signal.max_age = minutes{3};
  auto source = std::make_shared<AskedSignal>(
      [](const FactorRow& row, std::optional<Qty> /*position*/) -> std::optional<SignalAnswer> {
        const auto minute = (row.ts - kFrom) / minutes{1};
        if (minute % 4 != 1) return std::nullopt;
        return SignalAnswer{.direction = minute % 8 == 1 ? 1 : -1};
      },
      kFrom + minutes{60});
  OwnSignal asked{source, given};
  std::vector<std::optional<int>> first;
  for (int minute = 1; minute < 40; ++minute) {
    first.push_back(asked.at(long_row(minute), Qty{}).direction);
  }
  const auto table = own_of(source->rows(), given);
  std::vector<std::optional<int>> second;
  for (int minute = 1; minute < 40; ++minute) {
    second.push_back(table->at(long_row(minute), Qty{}).direction);
  }
  EXPECT_EQ(first, second);
  EXPECT_EQ(first[2], 1);             // minute 3: two minutes old
  EXPECT_EQ(first[3], std::nullopt);  // minute 4: three minutes and 0.8 ms
}

// The rule's own size at a σ of 0.0006 is 1.206 (docs/strategy.md).
TEST(OwnSignal, ItsSizeMultipliesTheRulesBeforeTheCaps) {
  Bench half = bench_of({{.ts_init = kKnown - kNs, .direction = 1, .size = 0.5}});
  half.row(long_row(2));
  EXPECT_EQ(half.submit().qty, qty(603));
  EXPECT_EQ(half.submit().intent.alpha, Alpha::Signal);
  EXPECT_EQ(half.submit().intent.cap, trading::Cap::None);

  // Leverage 3 of 100 000 at 50 000.1 allows 5.999.
  Bench many = bench_of({{.ts_init = kKnown - kNs, .direction = 1, .size = 100.0}});
  many.row(long_row(2));
  EXPECT_EQ(many.submit().qty, qty(5'999));
  EXPECT_EQ(many.submit().intent.cap, trading::Cap::MaxLeverage);
  EXPECT_EQ(many.submit().intent.qty_uncapped, qty(120'689));
}

TEST(OwnSignal, ToxicityNeitherForbidsNorScales) {
  StrategyParams given = params();
  given.factors.toxicity.gate = factors::ToxicityGate::Scale;
  given.entry.order = EntryOrder::PostOnly;
  Bench bench = bench_of({{.ts_init = kKnown - kNs, .direction = 1}}, given);
  FactorRow row = long_row(2);
  row.gated.toxic = true;
  EXPECT_EQ(bench.reason(row), Reason::EnterLong);
  // 350 / (240 + (0.0002 + 0.0005) · 50 000) = 1.2727: nothing of toxic_scale, nothing of t_rank.
  EXPECT_EQ(bench.submit().qty, qty(1'272));
}

TEST(OwnSignal, ARegimeFlipsNobody) {
  Bench bench = bench_of({{.ts_init = kKnown - kNs, .direction = 1}});
  bench.row(long_row(2));
  const Submit entry = bench.submit();
  EXPECT_EQ(entry.intent.regime, Regime::Neutral);  // a column
  bench.fill(entry, at_s(121), 500'001);
  FactorRow flipped = long_row(3);
  flipped.crowding.regime = Regime::CrowdedLong;
  EXPECT_EQ(bench.reason(flipped), Reason::NoSignal);
  EXPECT_TRUE(bench.sent.empty());
}

TEST(OwnSignal, InModeEntryAPositionIsLeftByTheExitsAlone) {
  Bench bench = bench_of({{.ts_init = kKnown - kNs, .direction = 1},
                          {.ts_init = kKnown + minutes{1} - kNs, .direction = -1}});
  bench.row(long_row(2));
  bench.fill(bench.submit(), at_s(121), 500'001);
  EXPECT_EQ(bench.reason(long_row(3)), Reason::InPosition);
  EXPECT_TRUE(bench.sent.empty());
  EXPECT_EQ(bench.reason(long_row(4)), Reason::NoSignal);
  EXPECT_TRUE(bench.sent.empty());
}

/// A position opened at minute 2 in mode target; what is sent at minute 3.
std::vector<Role> sent_at(std::vector<SignalRow> more, const FactorRow& row, Reason reason) {
  std::vector<SignalRow> rows{{.ts_init = kKnown - kNs, .direction = 1}};
  rows.insert(rows.end(), more.begin(), more.end());
  Bench bench = bench_of(std::move(rows), in_target_mode());
  bench.row(long_row(2));
  bench.fill(bench.submit(), at_s(121), 500'001);
  EXPECT_EQ(bench.reason(row), reason);
  std::vector<Role> roles;
  for (std::size_t i = 0; i < bench.sent.size(); ++i) {
    const Submit& order = bench.submit(i);
    EXPECT_EQ(order.side, Side::Sell);
    EXPECT_EQ(order.qty, qty(1'206));
    EXPECT_TRUE(order.reduce_only);
    EXPECT_EQ(order.type, trading::OrderType::Market);
    roles.push_back(order.intent.role);
  }
  return roles;
}

TEST(OwnSignal, InModeTargetThePositionFollows) {
  const Timestamp next = kKnown + minutes{1} - kNs;
  const std::vector<Role> leaves{Role::Opposite};
  EXPECT_EQ(sent_at({{.ts_init = next, .direction = 0}}, long_row(3), Reason::NoSignal), leaves);
  EXPECT_EQ(sent_at({}, long_row(3), Reason::NoSignal), leaves);  // nothing for max_age
  // The other side: left here, entered at a later row.
  EXPECT_EQ(sent_at({{.ts_init = next, .direction = -1}}, long_row(3), Reason::InPosition), leaves);
  EXPECT_EQ(sent_at({{.ts_init = next, .direction = 1}}, long_row(3), Reason::InPosition),
            std::vector<Role>{});
  FactorRow between = long_row(3);
  between.decides = false;
  EXPECT_EQ(sent_at({}, between, Reason::NotBoundary), std::vector<Role>{});
  FactorRow blind = long_row(3);  // a close needs no sigma
  blind.volatility.sigma.reset();
  EXPECT_EQ(sent_at({}, blind, Reason::Warmup), leaves);
}

TEST(OwnSignal, InModeTargetAShortPositionFollowsToo) {
  Bench bench = bench_of({{.ts_init = kKnown - kNs, .direction = -1},
                          {.ts_init = kKnown + minutes{1} - kNs, .direction = 1},
                          {.ts_init = kKnown + minutes{2} - kNs, .direction = 1}},
                         in_target_mode());
  bench.row(long_row(2));
  bench.fill(bench.submit(), at_s(121), 500'000);
  bench.row(long_row(3));
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.submit().side, Side::Buy);
  bench.fill(bench.submit(), at_s(181), 500'001);
  EXPECT_EQ(bench.reason(long_row(4)), Reason::EnterLong);
  EXPECT_EQ(bench.submit().side, Side::Buy);
}

TEST(OwnSignal, InModeTargetAWaitingEntryIsTakenBackWhenItIsNotWantedAnyMore) {
  StrategyParams given = in_target_mode();
  given.entry.order = EntryOrder::PostOnly;
  given.entry.give_up_after = minutes{5};
  given.entry.reprice_after = minutes{5};
  const auto canceled = [&](int direction) {
    Bench bench = bench_of({{.ts_init = kKnown - kNs, .direction = 1},
                            {.ts_init = kKnown + minutes{1} - kNs, .direction = direction}},
                           given);
    bench.row(long_row(2));
    const Submit entry = bench.submit();
    bench.accept(entry, at_s(121));
    bench.row(long_row(3));
    return bench.sent.size() == 1 && bench.canceled_id() == entry.id;
  };
  EXPECT_TRUE(canceled(0));
  EXPECT_TRUE(canceled(-1));
  EXPECT_FALSE(canceled(1));
}

}  // namespace
}  // namespace toxvol::strategy
