#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/report/unpack.hpp"
#include "tests/run/sample_run.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/compression.hpp"
#include "toxvol/evaluate/decay.hpp"
#include "toxvol/evaluate/evaluation.hpp"
#include "toxvol/evaluate/forecasts.hpp"
#include "toxvol/evaluate/vpin.hpp"
#include "toxvol/report/index_page.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_page.hpp"

namespace toxvol::report {

namespace {

namespace fs = std::filesystem;
using columnar::ColumnType;
using run::test::TemporaryFolder;
using std::chrono::hours;
using test::find;

bool has(const Json& text, std::string_view part) {
  return text.get<std::string>().find(part) != std::string::npos;
}

void write_study(const fs::path& folder, const std::string& json) {
  fs::create_directories(folder);
  std::ofstream{folder / "study.json"} << json;
}

/// The page of an evaluation, as `toxvol evaluate` writes it.
Json page_of(const evaluate::Evaluation& evaluation) {
  const TemporaryFolder place;
  write_study(place.path() / "e", evaluate::evaluation_json(evaluation));
  return test::page_json(study_data(place.path() / "e"));
}

const Json& part(const Json& page, std::string_view id) {
  return find(page.at("parts"), "id", id);
}
const Json& figure(const Json& page, std::string_view id, std::string_view name) {
  return find(part(page, id).at("figures"), "id", name);
}

/// Two horizons of pressure, 2 bp of cost; the edge at 60 s is `lo` at least.
evaluate::Evaluation evaluation(double lo) {
  evaluate::Evaluation made;
  made.symbol = "BTCUSDT";
  made.from = run::test::kStart;
  made.to = run::test::kStart + hours{24};
  made.fingerprint = "f00";
  made.rows = 1440;
  made.costs.tier = "VIP0";
  made.costs.cost_bp = 2.0;
  made.costs.sigma_bp = 5.0;
  made.costs.hit = 0.54;
  made.costs.hit_horizon_s = 60;
  made.costs.needed = {{.minutes = 1, .taker_taker = 0.75, .maker_taker = 0.6, .maker_maker = {}}};
  for (const std::int64_t horizon : {60, 3600}) {
    evaluate::DecayRow line{
        .signal = "p", .horizon_s = horizon, .subset = "all", .placebo = "none"};
    line.n = 1000;
    line.hit = horizon == 60 ? 0.8 : 0.5;
    line.edge_bp = horizon == 60 ? lo + 1.0 : 0.5;
    line.lo = horizon == 60 ? lo : 0.1;
    line.hi = horizon == 60 ? lo + 2.0 : 0.9;
    line.cost_bp = 2.0;
    made.decay.push_back(line);
  }
  if (lo >= 2.0) made.costs.crossing_s = 60;
  made.markouts_note = "not_applicable: no entry order rested";
  made.ladder_note = "not_applicable: an order script";
  return made;
}

TEST(EvaluatePage, HasAPanelForEachQuestion) {
  const Json page = page_of(evaluation(1.0));
  EXPECT_EQ(page.at("kind"), "study");
  for (const char* id : {"findings", "forecasts", "compression", "decay", "vpin", "makers", "costs",
                         "horizon", "capacity"}) {
    EXPECT_FALSE(part(page, id).at("title").get<std::string>().empty()) << id;
  }
}

TEST(EvaluatePage, AnEdgeThatIsNotSurelyAboveItsCostIsNoFinding) {
  EXPECT_EQ(
      page_of(evaluation(1.99)).at("headline").at("text"),
      "At none of 2 horizons was what pressure foretold surely above the 2.00 bp that a round "
      "trip costs.");
  EXPECT_EQ(page_of(evaluation(2.0)).at("headline").at("text"),
            "What pressure foretold was surely above the 2.00 bp that a round trip costs at 1 of 2 "
            "horizons, the first after 1 min.");
  EXPECT_EQ(page_of(evaluation(2.0)).at("headline").at("tone"), "none");
}

TEST(EvaluatePage, WithoutAnyDataSaysSo) {
  const evaluate::Evaluation empty{};
  EXPECT_EQ(page_of(empty).at("headline").at("text"),
            "Too little data to say whether the signal was worth its costs.");
}

TEST(EvaluatePage, WhatIsMissingIsToldWithoutTheWordOfANote) {
  const Json page = page_of(evaluation(1.0));
  EXPECT_EQ(page.dump().find("not_applicable"), std::string::npos);
  EXPECT_EQ(part(page, "makers").at("note"),
            "Resting entries: Not measured, because no entry order rested.");
  EXPECT_EQ(figure(page, "capacity", "ladder").at("text"),
            "Other sizes were not tried (an order script).");
}

TEST(EvaluatePage, ForecastsAreAsTheyAreAndScaledWithHarAsTheLine) {
  evaluate::Evaluation made = evaluation(1.0);
  for (const char* model : {"har", "sigma"}) {
    for (const bool is_scaled : {false, true}) {
      evaluate::ForecastRow row{.horizon_min = 15, .model = model, .is_scaled = is_scaled, .n = 50};
      const bool is_har = std::string_view{model} == "har";
      row.qlike = (is_har ? 0.3 : 0.2) + (is_scaled ? 0.05 : 0.0);
      if (!is_har) {
        row.dm_qlike = is_scaled ? -1.0 : -2.5;
        row.p_qlike = is_scaled ? 0.3 : 0.01;
      }
      row.spa_p = 0.2;
      made.forecasts.push_back(row);
    }
  }
  const Json page = page_of(made);
  const Json& losses = figure(page, "forecasts", "qlike-15");
  EXPECT_EQ(losses.at("x").at("names"), Json::array({"har", "sigma"}));
  EXPECT_EQ(losses.at("series").at(0).at("values"), Json::array({0.3, 0.2}));
  EXPECT_EQ(losses.at("series").at(1).at("values"), Json::array({0.35, 0.25}));
  EXPECT_EQ(losses.at("lines").at(0).at("y"), 0.3);
  EXPECT_EQ(losses.at("text"), "The lowest loss is that of sigma: 0.2000; HAR as it is: 0.3000.");
  const Json& tests = figure(page, "forecasts", "dm-15");
  EXPECT_TRUE(has(tests.at("text"), "1 of 2 forecasts lose less than HAR")) << tests.at("text");
  EXPECT_TRUE(has(tests.at("text"), "has a p of 0.200"));
}

TEST(EvaluatePage, CompressionIsInPerCentAboveTheForecast) {
  evaluate::Evaluation made = evaluation(1.0);
  evaluate::Compression one{.forecast = "sigma", .horizon_min = 60, .n = 90};
  one.hourly = {.b = 0.405465108, .se = 0.1, .t = 4.0, .p = 0.001};  // ln 1.5
  one.verdict = "after compression volatility exceeds its forecast by 50.0 %";
  one.deciles.push_back({.forecast = "sigma",
                         .horizon_min = 60,
                         .decile = 10,
                         .n = 40,
                         .ratio = {},
                         .log_ratio = 0.405465108});
  made.compression.push_back(one);
  const Json page = page_of(made);
  const Json& bars = figure(page, "compression", "deciles-sigma-60");
  EXPECT_NEAR(bars.at("series").at(0).at("values").at(0).get<double>(), 50.0, 1e-6);
  const Json& row = part(page, "compression").at("tables").at(0).at("rows").at(0);
  EXPECT_EQ(row.at(7), "50.0");
  EXPECT_EQ(row.at(8), "23.3");  // 100 (e^(ln 1.5 - 0.196) - 1)
}

TEST(EvaluatePage, VpinStandsBesideItsShuffles) {
  evaluate::Evaluation made = evaluation(1.0);
  made.has_trades = true;
  made.vpin.findings[0] = {.target = "ln_variance",
                           .t = 3.0,
                           .gain = 0.01,
                           .permutation_p = 0.4,
                           .origin_t_lo = {},
                           .origin_t_hi = {},
                           .verdict = "it was volume: the signs were not found to matter"};
  made.vpin.findings[1].target = "abs_return";
  for (const int number : {0, 1}) {
    evaluate::VpinRow row{.classifier = "aggressor",
                          .variant = "permutation " + std::to_string(number),
                          .target = "ln_variance",
                          .spec = 3};
    row.t = -2.0 - number;
    made.vpin.lines.push_back(row);
    row.spec = 1;  // another regression has no place here
    made.vpin.lines.push_back(row);
  }
  const Json page = page_of(made);
  const Json& points = figure(page, "vpin", "vpin-ln_variance").at("points");
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points.at(1).at("y"), 3.0);  // its size
  EXPECT_TRUE(has(figure(page, "vpin", "vpin-ln_variance").at("text"),
                  "It was volume: the signs were not found to matter."));
}

TEST(EvaluatePage, TheHorizonPanelComparesWhatWasRightWithWhatHadToBe) {
  const Json page = page_of(evaluation(1.0));
  const Json& lines = figure(page, "horizon", "break-even");
  EXPECT_EQ(lines.at("series").at(0).at("values"), Json::array({80.0}));
  EXPECT_EQ(lines.at("series").at(1).at("values"), Json::array({75.0}));  // two takers
  EXPECT_EQ(lines.at("text"), "It was right often enough at 1 of 1 lengths.");
}

TEST(EvaluatePage, ADamagedDocumentIsAnError) {
  const TemporaryFolder place;
  write_study(place.path(), R"({"kind": "evaluate"})");
  EXPECT_THROW((void)study_data(place.path()), Error);
}

/// `d_lo` to `d_hi`, of `n` hours; the second run's folder is `second`.
std::string comparison(double lo, double hi, int n, const std::string& second = "runs/b") {
  const Json first = {{"run", "runs/a"},
                      {"symbol", "BTCUSDT"},
                      {"from", "2024-01-01T00:00:00Z"},
                      {"to", "2024-01-02T00:00:00Z"},
                      {"preset", "A"},
                      {"synthetic", false},
                      {"net", "-12.5"},
                      {"unit", "1h"},
                      {"n", n},
                      {"sharpe", 3.25},
                      {"against_first", nullptr}};
  Json other = first;
  other["run"] = second;
  other["against_first"] = {{"n", n},
                            {"d_mean_bp_day", (lo + hi) / 2},
                            {"d_lo", lo},
                            {"d_hi", hi},
                            {"d_sharpe", 1.5},
                            {"note", nullptr},
                            {"remarks", Json::array()},
                            {"decisions", nullptr}};
  return Json{{"schema", 1}, {"kind", "compare"}, {"unit", "1h"},
              {"seed", 1},   {"resamples", 99},   {"runs", {first, other}}}
      .dump();
}

/// Two hours of 100 and 110, and 200 and 190.
void write_equity(const fs::path& folder) {
  columnar::TableWriter writer{(folder / "compare_equity.parquet").string(),
                               {{.name = "run", .type = ColumnType::Int64},
                                {.name = "ts", .type = ColumnType::Timestamp},
                                {.name = "equity", .type = ColumnType::Decimal}}};
  const std::int64_t equity[2][2] = {{100, 110}, {200, 190}};
  for (std::int64_t run = 0; run < 2; ++run) {
    for (std::int64_t hour = 0; hour < 2; ++hour) {
      writer.put(run);
      writer.put(run::test::kStart + hours{hour + run});  // the second an hour later
      writer.put(run::test::money_e5(equity[run][hour] * 100'000));
      writer.end_row();
    }
  }
  writer.close();
}

Json compared(const std::string& study) {
  const TemporaryFolder place;
  write_study(place.path() / "c", study);
  write_equity(place.path() / "c");
  return test::page_json(study_data(place.path() / "c"));
}

TEST(ComparePage, ADifferenceWhoseIntervalHoldsZeroIsNotTold) {
  EXPECT_TRUE(has(compared(comparison(-1.0, 5.0, 100)).at("headline").at("text"),
                  "That a and b differ cannot be told from chance: between \u22121.00 and 5.00"));
  EXPECT_TRUE(has(compared(comparison(1.0, 5.0, 100)).at("headline").at("text"),
                  "b earned more than a, between 1.00 and 5.00 bp a day"));
  EXPECT_TRUE(
      has(compared(comparison(-5.0, -1.0, 100)).at("headline").at("text"), "b earned less than a"));
}

TEST(ComparePage, EquityIsInPerCentOfTheStartOnTheHoursOfAnyRun) {
  const Json chart = compared(comparison(1.0, 5.0, 100)).at("chart_data");
  EXPECT_EQ(test::unpack(chart.at("frames").at("hours")), Json::array({0.0, 3600.0, 7200.0}));
  const Json& series = chart.at("charts").at(0).at("series");
  const Json first = test::unpack(series.at(0).at("values"));
  const Json second = test::unpack(series.at(1).at("values"));
  EXPECT_NEAR(first.at(1).get<double>(), 10.0, 1e-9);
  EXPECT_TRUE(first.at(2).is_null());
  EXPECT_TRUE(second.at(0).is_null());
  EXPECT_NEAR(second.at(2).get<double>(), -5.0, 1e-9);
  EXPECT_EQ(series.at(1).at("label"), "b");
}

TEST(ComparePage, ASharpeRatioOfAYearNeedsAMonth) {
  const auto cell = [](int n) {
    return compared(comparison(1.0, 5.0, n))
        .at("parts")
        .at(0)
        .at("tables")
        .at(0)
        .at("rows")
        .at(0)
        .at(6);
  };
  EXPECT_EQ(cell(30 * 24 - 1), "\u2013");
  EXPECT_EQ(cell(30 * 24), "1.50");
}

TEST(ComparePage, FoldersOfOneNameAreCalledByTheirPath) {
  const Json page = compared(comparison(1.0, 5.0, 100, "other/a"));
  EXPECT_EQ(page.at("chart_data").at("charts").at(0).at("series").at(1).at("label"), "other/a");
}

TEST(ComparePage, ARunsMoneyIsInItsColumn) {
  const Json page = compared(comparison(1.0, 5.0, 100));
  std::string net;
  for (const Json& row : part(page, "results").at("tables").at(0).at("rows")) {
    if (row.at(0) == "net, USDT") net = row.at(1);
  }
  EXPECT_EQ(net, "\u221212.50");
}

/// A sweep over two axes of `side` values each; net is `-first + second / 10`.
void write_sweep(const fs::path& folder, int side,
                 const std::string& verdict = R"("verdict": "nothing here")") {
  write_study(folder, R"({"kind": "sweep", "M": 4, "points": {"ok": 4}, )" + verdict + '}');
  columnar::TableWriter writer{
      (folder / "sweep.parquet").string(),
      {{.name = "point", .type = ColumnType::Int64},
       {.name = "first", .type = ColumnType::Text},
       {.name = "second", .type = ColumnType::Text},
       {.name = "config_sha256", .type = ColumnType::Text},
       {.name = "mean_bp_day", .type = ColumnType::Float64, .nullable = true},
       {.name = "status", .type = ColumnType::Text}}};
  std::int64_t point = 0;
  for (int i = 0; i < side; ++i) {
    for (int j = 0; j < side; ++j) {
      writer.put(point++);
      writer.put(std::to_string(i));
      writer.put(std::to_string(j));
      writer.put("c0");
      const bool has_result = i + j > 0;
      writer.put(has_result ? std::optional{-i + j / 10.0} : std::nullopt);
      writer.put(has_result ? "ok" : "failed");
      writer.end_row();
    }
  }
  writer.close();
}

Json lines_of(int side) {
  const TemporaryFolder place;
  write_sweep(place.path() / "s", side);
  return figure(test::page_json(study_data(place.path() / "s")), "lines", "parallel");
}

TEST(SweepPage, IsGreenWhereTheStudySaysThatThereIsAnEdgeWhateverItsWords) {
  const auto tone_of = [](const std::string& verdict) {
    const TemporaryFolder place;
    write_sweep(place.path() / "s", 2, verdict);
    return test::page_json(study_data(place.path() / "s")).at("headline").at("tone");
  };
  EXPECT_EQ(tone_of(R"("edge": true, "verdict": "earns after costs")"), "gain");
  EXPECT_EQ(tone_of(R"("edge": false, "verdict": "an edge after costs of nothing")"), "none");
  EXPECT_EQ(tone_of(R"("verdict": "an edge after costs")"), "none");  // before there was `edge`
}

TEST(SweepPage, EachPointWithAResultIsALineTheBestFirst) {
  const Json lines = lines_of(2);
  EXPECT_EQ(lines.at("axes").at(0).at("label"), "first");
  EXPECT_EQ(lines.at("axes").at(1).at("names"), Json::array({"0", "1"}));
  const Json& paths = lines.at("paths");
  ASSERT_EQ(paths.size(), 3U);  // the failed one has none
  EXPECT_EQ(paths.at(0).at("at"), Json::array({0, 1}));
  EXPECT_EQ(paths.at(0).at("value"), 0.1);
  EXPECT_EQ(paths.at(2).at("text"), "\u22121.00 bp a day: first = 1, second = 0");
  EXPECT_EQ(lines.at("table").at("rows").size(), 3U);
}

TEST(SweepPage, TheNetOfTheBestStandsWithItsOwnInterval) {
  const TemporaryFolder place;
  const fs::path folder = place.path() / "s";
  write_study(folder, R"({"kind": "sweep", "M": 2, "points": {"ok": 2}, "verdict": "nothing here",
    "best": {"axes": {"k": 2}, "net": {"mean_bp_day": 4.0}, "px": {"mean_bp_day": 9.0}}})");
  columnar::TableWriter writer{(folder / "sweep.parquet").string(),
                               {{.name = "point", .type = ColumnType::Int64},
                                {.name = "k", .type = ColumnType::Text},
                                {.name = "config_sha256", .type = ColumnType::Text},
                                {.name = "rank", .type = ColumnType::Int64},
                                {.name = "mean_bp_day", .type = ColumnType::Float64},
                                {.name = "mean_lo", .type = ColumnType::Float64},
                                {.name = "mean_hi", .type = ColumnType::Float64},
                                {.name = "status", .type = ColumnType::Text}}};
  for (const std::int64_t point : {0, 1}) {  // the second is the best
    writer.put(point);
    writer.put(std::to_string(point + 1));
    writer.put("c0");
    writer.put(2 - point);
    writer.put(point == 1 ? 4.0 : 7.0);
    writer.put(point == 1 ? -1.5 : 5.5);
    writer.put(point == 1 ? 9.5 : 8.5);
    writer.put("ok");
    writer.end_row();
  }
  writer.close();
  const Json page = test::page_json(study_data(folder));
  const Json& net = find(page.at("tiles"), "label", "Net of the best, bp a day");
  EXPECT_EQ(net.at("value"), "4.00");
  EXPECT_TRUE(has(net.at("note"), "95 %: \u22121.50 to 9.50; by Sharpe ratio: k = 2")) << net;
}

TEST(SweepPage, ManyPointsAreThinnedFromTheBestToTheWorst) {
  const Json lines = lines_of(21);  // 440 with a result
  const Json& paths = lines.at("paths");
  ASSERT_EQ(paths.size(), 400U);
  EXPECT_EQ(paths.at(0).at("value"), 2.0);
  EXPECT_EQ(paths.at(399).at("value"), -20.0);
  EXPECT_TRUE(has(lines.at("text"), "400 are drawn")) << lines.at("text");
}

TEST(Index, TellsWhatAnEvaluationAndAComparisonCameTo) {
  const TemporaryFolder place;
  evaluate::Evaluation made = evaluation(1.0);
  made.synthetic = true;
  write_study(place.path() / "e", evaluate::evaluation_json(made));
  write_study(place.path() / "c", comparison(1.0, 5.0, 100));
  const Json studies = test::page_json(index_data(place.path())).at("tables").at(1).at("rows");
  EXPECT_TRUE(has(studies.at(0).at(2), "b earned more than a"));
  EXPECT_EQ(studies.at(1).at(1), "evaluate, synthetic");
  EXPECT_TRUE(has(studies.at(1).at(2), "At none of 2 horizons"));
}

}  // namespace

}  // namespace toxvol::report
