#include "toxvol/study/compare.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/run/sample_run.hpp"
#include "tests/study/recorded_run.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::study {
namespace {

using run::test::kStart;
using run::test::sample_run;
using run::test::SampleRun;
using Change = std::function<void(SampleRun&)>;
using In = RowDifference::In;

/// Two folders of the sample run, the second one changed. Its rows end at minutes 0 to 4.
class Compare : public testing::Test {
 protected:
  void make(const Change& change) {
    SampleRun other = sample_run();
    change(other);
    test::record(sample_run(), a_);
    test::record(other, b_);
  }
  DecisionComparison decisions(const Change& change) {
    make(change);
    return compare_decisions(a_, b_, kStart - kMinute, kStart + 10 * kMinute);
  }
  nlohmann::ordered_json document(const Change& change) {
    make(change);
    return nlohmann::ordered_json::parse(compare_json(compare_runs(
        {read_compared(a_, Unit::Minute), read_compared(b_, Unit::Minute)}, Unit::Minute, {})));
  }

  run::test::TemporaryFolder temporary_;
  std::filesystem::path a_ = temporary_.path() / "a";
  std::filesystem::path b_ = temporary_.path() / "b";
};

TEST_F(Compare, OfEqualDecisionsFindsNothing) {
  const DecisionComparison found = decisions([](SampleRun&) {});
  EXPECT_EQ(found.rows, 5);
  EXPECT_EQ(found.changed, 0);
  EXPECT_FALSE(found.first_row);
  EXPECT_FALSE(found.first_decision);
}

TEST_F(Compare, TellsAnotherFactorFromAnotherDecision) {
  const DecisionComparison found = decisions([](SampleRun& run) {
    run.decisions[1].factors.volatility.f1 = 2.5;
    run.decisions[2].factors.volatility.f1 = 0.25;
    run.decisions[2].reason = trading::Reason::NotCompressed;
    run.decisions[2].alpha = trading::Alpha::None;
    run.decisions[2].direction.reset();
  });
  EXPECT_EQ(found.changed, 1);
  ASSERT_TRUE(found.first_row && found.first_decision);
  EXPECT_EQ(found.first_row->ts, kStart + 1 * kMinute);
  ASSERT_EQ(found.first_row->columns.size(), 1U);
  EXPECT_EQ(found.first_row->columns[0].name, "f1");
  EXPECT_EQ(found.first_row->columns[0].first, "2");
  EXPECT_EQ(found.first_row->columns[0].other, "2.5");
  EXPECT_EQ(found.first_decision->ts, kStart + 2 * kMinute);
  std::vector<std::string> names;
  for (const auto& column : found.first_decision->columns) names.push_back(column.name);
  EXPECT_EQ(names, (std::vector<std::string>{"f1", "alpha", "direction", "reason"}));
  EXPECT_EQ(found.first_decision->columns[1].other, "null");
}

TEST_F(Compare, AnotherReasonAloneIsAnotherDecisionAndNoOtherSignal) {
  const DecisionComparison found =
      decisions([](SampleRun& run) { run.decisions[2].reason = trading::Reason::Gap; });
  EXPECT_EQ(found.changed, 0);
  ASSERT_TRUE(found.first_decision);
  EXPECT_EQ(found.first_decision->ts, kStart + 2 * kMinute);
}

TEST_F(Compare, SaysWhichRunHasAMinuteThatTheOtherHasNot) {
  const DecisionComparison found =
      decisions([](SampleRun& run) { run.decisions.erase(run.decisions.begin() + 3); });
  EXPECT_EQ(found.rows, 4);
  ASSERT_TRUE(found.first_row && found.first_decision);
  EXPECT_EQ(found.first_row->ts, kStart + 3 * kMinute);
  EXPECT_EQ(found.first_row->in, In::First);
  EXPECT_TRUE(found.first_row->columns.empty());
  EXPECT_EQ(compare_decisions(b_, a_, kStart - kMinute, kStart + 10 * kMinute).first_row->in,
            In::Other);
}

TEST_F(Compare, LooksAtMinutesThatOpenInTheCommonWindow) {
  make([](SampleRun& run) {
    run.decisions[1].factors.pressure.p = 9.0;
    run.decisions[3].factors.pressure.p = 9.0;
  });
  // Those that end at minutes 2 and 3 open in [1, 3).
  const DecisionComparison found =
      compare_decisions(a_, b_, kStart + 1 * kMinute, kStart + 3 * kMinute);
  EXPECT_EQ(found.rows, 2);
  ASSERT_TRUE(found.first_row);
  EXPECT_EQ(found.first_row->ts, kStart + 3 * kMinute);
  EXPECT_FALSE(compare_decisions(a_, b_, kStart + 1 * kMinute, kStart + 2 * kMinute).first_row);
}

TEST_F(Compare, PutsResultsSideBySide) {
  const auto json = document([](SampleRun& run) { run.info.preset = "B"; });
  EXPECT_EQ(json["unit"], "1m");
  ASSERT_EQ(json["runs"].size(), 2U);
  const auto& other = json["runs"][1];
  EXPECT_EQ(other["run"], b_.string());
  EXPECT_EQ(other["preset"], "B");
  // Sold 99.9 higher than bought, 60.05005 of fees and 6 of funding: sample_run.hpp.
  EXPECT_EQ(other["net"], "33.84995");
  EXPECT_EQ(other["fees"], "60.05005");
  EXPECT_EQ(other["orders"], 2);
  EXPECT_EQ(other["positions"], 1);
  EXPECT_EQ(other["n"], json["runs"][0]["n"]);
  EXPECT_TRUE(json["runs"][0]["against_first"].is_null());
  const auto& against = other["against_first"];
  EXPECT_EQ(against["n"], other["n"]);
  EXPECT_EQ(against["d_mean_bp_day"], 0.0);
  EXPECT_EQ(against["pxd_mean_bp_day"], 0.0);
  EXPECT_TRUE(against["d_t"].is_null());
  EXPECT_EQ(against["note"], "too_short");
  EXPECT_TRUE(against["remarks"].empty());
  EXPECT_TRUE(against["decisions"]["first_row"].is_null());
}

TEST_F(Compare, DoesNotCompareDecisionsOfTwoMarkets) {
  const auto json = document([](SampleRun& run) { run.info.symbol = "ETHUSDT"; });
  const auto& against = json["runs"][1]["against_first"];
  EXPECT_TRUE(against["decisions"].is_null());
  ASSERT_EQ(against["remarks"].size(), 1U);
  EXPECT_EQ(against["remarks"][0],
            "BTCUSDT and ETHUSDT: the markets differ too, decisions are not compared");
  EXPECT_EQ(against["d_mean_bp_day"], 0.0) << "returns are compared all the same";
}

TEST_F(Compare, SaysThatWindowsDifferAndWhatTheyShare) {
  auto json = document([](SampleRun& run) { run.info.to += kMinute; });
  ASSERT_EQ(json["runs"][1]["against_first"]["remarks"].size(), 1U);
  EXPECT_TRUE(json["runs"][1]["against_first"]["remarks"][0].get<std::string>().starts_with(
      "other windows: compared where both have data, "));
  json = document([](SampleRun& run) {
    run.info.from += kDay;
    run.info.to += kDay;
  });
  EXPECT_EQ(json["runs"][1]["against_first"]["remarks"][0],
            "other windows, without a common minute");
  EXPECT_TRUE(json["runs"][1]["against_first"]["decisions"].is_null());
}

TEST_F(Compare, NamesAFolderThatIsNoRun) {
  try {
    (void)read_compared(temporary_.path(), Unit::Hour);
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_NE(std::string{error.what()}.find("is not a run folder"), std::string::npos);
  }
}

}  // namespace
}  // namespace toxvol::study
