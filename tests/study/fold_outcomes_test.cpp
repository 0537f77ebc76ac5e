#include "toxvol/study/fold_outcomes.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "tests/run/sample_run.hpp"
#include "tests/study/values.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/folds.hpp"
#include "toxvol/study/run_recorder.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using trading::EquityCause;

/// Two test windows of two hours each, one after the other.
const std::vector<Fold> kFolds{
    {.train_from = {}, .train_to = {}, .test_from = kMidnight, .test_to = kMidnight + hours{2}},
    {.train_from = {},
     .train_to = {},
     .test_from = kMidnight + hours{2},
     .test_to = kMidnight + hours{4}}};

trading::EquityRecord equity(Duration after, EquityCause cause, std::int64_t equity,
                             std::int64_t realised, std::int64_t fees) {
  trading::EquityRecord row;
  row.ts = kMidnight + after;
  row.cause = cause;
  row.equity = usdt(equity);
  row.realised = usdt(realised);
  row.fees = usdt(fees);
  return row;
}

trading::FillRecord fill(Duration after, std::int64_t position, std::int64_t slippage) {
  trading::FillRecord record;
  record.position = position;
  record.ts = kMidnight + after;
  record.price = Price::from_raw(100 * Price::kOne);
  record.qty = Qty::from_raw(1 * Qty::kOne);
  record.slippage = usdt(slippage);
  return record;
}

trading::PositionRecord closed(std::int64_t number, Duration open, Duration close,
                               std::int64_t realised) {
  trading::PositionRecord record;
  record.position = number;
  record.ts_open = kMidnight + open;
  record.ts_close = kMidnight + close;
  record.avg_entry = Price::from_raw(100 * Price::kOne);
  record.qty_max = Qty::from_raw(1 * Qty::kOne);
  record.realised = usdt(realised);
  return record;
}

class Folded {
 public:
  explicit Folded(const std::vector<trading::EquityRecord>& rows) {
    for (const auto& row : rows) outcomes_.record(row);
  }
  template <class Record>
  void add(const Record& record) {
    outcomes_.record(record);
  }
  StitchedOutcome finish() { return outcomes_.finish("{}", {}, {}); }

 private:
  run::test::TemporaryFolder temporary_;
  RunRecorder run_{temporary_.path() / "oos", false};
  FoldOutcomes outcomes_{kFolds, Unit::Hour, run_};
};

TEST(FoldOutcomes, ShareTheSampleAtTheirBoundary) {
  Folded folded{{equity(hours{0}, EquityCause::Start, 1000, 0, 0),
                 equity(hours{1}, EquityCause::Minute, 1010, 12, 2),
                 equity(hours{2}, EquityCause::Minute, 1030, 33, 3),
                 equity(hours{3}, EquityCause::Minute, 1030, 33, 3),
                 equity(hours{4}, EquityCause::End, 1000, 5, 5)}};
  const StitchedOutcome made = folded.finish();
  const auto& first = made.folds[0];
  EXPECT_EQ(first.returns.units.net, (std::vector<double>{10.0 / 1000, 20.0 / 1010}));
  EXPECT_EQ(first.summary.net, usdt(30));
  EXPECT_EQ(first.summary.fees, usdt(3));
  const auto& second = made.folds[1];
  EXPECT_EQ(second.returns.units.net, (std::vector<double>{0.0, -30.0 / 1030}));
  EXPECT_EQ(second.returns.units.begin, kMidnight + hours{2});
  EXPECT_EQ(second.summary.start_equity, usdt(1030));
  EXPECT_EQ(second.summary.net, usdt(-30)) << "-28 realised, 2 of fees";
  EXPECT_EQ(second.summary.fees, usdt(2));
  EXPECT_DOUBLE_EQ(*second.summary.max_drawdown, -30.0 / 1030) << "from the fold's own peak";
  EXPECT_EQ(made.whole.returns.units.size(), 4U);
  EXPECT_EQ(made.whole.summary.net, usdt(0));
}

// N5: no row at the boundary. The hours of both folds are those of the whole run.
TEST(FoldOutcomes, CarryTheLastSampleOverABoundaryThatHasNone) {
  Folded folded{{equity(hours{0}, EquityCause::Start, 1000, 0, 0),
                 equity(minutes{70}, EquityCause::Minute, 1010, 10, 0),
                 equity(minutes{150}, EquityCause::Minute, 1020, 20, 0),
                 equity(hours{4}, EquityCause::End, 1020, 20, 0)}};
  const StitchedOutcome made = folded.finish();
  EXPECT_EQ(made.folds[0].returns.units.net, (std::vector<double>{0.0, 10.0 / 1000}));
  EXPECT_EQ(made.folds[1].returns.units.net, (std::vector<double>{10.0 / 1010, 0.0}));
  std::vector<double> both = made.folds[0].returns.units.net;
  both.insert(both.end(), made.folds[1].returns.units.net.begin(),
              made.folds[1].returns.units.net.end());
  EXPECT_EQ(both, made.whole.returns.units.net);
  EXPECT_EQ(made.folds[1].summary.net, usdt(10));
}

TEST(FoldOutcomes, APositionCountsWhereItClosesWithAllItsFills) {
  Folded folded{{equity(hours{0}, EquityCause::Start, 1000, 0, 0)}};
  folded.add(fill(minutes{30}, 1, 0));
  folded.add(equity(minutes{30}, EquityCause::Fill, 1000, 0, 0));
  folded.add(equity(hours{2}, EquityCause::Minute, 1000, 0, 0));
  folded.add(fill(minutes{150}, 1, 1));
  folded.add(equity(minutes{150}, EquityCause::Fill, 1007, 7, 0));
  folded.add(equity(hours{4}, EquityCause::End, 1007, 7, 0));
  folded.add(closed(1, minutes{30}, minutes{150}, 7));
  const StitchedOutcome made = folded.finish();
  EXPECT_EQ(made.folds[0].summary.positions, 0);
  EXPECT_EQ(made.folds[0].summary.fills, 1);
  EXPECT_EQ(made.folds[1].summary.positions, 1);
  EXPECT_EQ(made.folds[1].summary.slippage, usdt(1));
  EXPECT_EQ(made.folds[1].returns.positions.traded, (std::vector<double>{200.0}));
  EXPECT_EQ(made.folds[1].returns.positions.earned, (std::vector<double>{7.0}));
}

// The minute's sample comes before the fills of its millisecond.
TEST(FoldOutcomes, AFillAtTheBoundaryBelongsToTheLaterFold) {
  Folded folded{{equity(hours{0}, EquityCause::Start, 1000, 0, 0),
                 equity(hours{2}, EquityCause::Minute, 1000, 0, 0)}};
  folded.add(fill(hours{2}, 1, 2));
  folded.add(equity(hours{2}, EquityCause::Fill, 999, 0, 1));
  folded.add(equity(hours{4}, EquityCause::End, 999, 0, 1));
  const StitchedOutcome made = folded.finish();
  EXPECT_EQ(made.folds[0].summary.fills, 0);
  EXPECT_EQ(made.folds[0].summary.fees, Money{});
  EXPECT_EQ(made.folds[1].summary.fills, 1);
  EXPECT_EQ(made.folds[1].summary.fees, usdt(1));
  EXPECT_EQ(made.folds[1].returns.units.net, (std::vector<double>{0.0, -1.0 / 1000}))
      << "equity is sampled at the minute";
}

}  // namespace
}  // namespace toxvol::study
