#include "toxvol/run/record_difference.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "tests/run/sample_run.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {
namespace {

using test::sample_run;

TEST(RecordDifference, OfARecordAndItselfIsNothing) {
  const auto run = sample_run();
  EXPECT_EQ(difference(run.decisions[1], run.decisions[1]), std::nullopt);
  EXPECT_EQ(difference(run.orders[0], run.orders[0]), std::nullopt);
  EXPECT_EQ(difference(run.fills[0], run.fills[0]), std::nullopt);
  EXPECT_EQ(difference(run.positions[0], run.positions[0]), std::nullopt);
}

TEST(RecordDifference, NamesTheFirstColumnAndBothValues) {
  const auto run = sample_run();
  auto row = run.decisions[1];
  row.reason = trading::Reason::Gap;
  EXPECT_EQ(difference(run.decisions[1], row), "reason is enter_long, recomputed it is gap");
  row.factors.volatility.f1 = 2.5;
  EXPECT_EQ(difference(run.decisions[1], row), "f1 is 2, recomputed it is 2.5");
  row.factors.volatility.f1.reset();
  EXPECT_EQ(difference(run.decisions[1], row), "f1 is 2, recomputed it is null");
  auto fill = run.fills[0];
  fill.side = Side::Sell;
  EXPECT_EQ(difference(run.fills[0], fill), "side is buy, recomputed it is sell");
  fill = run.fills[0];
  fill.fee = test::money_e5(1);
  EXPECT_EQ(difference(run.fills[0], fill), "fee is 30.00005, recomputed it is 0.00001");
  auto order = run.orders[0];
  order.ts_done.reset();
  EXPECT_EQ(difference(run.orders[0], order),
            "ts_done is 2024-01-01T00:01:00.031Z, recomputed it is null");
}

TEST(RecordRows, AreThoseOfTheTableOneByOne) {
  const test::TemporaryFolder temporary;
  test::write(sample_run(), temporary.path() / "x");
  RecordRows<strategy::DecisionRow> rows{temporary.path() / "x"};
  const auto run = sample_run();
  for (const auto& row : run.decisions) {
    const auto read = rows.next();
    ASSERT_TRUE(read);
    EXPECT_EQ(difference(*read, row), std::nullopt);
  }
  EXPECT_FALSE(rows.next());
  EXPECT_FALSE(rows.next());
}

TEST(RecordDifference, TellsColumnAndValuesApart) {
  const auto run = sample_run();
  auto sample = run.equity[0];
  sample.position = Qty::from_raw(run.equity[0].position.raw() + 1);
  const auto found = first_difference(run.equity[0], sample);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->column, "position");
  EXPECT_NE(found->first, found->second);
  EXPECT_FALSE(first_difference(run.commands[0], run.commands[0]));
}

TEST(RecordDifference, TheHashOfARowMovesWithEveryColumn) {
  const auto run = sample_run();
  const auto hash = row_hash(run.decisions[1]);
  EXPECT_EQ(row_hash(run.decisions[1]), hash);
  auto row = run.decisions[1];
  row.reason = trading::Reason::Gap;
  EXPECT_NE(row_hash(row), hash);
  row = run.decisions[1];
  row.factors.mode += 'x';
  EXPECT_NE(row_hash(row), hash);
  row = run.decisions[1];
  row.factors.thresholds.q_p.reset();
  row.factors.volatility.f1.reset();
  EXPECT_NE(row_hash(row), hash);
  auto zero = run.decisions[1];
  auto minus = zero;
  zero.factors.toxicity.t = 0.0;
  minus.factors.toxicity.t = -0.0;
  EXPECT_FALSE(first_difference(zero, minus));
  EXPECT_EQ(row_hash(zero), row_hash(minus));
}

}  // namespace
}  // namespace toxvol::run
