#include "toxvol/explain/case.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/run/sample_run.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/run_folder.hpp"

namespace toxvol::explain {
namespace {

using run::test::kStart;
using run::test::SampleRun;
using std::chrono::seconds;

/// The sample run: rows that end at minutes 0 to 4, an entry decided at 1, closed at 3.
class FindCase : public testing::Test {
 protected:
  Case find(
      const Question& question, Duration cadence = kMinute,
      const std::function<void(SampleRun&)>& change = [](SampleRun&) {}) {
    SampleRun sample = run::test::sample_run();
    change(sample);
    run::test::write(sample, temporary_.path() / "x", true);
    return find_case(run::open_run(temporary_.path() / "x"), question, cadence);
  }
  std::string failure(
      const Question& question, Duration cadence = kMinute,
      const std::function<void(SampleRun&)>& change = [](SampleRun&) {}) {
    try {
      (void)find(question, cadence, change);
    } catch (const Error& error) {
      const std::string text = error.what();
      return text.substr(text.find(": ") + 2);
    }
    return "found";
  }
  static Question at(Timestamp ts) { return {.at = ts, .position = {}}; }
  static Question position(std::int64_t number) { return {.at = {}, .position = number}; }

  run::test::TemporaryFolder temporary_;
};

TEST_F(FindCase, TakesTheDecisionAtOrBeforeTheTime) {
  EXPECT_EQ(find(at(kStart + 2 * kMinute)).row, kStart + 2 * kMinute);
  EXPECT_EQ(find(at(kStart + 3 * kMinute - Duration{1})).row, kStart + 2 * kMinute);
  EXPECT_EQ(find(at(kStart + 3 * kMinute), 2 * kMinute).row, kStart + 2 * kMinute)
      << "decisions are two minutes apart";
}

TEST_F(FindCase, FollowsAnEntryToItsPosition) {
  const Case found = find(at(kStart + 1 * kMinute));
  ASSERT_TRUE(found.position);
  EXPECT_EQ(found.position->position, 1);
  EXPECT_EQ(found.orders.size(), 2U) << "in and out";
  EXPECT_EQ(found.fills.size(), 2U);
  EXPECT_EQ(found.commands.size(), 2U);
  EXPECT_EQ(found.end(), found.fills[1].ts_init);
}

TEST_F(FindCase, OfAnotherRowHasNoOrders) {
  const Case found = find(at(kStart + 2 * kMinute));
  EXPECT_TRUE(found.orders.empty());
  EXPECT_FALSE(found.position);
  EXPECT_EQ(found.end(), kStart + 2 * kMinute);
}

TEST_F(FindCase, OfAPositionFindsItsDecision) {
  const Case found = find(position(1));
  EXPECT_EQ(found.row, kStart + 1 * kMinute);
  EXPECT_EQ(found.orders.size(), 2U);
}

TEST_F(FindCase, NamesATimeOutsideOfTheRows) {
  EXPECT_EQ(failure(at(kStart - Duration{1})),
            "--at 2023-12-31T23:59:59.999999999Z: before the first row, 2024-01-01T00:00:00Z; what "
            "lies before only warms up");
  EXPECT_EQ(failure(at(kStart)), "found");
  EXPECT_EQ(failure(at(kStart + 5 * kMinute - Duration{1})), "found");
  EXPECT_EQ(failure(at(kStart + 5 * kMinute)),
            "--at 2024-01-01T00:05:00Z: after the last row, 2024-01-01T00:04:00Z");
}

TEST_F(FindCase, OfATimeInAHoleIsTheDecisionBeforeTheHole) {
  const auto without = [](SampleRun& run) { run.decisions.erase(run.decisions.begin() + 2); };
  const Case found = find(at(kStart + 2 * kMinute + seconds{30}), kMinute, without);
  EXPECT_EQ(found.row, kStart + 1 * kMinute);
  EXPECT_EQ(found.missing, kStart + 2 * kMinute);
  EXPECT_FALSE(find(at(kStart + 1 * kMinute + seconds{59}), kMinute, without).missing);
  // Decisions at 0 and 2; the row at 1 is none.
  EXPECT_EQ(find(at(kStart + 3 * kMinute), 2 * kMinute, without).row, kStart);
}

TEST_F(FindCase, NamesTheFirstDecisionAfterATimeWithoutOne) {
  const auto late = [](SampleRun& run) { run.decisions.erase(run.decisions.begin()); };
  EXPECT_EQ(failure(at(kStart + 1 * kMinute), 2 * kMinute, late),
            "--at 2024-01-01T00:01:00Z: before the first decision, 2024-01-01T00:02:00Z");
  EXPECT_EQ(failure(at(kStart + 1 * kMinute), 5 * kMinute, late), "no row of a decision in it");
  EXPECT_EQ(failure(at(kStart), kMinute, [](SampleRun& run) { run.decisions.clear(); }),
            "no row of a decision in it");
}

TEST_F(FindCase, NamesAPositionThatThereIsNot) {
  EXPECT_EQ(failure(position(2)), "--position 2: no such position; there are 1 to 1");
  EXPECT_EQ(failure(position(1), kMinute, [](SampleRun& run) { run.positions.clear(); }),
            "--position 1: this run took no position");
}

TEST_F(FindCase, OfAnOrderScriptIsItsLastOrder) {
  const auto script = [](SampleRun& run) { run.info.strategy = "script"; };
  const Case found = find(at(kStart + 2 * kMinute), kMinute, script);
  EXPECT_FALSE(found.row);
  ASSERT_TRUE(found.position);
  EXPECT_EQ(found.orders.size(), 2U) << "the whole position";
  EXPECT_FALSE(find(position(1), kMinute, script).row);
  EXPECT_EQ(failure(at(kStart + 1 * kMinute), kMinute, script),
            "--at 2024-01-01T00:01:00Z: the order script had not sent an order then");
}

}  // namespace
}  // namespace toxvol::explain
