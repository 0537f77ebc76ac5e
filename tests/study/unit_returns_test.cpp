#include "toxvol/study/unit_returns.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/study/values.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using trading::EquityCause;

trading::EquityRecord row(Duration after, EquityCause cause, std::int64_t equity,
                          std::int64_t fees = 0, std::int64_t funding = 0) {
  trading::EquityRecord made;
  made.ts = kMidnight + after;
  made.cause = cause;
  made.equity = usdt(equity);
  made.fees = usdt(fees);
  made.funding = usdt(funding);
  return made;
}

trading::FillRecord fill(std::int64_t position, std::int64_t price, std::int64_t qty,
                         std::int64_t slippage = 0) {
  trading::FillRecord made;
  made.position = position;
  made.price = Price::from_raw(price * Price::kOne);
  made.qty = Qty::from_raw(qty * Qty::kOne);
  made.slippage = usdt(slippage);
  return made;
}

RunReturns returns_of(const std::vector<trading::EquityRecord>& rows, Unit unit = Unit::Hour) {
  ReturnsBuilder builder{unit};
  for (const auto& sample : rows) builder.add(sample);
  return builder.finish();
}

void expect_series(const std::vector<double>& is, const std::vector<double>& wanted) {
  ASSERT_EQ(is.size(), wanted.size());
  for (std::size_t i = 0; i < is.size(); ++i) EXPECT_NEAR(is[i], wanted[i], 1e-15) << i;
}

TEST(UnitReturns, RunFromTheFirstWholeHourToTheLast) {
  const auto units =
      returns_of(
          {row(minutes{30}, EquityCause::Start, 900), row(minutes{59}, EquityCause::Minute, 950),
           row(hours{1}, EquityCause::Minute, 1000), row(minutes{90}, EquityCause::Minute, 1500),
           row(hours{2}, EquityCause::Minute, 1010), row(minutes{150}, EquityCause::End, 2000)})
          .units;
  expect_series(units.net, {0.01});
  EXPECT_EQ(units.begin, kMidnight + hours{1});
  EXPECT_EQ(units.boundary(1), kMidnight + hours{2});
}

TEST(UnitReturns, ASampleOnTheHourBelongsToIt) {
  const auto units =
      returns_of({row(hours{0}, EquityCause::Start, 1000), row(hours{1}, EquityCause::End, 1020)})
          .units;
  EXPECT_EQ(units.begin, kMidnight);
  expect_series(units.net, {0.02});
}

TEST(UnitReturns, OfSeveralSamplesAtOneTimeTheLastCounts) {
  const auto units =
      returns_of({row(hours{0}, EquityCause::Start, 500), row(hours{0}, EquityCause::Minute, 1000),
                  row(hours{1}, EquityCause::Minute, 1010), row(hours{1}, EquityCause::End, 1030)})
          .units;
  expect_series(units.net, {0.03});
}

TEST(UnitReturns, AMissingMinuteCarriesTheEquityBefore) {
  // N5: rows only where there is a price. Boundaries 0, 1, 2, 3 h: 1000 1010 1010 1010.
  const auto units = returns_of({row(hours{0}, EquityCause::Start, 1000),
                                 row(minutes{59}, EquityCause::Minute, 1010),
                                 row(minutes{200}, EquityCause::End, 990)})
                         .units;
  expect_series(units.net, {0.01, 0.0, 0.0});
}

TEST(UnitReturns, AWindowWithoutAWholeHourHasNone) {
  EXPECT_EQ(returns_of({}).units.size(), 0U);
  EXPECT_EQ(returns_of({row(minutes{10}, EquityCause::Start, 1000),
                        row(minutes{59}, EquityCause::End, 1100)})
                .units.size(),
            0U);
  // One boundary is no unit.
  EXPECT_EQ(returns_of({row(minutes{10}, EquityCause::Start, 1000),
                        row(minutes{61}, EquityCause::End, 1100)})
                .units.size(),
            0U);
}

TEST(UnitReturns, WithoutATradeAreZeroAndCount) {
  std::vector<trading::EquityRecord> rows;
  for (int minute = 0; minute <= 180; ++minute) {
    rows.push_back(row(minutes{minute}, EquityCause::Minute, 1000));
  }
  const RunReturns returns = returns_of(rows);
  expect_series(returns.units.net, {0.0, 0.0, 0.0});
  expect_series(returns.units.px, {0.0, 0.0, 0.0});
  EXPECT_EQ(returns.fills, 0);
}

TEST(UnitReturns, PartsAreWhatWasAddedBetweenTheTwoSamples) {
  ReturnsBuilder builder{Unit::Hour};
  builder.add(row(hours{0}, EquityCause::Start, 1000));
  builder.add(fill(1, 100, 1, 20));
  builder.add(row(minutes{10}, EquityCause::Fill, 990, 10));
  builder.add(row(minutes{20}, EquityCause::Funding, 995, 10, 5));
  builder.add(row(hours{1}, EquityCause::Minute, 1030, 10, 5));
  // On the hour, but after its row by seq: of the next unit.
  builder.add(fill(1, 100, 1, 3));
  builder.add(row(hours{1}, EquityCause::Fill, 1030, 11, 5));
  builder.add(row(hours{2}, EquityCause::End, 1030, 11, 5));
  const RunReturns returns = builder.finish();
  expect_series(returns.units.net, {0.03, 0.0});
  expect_series(returns.units.px, {0.035, 1.0 / 1030.0});     // 30 + 10 − 5
  expect_series(returns.units.gross, {0.055, 4.0 / 1030.0});  // and 20, and 3
  EXPECT_EQ(returns.fills, 2);
}

TEST(UnitReturns, AnUnknownSlippageCountsNothingAndKeepsItsPlace) {
  ReturnsBuilder builder{Unit::Hour};
  trading::FillRecord unknown = fill(1, 100, 1);
  unknown.slippage.reset();
  builder.add(unknown);
  builder.add(fill(1, 100, 1, 7));
  builder.add(row(hours{0}, EquityCause::Start, 1000));
  builder.add(row(minutes{10}, EquityCause::Fill, 1000));
  builder.add(row(hours{1}, EquityCause::Minute, 1000));
  builder.add(row(minutes{70}, EquityCause::Fill, 1000));
  builder.add(row(hours{2}, EquityCause::End, 1000));
  expect_series(builder.finish().units.gross, {0.0, 0.007});
}

TEST(UnitReturns, EndWithTheFirstEquityNotAboveZero) {
  const auto units =
      returns_of({row(hours{0}, EquityCause::Start, 1000), row(hours{1}, EquityCause::Minute, 400),
                  row(hours{2}, EquityCause::Minute, 0), row(hours{3}, EquityCause::End, 50)})
          .units;
  expect_series(units.net, {-0.6, -1.0});
  EXPECT_TRUE(units.ruined);
  const auto alive =
      returns_of({row(hours{0}, EquityCause::Start, 1000),
                  row(minutes{30}, EquityCause::Minute, -1), row(hours{1}, EquityCause::End, 1)})
          .units;
  expect_series(alive.net, {-0.999});
  EXPECT_FALSE(alive.ruined) << "only boundaries are asked";
  EXPECT_EQ(returns_of({row(hours{0}, EquityCause::Start, 0), row(hours{1}, EquityCause::End, 1)})
                .units.size(),
            0U);
}

TEST(UnitReturns, AreOfAnyUnit) {
  const std::vector<trading::EquityRecord> rows = {
      row(minutes{7}, EquityCause::Start, 1000), row(minutes{15}, EquityCause::Minute, 1100),
      row(minutes{30}, EquityCause::Minute, 1210), row(days{2}, EquityCause::End, 1331)};
  EXPECT_EQ(returns_of(rows, Unit::Minute).units.size(), 2U * 1440 - 7);
  const auto quarters = returns_of(rows, Unit::QuarterHour).units;
  EXPECT_EQ(quarters.size(), 2U * 96 - 1);
  EXPECT_NEAR(quarters.net.front(), 0.1, 1e-15);
  EXPECT_EQ(returns_of(rows, Unit::FourHours).units.size(), 11U);
  const auto daily = returns_of(rows, Unit::Day).units;
  EXPECT_EQ(daily.begin, kMidnight + days{1});
  expect_series(daily.net, {0.1});
}

TEST(UnitReturns, UnitsAndNotesHaveTheirWords) {
  for (const Unit unit :
       {Unit::Minute, Unit::QuarterHour, Unit::Hour, Unit::FourHours, Unit::Day}) {
    EXPECT_EQ(unit_named(name(unit)), unit);
  }
  EXPECT_EQ(name(Unit::QuarterHour), "15m");
  EXPECT_FALSE(unit_named("2h"));
  EXPECT_EQ(name(Note::Fallback), "fallback");
  EXPECT_EQ(first_of(Note::TooShort, Note::NoTrades), Note::NoTrades);
  EXPECT_EQ(first_of({}, Note::NoSpread), Note::NoSpread);
  EXPECT_EQ(first_of({}, {}), std::nullopt);
}

trading::PositionRecord position(std::int64_t number, std::optional<Duration> closed,
                                 std::int64_t realised) {
  trading::PositionRecord made;
  made.position = number;
  made.ts_open = kMidnight;
  if (closed) made.ts_close = kMidnight + *closed;
  made.avg_entry = Price::from_raw(100 * Price::kOne);
  made.qty_max = Qty::from_raw(2 * Qty::kOne);
  made.realised = usdt(realised);
  made.fees = usdt(2);
  made.funding = usdt(-1);
  return made;
}

TEST(PositionReturns, AreOfClosedPositionsByTheirEnd) {
  ReturnsBuilder builder{Unit::Hour};
  builder.add(fill(1, 100, 2));
  builder.add(fill(2, 100, 2));
  builder.add(fill(1, 103, 2));
  builder.add(fill(3, 100, 2));
  builder.add(fill(4, 50, 4));
  builder.add(position(1, hours{3}, 6));
  builder.add(position(2, hours{1}, 9));
  builder.add(position(3, std::nullopt, 5));
  builder.add(position(4, hours{1}, 3));
  const PositionReturns closed = builder.finish().positions;
  // 2 and 4 close together, by number; then 1. Net 9 − 2 − 1 of 200, 0 of 200, 3 of 200.
  expect_series(closed.bp, {300.0, 0.0, 150.0});
  expect_series(closed.earned, {8.0, 2.0, 5.0});
  expect_series(closed.traded, {200.0, 200.0, 406.0});
}

}  // namespace
}  // namespace toxvol::study
