#include "toxvol/study/verify.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/run/sample_run.hpp"
#include "tests/study/recorded_run.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::study {
namespace {

using Json = nlohmann::ordered_json;
using Lines = std::vector<std::string>;

/// What is said of inference.json alone.
Lines verify_inference(const std::filesystem::path& folder) {
  Lines lines = verify(folder);
  std::erase_if(lines, [](const std::string& line) { return !line.starts_with("inference.json"); });
  return lines;
}

/// What is said of a sound run after somebody edited its inference.json.
Lines verdict(const std::function<void(Json&)>& change) {
  const run::test::TemporaryFolder temporary;
  test::record(run::test::sample_run(), temporary.path() / "x");
  const auto path = temporary.path() / "x" / "inference.json";
  Json json = Json::parse(run::test::read_text(path));
  change(json);
  std::ofstream{path} << json.dump();
  return verify(temporary.path() / "x");
}

TEST(Verify, FindsNothingInASoundInference) {
  EXPECT_EQ(verdict([](Json&) {}), Lines{});
}

TEST(Verify, MakesTheIntervalsInTheWayThatIsSaid) {
  auto days = run::test::sample_run();
  days.equity.back().ts += std::chrono::hours{40};
  const run::test::TemporaryFolder temporary;
  const std::filesystem::path folder = temporary.path() / "x";
  test::record(days, folder, {}, stats::IntervalMethod::FixedB);
  EXPECT_EQ(verify_inference(folder), Lines{});
  Json json = Json::parse(run::test::read_text(folder / "inference.json"));
  ASSERT_EQ(json["interval"], "fixed_b");
  ASSERT_FALSE(json["net"]["mean_lo"].is_null());
  json.erase("interval");
  std::ofstream{folder / "inference.json"} << json.dump();
  const auto finds_the_interval = [&] {
    const Lines found = verify_inference(folder);
    return !found.empty() && found[0].starts_with("inference.json: net.mean_lo is ");
  };
  EXPECT_TRUE(finds_the_interval());
  json["interval"] = "bca";
  std::ofstream{folder / "inference.json"} << json.dump();
  EXPECT_TRUE(finds_the_interval()) << "a way that there is not";
}

TEST(Verify, NamesTheFigureThatTheTablesDoNotMake) {
  EXPECT_EQ(verdict([](Json& json) { json["positions"]["n"] = 2; }),
            (Lines{"inference.json: positions.n is 2, the tables make it 1"}));
  EXPECT_EQ(verdict([](Json& json) { json["net"]["psr"] = 0.99; }),
            (Lines{"inference.json: net.psr is 0.99, the tables make it null"}));
}

TEST(Verify, NamesFiguresThatAreTooManyOrAbsent) {
  EXPECT_EQ(verdict([](Json& json) {
              json["px"].erase("se_nw");
              json["luck"] = 1;
            }),
            (Lines{"inference.json: px.se_nw is absent", "inference.json: unknown key luck"}));
}

TEST(Verify, AsksForTheDocument) {
  const run::test::TemporaryFolder temporary;
  run::test::write(run::test::sample_run(), temporary.path() / "x");
  const Lines lines = verify(temporary.path() / "x");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].find("inference.json: "), 0U) << lines[0];
  std::ofstream{temporary.path() / "x" / "inference.json"} << "[1";
  EXPECT_EQ(verify(temporary.path() / "x"), (Lines{"inference.json: not a JSON object"}));
}

TEST(Verify, SaysWhatIsWrongWithTheRestToo) {
  const run::test::TemporaryFolder temporary;
  test::record(run::test::sample_run(), temporary.path() / "x");
  std::filesystem::remove(temporary.path() / "x" / "summary.json");
  EXPECT_EQ(verify(temporary.path() / "x").size(), 1U);
}

}  // namespace
}  // namespace toxvol::study
