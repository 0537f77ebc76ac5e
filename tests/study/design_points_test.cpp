#include "toxvol/study/design_points.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/study/values.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {
namespace {

using KeyChanges = std::vector<std::pair<std::string, std::string>>;
using Rows = std::vector<std::vector<std::string>>;

DesignPoints points(const std::string& toml, const PointOptions& options = {}) {
  return points_of(parse_design(toml, "d.toml"), options);
}

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

Rows rows(const DesignPoints& made) {
  Rows result;
  for (const Point& point : made.points) result.push_back(point.axes);
  return result;
}

constexpr Inputs kKlines{.bars = true};

TEST(Points, HaveThePresetOfTheirBase) {
  const std::string axis = "[[axis]]\nkey = \"exit.k_stop\"\nvalues = [1, 3]\n";
  for (const char* name : {"A", "B"}) {
    const auto made = points(std::string{"base = \""} + name + "\"\n" + axis);
    EXPECT_EQ(made.base.preset, name);
    EXPECT_EQ(made.points[0].config.preset, name);
  }
  const auto base = config::parse("[exit]\nk_stop = 2\n", "presets/A.toml");
  EXPECT_EQ(points(axis, {.base = base}).base.preset, "");
}

TEST(Grid, RunsItsLastAxisFastestAndResolvesEachPoint) {
  const auto made = points(R"(base = "A"
[[axis]]
key = "exit.k_stop"
values = [1, 3]
[[axis]]
key = "toxicity.gate"
values = ["hard", "scale"]
)");
  EXPECT_EQ(
      rows(made),
      (Rows{{"1", R"("hard")"}, {"1", R"("scale")"}, {"3", R"("hard")"}, {"3", R"("scale")"}}));
  EXPECT_EQ(made.points[2].config.strategy.exit.k_stop, 3.0);
  EXPECT_EQ(made.points[1].changes,
            (KeyChanges{{"toxicity.gate", R"("scale")"}, {"exit.k_stop", "1.0"}}));
  EXPECT_EQ(made.points[2].changes, (KeyChanges{{"exit.k_stop", "3.0"}}));
  EXPECT_EQ(config::preset_names().size(), 4U);
}

TEST(Grid, WithoutAnAxisIsTheBaseAlone) {
  const auto made = points("base = \"B\"\nset = { \"exit.k_stop\" = 3 }\n");
  ASSERT_EQ(made.points.size(), 1U);
  EXPECT_TRUE(made.points.front().changes.empty());
  config::Config wanted = config::preset("B");
  config::set(wanted, "exit.k_stop=3");
  EXPECT_EQ(config::to_toml(made.points.front().config), config::to_toml(wanted));
  EXPECT_EQ(config::to_toml(made.base), config::to_toml(wanted));
}

// R28, by an independent implementation: seed 7, sizes 3 5 4 7.
std::string of_sizes(const std::string& kind, int points) {
  return "base = \"A\"\ndesign = \"" + kind + "\"\npoints = " + std::to_string(points) + R"(
[[axis]]
key = "exit.k_stop"
values = [10, 11, 12]
[[axis]]
key = "exit.k_tp"
values = [10, 11, 12, 13, 14]
[[axis]]
key = "z.clip"
values = [10, 11, 12, 13]
[[axis]]
key = "size.max_leverage"
values = [10, 11, 12, 13, 14, 15, 16]
)";
}

Rows tens_and(const std::vector<std::vector<int>>& indices) {
  Rows result;
  for (const auto& point : indices) {
    std::vector<std::string> row;
    row.reserve(point.size());
    for (const int i : point) row.push_back(std::to_string(10 + i));
    result.push_back(row);
  }
  return result;
}

TEST(Sobol, HasTheWorkedPoints) {
  EXPECT_EQ(rows(points(of_sizes("sobol", 8), {.seed = 7})), tens_and({{2, 2, 1, 5},
                                                                       {0, 0, 3, 2},
                                                                       {0, 3, 0, 3},
                                                                       {1, 1, 2, 0},
                                                                       {1, 4, 3, 1},
                                                                       {0, 1, 1, 4},
                                                                       {1, 3, 2, 2},
                                                                       {2, 0, 0, 6}}));
}

TEST(Random, HasTheWorkedPoints) {
  EXPECT_EQ(rows(points(of_sizes("random", 4), {.seed = 7})),
            tens_and({{1, 4, 1, 0}, {1, 0, 0, 2}, {2, 4, 3, 0}, {0, 1, 2, 5}}));
}

// R29: no more are drawn; who stays keeps its index.
TEST(Points, OfEqualConfigurationsTheFirstStaysWithItsIndex) {
  const auto made = points(R"(base = "A"
design = "random"
points = 50
[[axis]]
key = "exit.k_stop"
values = [1, 1.0, 3]
)");
  ASSERT_EQ(made.points.size(), 2U) << "1 and 1.0 are one value";
  EXPECT_EQ(made.points[0].index, 0U);
  EXPECT_GE(made.points[1].index, 1U);
}

TEST(Points, ThatTheConfigurationRefusesAreInvalidAndSayWhy) {
  const auto made = points(R"(base = "A"
[[axis]]
key = "crowding.theta"
values = [0.25, 1.0]
[[axis]]
key = "exit.k_stop"
values = [2, -1]
)");
  ASSERT_EQ(made.points.size(), 4U);
  EXPECT_EQ(made.points[0].status, PointStatus::Invalid);
  EXPECT_NE(
      made.points[0].message.find("crowding.theta_exit = 0.5: must not exceed crowding.theta"),
      std::string::npos)
      << made.points[0].message;
  EXPECT_EQ(made.points[2].status, PointStatus::Ok);
  EXPECT_EQ(made.points[3].status, PointStatus::Invalid);
  EXPECT_TRUE(made.points[3].message.starts_with("d.toml:7: exit.k_stop = -1: expected"))
      << made.points[3].message;
  EXPECT_EQ(made.points[3].axes, (std::vector<std::string>{"1.0", "-1"}));
}

TEST(Points, AreAnErrorWhereNoneCanRun) {
  EXPECT_EQ(refusal([] {
              static_cast<void>(
                  points("base = \"A\"\n[[axis]]\nkey = \"toxicity.gate\"\nvalues = "
                         "[\"hardd\"]\n"));
            }),
            "d.toml:4: toxicity.gate = \"hardd\": expected one of hard | scale; no point of d.toml "
            "can be run");
}

TEST(Derive, IsExactInDecimalsAndDurations) {
  const auto made = points(R"(base = "A"
[[axis]]
key = "crowding.theta"
values = [1.1, 3]
[[axis]]
key = "exit.horizon"
values = ["15m", "20m"]
[[derive]]
key = "crowding.theta_exit"
of = "crowding.theta"
times = "0.1"
[[derive]]
key = "exit.max_hold"
of = "exit.horizon"
times = "2.5"
)");
  EXPECT_EQ(made.points[0].config.strategy.factors.crowding.theta_exit, 0.11)
      << "in doubles 1.1 × 0.1 is 0.11000000000000001";
  EXPECT_EQ(made.points[2].config.strategy.factors.crowding.theta_exit, 0.3);
  EXPECT_EQ(made.points[1].config.strategy.exit.max_hold, std::chrono::minutes{50});
  const Point& odd = made.points[0];  // 37 m 30 s
  EXPECT_EQ(odd.config.strategy.exit.max_hold, std::chrono::seconds{2250});
}

TEST(Derive, OfAWordMakesThePointInvalid) {
  const std::string told = refusal([] {
    static_cast<void>(points(R"(base = "A"
[[derive]]
key = "exit.k_stop"
of = "toxicity.gate"
times = "2"
)"));
  });
  EXPECT_TRUE(
      told.starts_with("d.toml:2: exit.k_stop = toxicity.gate × 2 (\"hard\"): expected a "
                       "number or a duration"))
      << told;
}

TEST(List, ChangesTheBaseByEachVariant) {
  const auto made = points(R"(base = "A"
[[variant]]
name = "half"
group = "exit"
times = { "exit.horizon" = "0.5", "exit.k_stop" = "1.5" }
[[variant]]
name = "plain"
set = { "entry.order" = "market" }
[[variant]]
name = "again"
set = { "exit.k_tp" = 1.5 }
)");
  ASSERT_EQ(made.points.size(), 3U);
  EXPECT_EQ(made.points[0].name, "half");
  EXPECT_EQ(made.points[0].group, "exit");
  EXPECT_EQ(made.points[0].changes,
            (KeyChanges{{"exit.horizon", R"("7m")"}, {"exit.k_stop", "3.0"}}))
      << "seven and a half minutes, down";
  EXPECT_FALSE(made.points[1].same_as);
  EXPECT_EQ(made.points[2].same_as, 1U) << "both are the base";
  EXPECT_TRUE(made.points[2].changes.empty());
}

TEST(List, AWholeFileIsAnotherStrategyInTheSameWorld) {
  const auto made = points(R"(base = "A"
set = { "exchange.queue" = "optimistic", "exit.k_stop" = 3 }
[[variant]]
name = "b"
base = "B"
)");
  config::Config wanted = config::preset("B");
  config::set(wanted, "exchange.queue=optimistic");
  config::set(wanted, "exit.k_stop=3");
  EXPECT_EQ(config::to_toml(made.points.front().config), config::to_toml(wanted));
}

TEST(List, AddsWhatAConditionOnTheBaseAsksFor) {
  const std::string list = R"([[variant]]
name = "z"
set = { "z.clip" = 3 }
when = [{ key = "volatility.half_life_long", is = "24h", set = { "z.clip" = 4 } }]
)";
  EXPECT_EQ(points("base = \"C\"\n" + list).points.front().config.strategy.factors.z.clip, 4.0);
  EXPECT_EQ(points("base = \"A\"\n" + list).points.front().config.strategy.factors.z.clip, 3.0);
}

TEST(List, TakesKindsFromThoseInUse) {
  const std::string list = R"(base = "A"
[[variant]]
name = "klines_only"
group = "world"
without = ["quotes", "trades"]
)";
  const auto with_all = points(list, {.inputs = kAll});
  EXPECT_EQ(with_all.points.front().config.inputs,
            (Inputs{.bars = true, .metrics = true, .funding = true}));
  const auto with_klines = points(list, {.inputs = kKlines});
  EXPECT_EQ(with_klines.points.front().config.inputs, kKlines);
}

TEST(List, IsNotApplicableWithoutWhatAVariantNeeds) {
  const std::string list = R"(base = "A"
[[variant]]
name = "obi_off"
set = { "pressure.weights" = [0, 1, 1] }
needs = ["quotes", "metrics"]
)";
  EXPECT_EQ(points(list, {.inputs = kAll}).points.front().status, PointStatus::Ok);
  EXPECT_EQ(points(list).points.front().status, PointStatus::Ok) << "nothing is known";
  const auto made = points(list, {.inputs = kKlines});
  EXPECT_EQ(made.points.front().status, PointStatus::NotApplicable);
  EXPECT_EQ(made.points.front().message, "needs bookTicker and metrics");
}

TEST(List, LeavesOutTheExtraGroupUnlessAsked) {
  const std::string list = R"(base = "A"
[[variant]]
name = "a"
group = "gate"
set = { "exit.k_stop" = 1 }
[[variant]]
name = "b"
group = "extra"
set = { "exit.k_stop" = 4 }
)";
  const auto names = [&](const std::vector<std::string>& groups) {
    std::string all;
    for (const Point& point : points(list, {.groups = groups}).points) all += point.name;
    return all;
  };
  EXPECT_EQ(names({}), "a");
  EXPECT_EQ(names({"extra"}), "b");
  EXPECT_EQ(names({"gate", "extra"}), "ab");
  EXPECT_EQ(points(list, {.groups = {"extra"}}).points.front().index, 1U);
  EXPECT_EQ(refusal([&] { static_cast<void>(names({"gates"})); }),
            "--groups gates: no such group in d.toml; did you mean gate? It has gate, extra");
}

TEST(Base, IsAPresetOrAFileBesideTheDesignOrGiven) {
  const auto folder = std::filesystem::path{testing::TempDir()} / "toxvol_design_base";
  std::filesystem::create_directories(folder);
  io::write_file_atomically(folder / "mine.toml", "[exit]\nk_stop = 2.5\n");
  const auto made =
      points_of(parse_design("base = \"mine.toml\"\n", (folder / "d.toml").string()), {});
  EXPECT_EQ(made.base.strategy.exit.k_stop, 2.5);
  EXPECT_EQ(config::to_toml(points("base = \"A\"\n", {.base = config::preset("C")}).base),
            config::to_toml(config::preset("C")));
  EXPECT_EQ(refusal([] { static_cast<void>(points("")); }),
            "d.toml: no base; add a line such as base = \"A\"");
  EXPECT_EQ(
      refusal([] { static_cast<void>(points("\nbase = \"D\"\n")); }),
      "d.toml:2: base = \"D\": neither a preset (A, B, C, short) nor a file beside the design");
  std::filesystem::remove_all(folder);
}

TEST(DesignJson, SaysAllThatThePointsDependOnAndNoPath) {
  const std::string toml = R"(base = "A"
[[axis]]
key = "exit.k_stop"
values = [1, -1]
[walkforward]
test = "1d"
)";
  const auto text_of = [&](const std::string& file, const PointOptions& options) {
    const Design design = parse_design(toml, file);
    return design_json(design, options, points_of(design, options));
  };
  const std::string text = text_of("d.toml", {});
  EXPECT_EQ(text, text_of("elsewhere/e.toml", {}));
  EXPECT_NE(text, text_of("d.toml", {.seed = 2}));
  EXPECT_NE(text, text_of("d.toml", {.base = config::preset("B")}));
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["design"], "grid");
  EXPECT_EQ(json["seed"], 1);
  EXPECT_EQ(json["base"]["exit"]["k_stop"], 2.0);
  EXPECT_EQ(json["walkforward"]["test"], "1d");
  EXPECT_EQ(json["walkforward"]["fit"], nlohmann::json::array({"quantiles"}));
  EXPECT_EQ(json["points"][0],
            (nlohmann::json{
                {"point", 0}, {"status", "ok"}, {"axes", {"1"}}, {"set", {{"exit.k_stop", 1.0}}}}));
  EXPECT_EQ(json["points"][1]["status"], "invalid");
}

}  // namespace
}  // namespace toxvol::study
