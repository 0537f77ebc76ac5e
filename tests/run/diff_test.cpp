#include "toxvol/run/diff.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/run/sample_run.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/trading/enums.hpp"

namespace {

using toxvol::run::diff;
using toxvol::run::test::money_e5;
using toxvol::run::test::sample_run;
using toxvol::run::test::SampleRun;
using toxvol::run::test::TemporaryFolder;
using toxvol::run::test::write;

std::vector<std::string> difference(const std::function<void(SampleRun&)>& change) {
  const TemporaryFolder temporary;
  SampleRun other = sample_run();
  change(other);
  write(sample_run(), temporary.path() / "a");
  write(other, temporary.path() / "b");
  return diff(temporary.path() / "a", temporary.path() / "b");
}

TEST(Diff, OfEqualRunsIsEmptyWhoeverRanThem) {
  EXPECT_TRUE(difference([](SampleRun& run) { run.timing.host = "other"; }).empty());
}

TEST(Diff, NamesTheFirstDifferentValueOfATable) {
  const auto lines = difference([](SampleRun& run) {
    run.fills[1].fee = money_e5(1);
    run.fills[1].rule = toxvol::trading::FillRule::None;
  });
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], "fills.parquet: row 2 (fill_id 2): fee is 30.05 in A, 0.00001 in B");
  EXPECT_NE(lines[1].find("run.json: fingerprint is "), std::string::npos);
}

TEST(Diff, TellsNullFromZero) {
  const auto lines = difference([](SampleRun& run) { run.decisions[2].factors.toxicity.t = 0.0; });
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0], "decisions.parquet: row 3 (ts 2024-01-01T00:02:00Z): t is null in A, 0 in B");
}

TEST(Diff, CountsRowsThatAreMissing) {
  const auto lines = difference([](SampleRun& run) { run.equity.pop_back(); });
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0], "equity.parquet: 9 rows in A, 8 in B; equal up to row 8");
}

TEST(Diff, NamesTheKeyOfADocument) {
  const auto lines = difference([](SampleRun& run) {
    run.info.config_json = R"({"run": {"symbol": "BTCUSDT", "seed": 2}, "z": {"clip": 5.0}})";
    run.info.quality["TRADE_ID_GAP"] = 4;
  });
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], "run.json: config.run.seed is 1 in A, 2 in B");
  EXPECT_EQ(lines[1], "summary.json: quality.TRADE_ID_GAP is 3 in A, 4 in B");
}

TEST(Diff, NamesAFileThatIsMissing) {
  const TemporaryFolder temporary;
  write(sample_run(), temporary.path() / "a");
  write(sample_run(), temporary.path() / "b");
  std::filesystem::remove(temporary.path() / "b" / "orders.parquet");
  const auto lines = diff(temporary.path() / "a", temporary.path() / "b");
  EXPECT_EQ(lines, std::vector<std::string>{"orders.parquet is in A only"});
}

TEST(Diff, RefusesAFolderThatIsNoRun) {
  const TemporaryFolder temporary;
  write(sample_run(), temporary.path() / "a");
  EXPECT_THROW(static_cast<void>(diff(temporary.path() / "a", temporary.path())), toxvol::Error);
}

}  // namespace
