#include "toxvol/study/sweep.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/stats/support.hpp"
#include "tests/study/in_turn.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/point_results.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/study_json.hpp"

namespace toxvol::study {
namespace {

/// 240 hours that drift by `mean` an hour, with twelve positions.
Outcome earning(double mean) {
  Outcome outcome;
  outcome.returns.units.net = stats::test::returns();
  for (double& r : outcome.returns.units.net) r += mean - 0.0007742021084;
  outcome.returns.units.px = outcome.returns.units.net;
  outcome.returns.positions.bp.assign(12, 1.0);
  outcome.returns.positions.earned.assign(12, 1.0);
  outcome.returns.positions.traded.assign(12, 1.0);
  outcome.returns.fills = 24;
  return outcome;
}

struct Sweep {
  Design design = parse_design(R"(base = "A"
[[axis]]
key = "exit.k_stop"
values = [1, 2, 3, 4, -5]
)",
                               "d.toml");
  DesignPoints points = points_of(design, {});
  PointResults results;
  std::vector<SweepRow> rows;
  Contest contest;

  Sweep() {
    results.outcomes.emplace(0, earning(-0.0002));
    results.outcomes.emplace(1, earning(0.0008));
    results.outcomes.emplace(3, earning(0.0002));
    for (auto& [number, outcome] : results.outcomes) outcome.trial = std::to_string(number);
    results.failed.emplace(2, "the disk is full");
    rows = sweep_rows(design, points, rows_in_turn(points, results, {.seed = 7}));
    contest = judge(rows, {.seed = 7});
  }
};

TEST(Sweep, RanksByTheSharpeRatioAndLeavesOutWhatHasNone) {
  const Sweep sweep;
  ASSERT_EQ(sweep.rows.size(), 5U);
  EXPECT_EQ(sweep.rows[1].rank, 1);
  EXPECT_EQ(sweep.rows[3].rank, 2);
  EXPECT_EQ(sweep.rows[0].rank, 3);
  EXPECT_EQ(sweep.rows[2].rank, std::nullopt);
  EXPECT_EQ(sweep.contest.trials, 3);
}

TEST(Sweep, TestsEachPointAgainstZeroInItsOwnColumn) {
  const Sweep sweep;
  ASSERT_EQ(sweep.contest.family.t.size(), 3U);
  EXPECT_EQ(sweep.rows[3].t, sweep.contest.family.t[2]) << "the failed point has no column";
  EXPECT_EQ(sweep.rows[3].rw_p, sweep.contest.family.p_one_sided[2]);
  EXPECT_GT(*sweep.rows[1].t, 0.0);
  EXPECT_LT(*sweep.rows[0].t, 0.0);
  EXPECT_EQ(sweep.rows[2].t, std::nullopt);
  EXPECT_LE(*sweep.rows[1].rw_p, 0.01);
}

TEST(Sweep, KeepsRowsOfPointsThatFailedOrWereRefused) {
  const Sweep sweep;
  EXPECT_EQ(sweep.rows[2].result.status, PointStatus::Failed);
  EXPECT_EQ(sweep.rows[2].result.note, "the disk is full");
  EXPECT_EQ(sweep.rows[4].result.status, PointStatus::Invalid);
  EXPECT_NE(sweep.rows[4].result.note->find("exit.k_stop = -5"), std::string::npos);
}

TEST(Sweep, HasAColumnAnAxisBetweenPointAndTheResult) {
  const Sweep sweep;
  std::vector<std::string> names;
  columns(sweep.rows[1],
          [&](const std::string_view name, const auto&) { names.emplace_back(name); });
  EXPECT_EQ(names[0], "point");
  EXPECT_EQ(names[1], "exit.k_stop");
  EXPECT_EQ(names[2], "config_sha256");
  EXPECT_EQ((std::vector<std::string>{names.end() - 5, names.end()}),
            (std::vector<std::string>{"status", "note", "t", "rw_p", "rank"}));
  EXPECT_EQ(sweep.rows[1].axes.front().second, "2");
}

TEST(SweepJson, CountsNamesTheBestAndJudgesIt) {
  const Sweep sweep;
  const auto json = nlohmann::json::parse(sweep_json(
      "abc", design_json(sweep.design, {}, sweep.points), sweep.rows, sweep.contest, {.seed = 7}));
  EXPECT_EQ(json["id"], "abc");
  EXPECT_EQ(json["points"], (nlohmann::json{{"ok", 3}, {"invalid", 1}, {"failed", 1}}));
  EXPECT_EQ(json["M"], 3);
  EXPECT_EQ(json["best"]["point"], 1);
  EXPECT_EQ(json["best"]["axes"], (nlohmann::json{{"exit.k_stop", "2"}}));
  EXPECT_EQ(json["best"]["net"]["sharpe"].get<double>(),
            *sweep.rows[1].result.inference.net.sharpe);
  EXPECT_EQ(json["best"]["net"]["dsr_null"].get<double>(), *sweep.rows[1].result.net.dsr_null);
  EXPECT_EQ(json["design"]["points"].size(), 5U);
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["verdict"], "an edge after costs");
  EXPECT_EQ(json["edge"], true);
}

ResultRow judged(const Outcome& outcome, double dsr_null, double lo, double dsr = 0.99) {
  ResultRow row;
  row.outcome = &outcome;
  row.inference.net.sharpe_range = stats::Range{.lo = lo, .hi = 9.0};
  row.net = {.dsr_null = dsr_null, .dsr = dsr, .dsr_implied = {}};
  return row;
}

// R63, both sides of each bound.
TEST(Verdict, IsAFunctionOfTheBestRunsFigures) {
  const Outcome outcome = earning(0.0);
  Contest contest;
  contest.trials = 12;
  EXPECT_EQ(verdict_of(judged(outcome, 0.95, 0.1), contest).words, "an edge after costs");
  EXPECT_EQ(verdict_of(judged(outcome, 0.949, 0.1), contest).words,
            "positive, but not beyond the luck of 12 tries");
  EXPECT_EQ(verdict_of(judged(outcome, 0.95, 0.0), contest).words,
            "no edge found, before costs or after them");
  contest.pbo.emplace().pbo = 0.5;
  EXPECT_EQ(verdict_of(judged(outcome, 0.95, 0.1), contest).words, "an edge after costs");
  contest.pbo->pbo = 0.51;
  EXPECT_EQ(verdict_of(judged(outcome, 0.95, 0.1), contest).words,
            "positive, but what was best in one half of the time was below the middle of the other "
            "more often than not (PBO 0.51)");
  EXPECT_EQ(verdict_of(judged(outcome, 0.949, 0.1), contest).words,
            "positive, but not beyond the luck of 12 tries");
}

/// What is said after costs is no surer than the interval after costs.
TEST(Verdict, OfAnEdgeBeforeCostsFollowsTheIntervalAfterThem) {
  const Outcome outcome = earning(0.0);
  Contest contest;
  contest.trials = 12;
  const auto said = [&](std::optional<stats::Range> net, double px_lo) {
    ResultRow row = judged(outcome, 0.1, 0.0);
    row.inference.net.sharpe_range = net;
    row.px.dsr_null = 0.95;
    row.inference.px.sharpe_range = stats::Range{.lo = px_lo, .hi = 1.0};
    return verdict_of(row, contest).words;
  };
  const stats::Range below{.lo = -2.0, .hi = -0.1};
  const stats::Range about{.lo = -2.0, .hi = 0.0};
  const stats::Range above{.lo = 0.1, .hi = 2.0};
  EXPECT_EQ(said(below, 0.1), "an edge before costs, eaten by them");
  EXPECT_EQ(said(about, 0.1), "an edge before costs; whether costs leave any of it cannot be told");
  EXPECT_EQ(said({}, 0.1), "an edge before costs; whether costs leave any of it cannot be told");
  EXPECT_EQ(said(above, 0.1),
            "an edge before costs; positive after them, but not beyond the luck of 12 tries");
  EXPECT_EQ(said(below, 0.0), "a loss after costs, and no edge found before them");
  EXPECT_EQ(said(about, 0.0), "no edge found, before costs or after them");
  EXPECT_EQ(said(above, 0.0), "positive, but not beyond the luck of 12 tries");
}

TEST(Verdict, IsAnEdgeOnlyAfterCostsAndSaysSoInStudyJson) {
  const Outcome outcome = earning(0.0);
  const auto edge = [&](double dsr_null, double lo) {
    nlohmann::ordered_json study;
    put(verdict_of(judged(outcome, dsr_null, lo), {}), study);
    return study;
  };
  EXPECT_EQ(edge(0.95, 0.1),
            (nlohmann::ordered_json{{"edge", true}, {"verdict", "an edge after costs"}}));
  EXPECT_EQ(edge(0.949, 0.1)["edge"], false);
  EXPECT_EQ(edge(0.95, 0.0)["edge"], false);
  EXPECT_FALSE(verdict_of({}, {}).is_edge);
}

TEST(Verdict, SaysWhereTheVariantsDifferMoreThanLuck) {
  const Outcome outcome = earning(0.0);
  EXPECT_EQ(verdict_of(judged(outcome, 0.96, 0.1, 0.5), {}).words,
            "an edge after costs; the variants tried differ more than luck alone would make them");
}

TEST(Verdict, NeedsThirtyUnitsAndTenPositions) {
  Outcome outcome = earning(0.0);
  outcome.returns.units.net.resize(30);
  outcome.returns.positions.bp.resize(10);
  EXPECT_EQ(verdict_of(judged(outcome, 0.95, 0.1), {}).words, "an edge after costs");
  outcome.returns.positions.bp.resize(9);
  EXPECT_EQ(verdict_of(judged(outcome, 0.95, 0.1), {}).words, "too little data");
  outcome.returns.positions.bp.resize(10);
  outcome.returns.units.net.resize(29);
  EXPECT_EQ(verdict_of(judged(outcome, 0.95, 0.1), {}).words, "too little data");
}

}  // namespace
}  // namespace toxvol::study
