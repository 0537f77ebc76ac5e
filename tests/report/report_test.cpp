#include "toxvol/report/report.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/report/unpack.hpp"
#include "tests/run/sample_run.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/report/page.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

namespace fs = std::filesystem;
using run::test::SampleRun;
using run::test::TemporaryFolder;

constexpr const char* kBaseline =
    R"({"run": {"symbol": "BTCUSDT", "seed": 7}, "z": {"clip": 5.0}})";

Json data_of(const fs::path& folder) {
  return test::page_json(page_data(folder, {.baseline_config = kBaseline, .presets = {}}));
}

Json data_of(const SampleRun& sample) {
  const TemporaryFolder place;
  run::test::write(sample, place.path() / "run");
  return data_of(place.path() / "run");
}

/// The sample run (docs of tests/run/sample_run.hpp) with nothing traded.
SampleRun idle_run() {
  SampleRun sample = run::test::sample_run();
  sample.orders.clear();
  sample.commands.clear();
  sample.fills.clear();
  sample.positions.clear();
  std::erase_if(sample.equity, [](const trading::EquityRecord& row) {
    return row.cause == trading::EquityCause::Fill || row.cause == trading::EquityCause::Funding;
  });
  std::int64_t seq = 0;
  for (trading::EquityRecord& row : sample.equity) {
    trading::EquityRecord idle;
    idle.seq = seq++;
    idle.ts = row.ts;
    idle.cause = row.cause;
    idle.equity = run::test::money_e5(10'000'000'000);
    row = idle;
  }
  for (strategy::DecisionRow& row : sample.decisions) {
    row.position = {};
    if (row.reason == trading::Reason::EnterLong || row.reason == trading::Reason::InPosition) {
      row.reason = trading::Reason::Toxic;
      row.alpha = trading::Alpha::None;
      row.direction.reset();
    }
  }
  return sample;
}

const Json& chart(const Json& data, std::string_view id) {
  for (const Json& chart : data.at("chart_data").at("charts")) {
    if (chart.at("id") == id) return chart;
  }
  throw Error("no such chart");
}

Json series(const Json& data, std::string_view id, std::size_t index) {
  return test::unpack(chart(data, id).at("series").at(index).at("values"));
}

bool has_badge(const Json& data, std::string_view text) {
  const Json& badges = data.at("badges");
  return std::any_of(badges.begin(), badges.end(),
                     [text](const Json& badge) { return badge.at("text") == text; });
}

bool has_note(const Json& data, std::string_view part) {
  const Json& notes = data.at("headline").at("notes");
  return std::any_of(notes.begin(), notes.end(), [part](const Json& note) {
    return note.get<std::string>().find(part) != std::string::npos;
  });
}

TEST(Report, OfAnOrderScriptHasABadgeAndNoFunnel) {
  SampleRun sample = run::test::sample_run();
  EXPECT_FALSE(data_of(sample).at("funnel").empty());
  sample.info.strategy = "script";
  const Json data = data_of(sample);
  EXPECT_TRUE(data.at("funnel").empty());
  EXPECT_TRUE(data.at("reasons").empty());
  EXPECT_EQ(data.at("badges").at(0).at("text"), "ORDER SCRIPT");
  EXPECT_NE(data.at("command").get<std::string>().find("--orders SCRIPT"), std::string::npos);
}

TEST(Report, ExplainsThePresetAndWarnsOfOneForExercise) {
  const TemporaryFolder place;
  SampleRun sample = run::test::sample_run();
  sample.info.preset = "quick";
  run::test::write(sample, place.path() / "run");
  const auto data = [&](bool exercise) {
    return test::page_json(page_data(
        place.path() / "run",
        {.baseline_config = kBaseline,
         .presets = {{.name = "quick", .text = "quick (a test's)", .exercise = exercise}}}));
  };
  const auto has = [](const Json& list, const char* key, const char* value) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Json& one) { return one.at(key) == value; });
  };
  EXPECT_TRUE(has(data(true).at("badges"), "text", "PRESET: quick"));
  EXPECT_FALSE(has(data(false).at("badges"), "text", "PRESET: quick"));
  EXPECT_TRUE(has(data(false).at("identity"), "value", "quick (a test's)"));
}

// By hand: realised 99.90, fees 60.05005, funding −6, slippage 0.10; so gross 100.00 and
// net 33.84995.
TEST(Report, SaysWhatTheSummarySays) {
  const Json data = data_of(run::test::sample_run());
  const Json& bars = data.at("waterfall").at("bars");
  ASSERT_EQ(bars.size(), 5U);
  EXPECT_EQ(bars[0].at("value"), "+100.00");
  EXPECT_EQ(bars[1].at("value"), "\u22120.10");
  EXPECT_EQ(bars[2].at("value"), "\u221260.05");
  EXPECT_EQ(bars[3].at("value"), "\u22126.00");
  EXPECT_EQ(bars[4].at("value"), "+33.85");
  EXPECT_EQ(data.at("headline").at("text"),
            "A net gain of 33.85 USDT (+0.03\u202f%) after fees, slippage and funding, from 1 "
            "position.");
  EXPECT_TRUE(has_note(data, "1 position is too few"));
  EXPECT_EQ(data.at("funnel").at(0).at("value"), "5");
}

TEST(Report, TheWaterfallStepsFromGrossToNet) {
  const Json bars = data_of(run::test::sample_run()).at("waterfall").at("bars");
  const auto end = [&](std::size_t i) {
    return bars[i].at("left").get<double>() + bars[i].at("width").get<double>();
  };
  EXPECT_EQ(bars[0].at("left"), 0.0);
  EXPECT_EQ(end(0), 100.0);
  EXPECT_NEAR(end(1), 100.0, 0.011);  // a cost hangs from where the step before ended
  EXPECT_NEAR(end(2), bars[1].at("left").get<double>(), 0.011);
  EXPECT_NEAR(end(3), bars[2].at("left").get<double>(), 0.011);
  EXPECT_NEAR(end(4), bars[3].at("left").get<double>(), 0.011);  // what is left is the net result
}

TEST(Report, TheComponentsOfEveryPointAddUpToItsEquity) {
  const Json data = data_of(run::test::sample_run());
  const Json equity = series(data, "equity", 0);
  ASSERT_EQ(equity.size(), 9U);
  for (std::size_t i = 0; i < equity.size(); ++i) {
    double sum = 100'000.0;
    for (std::size_t part = 0; part < 4; ++part) {
      sum += series(data, "components", part).at(i).get<double>();
    }
    EXPECT_NEAR(sum, equity[i].get<double>(), 0.025) << i;  // five roundings to cents
    EXPECT_NEAR(100'000.0 + series(data, "components", 4).at(i).get<double>(),
                equity[i].get<double>(), 0.011)
        << i;
  }
  EXPECT_EQ(equity.back(), 100'033.85);
}

TEST(Report, SlippageCountsFromTheRowOfItsFillOn) {
  const Json data = data_of(run::test::sample_run());
  EXPECT_EQ(series(data, "components", 1),
            Json::parse("[0, 0, -0.05, -0.05, -0.05, -0.05, -0.1, -0.1, -0.1]"));
}

TEST(Report, AFactorWithoutAValueIsNullInItsChart) {
  const Json data = data_of(run::test::sample_run());
  EXPECT_EQ(series(data, "p", 0), Json::parse("[null, 1.5, 1.5, 1.5, 1.5]"));
  EXPECT_EQ(series(data, "sigma", 0).at(0), 6.0);  // bp
  EXPECT_EQ(series(data, "price", 0).at(0), 60'000.1);
}

// The window begins a minute before the first decision.
TEST(Report, ShadesTheToxicMinute) {
  const Json data = data_of(run::test::sample_run());
  const Json& bands = chart(data, "t").at("bands");
  ASSERT_EQ(bands.size(), 1U);
  EXPECT_EQ(bands[0].at("ranges"), Json::parse("[[240.0, 300.0]]"));
}

TEST(Report, MarksEntryAndExitOfAPosition) {
  const Json data = data_of(run::test::sample_run());
  const Json& rows = data.at("chart_data").at("marks").at("rows");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("id"), "P-1");
  EXPECT_EQ(rows[0].at("t"), Json::parse("[120.031, 240.031]"));
  EXPECT_EQ(rows[0].at("price"), Json::parse("[60000.1, 60100.0]"));
  EXPECT_EQ(rows[0].at("stop"), 59'900.0);
  EXPECT_EQ(rows[0].at("target"), nullptr);
}

TEST(Report, ARunWithoutPositionsExplainsItselfByTheFunnel) {
  const Json data = data_of(idle_run());
  EXPECT_EQ(data.at("headline").at("text"), "No position was taken: there is no result to judge.");
  EXPECT_EQ(data.at("headline").at("tone"), "none");
  EXPECT_TRUE(has_note(data, "The funnel ends at"));
  EXPECT_TRUE(has_note(data, "Most frequent reason: toxic (3)"));
  EXPECT_TRUE(data.at("positions").at("rows").empty());
}

TEST(Report, LabelsWhatMustBeKnownBeforeTheNumbers) {
  const Json plain = data_of(run::test::sample_run());
  for (const char* text :
       {"SYNTHETIC DATA", "OPTIMISTIC BOUND: same close", "OPTIMISTIC BOUND: no queue",
        "IN-SAMPLE THRESHOLDS", "INFERRED INSTRUMENT"}) {
    EXPECT_FALSE(has_badge(plain, text)) << text;
  }
  EXPECT_TRUE(has_badge(plain, "OVERDUE: metrics"));

  SampleRun sample = run::test::sample_run();
  sample.info.synthetic = true;
  sample.info.instrument.inferred = true;
  sample.info.config_json = R"({"entry": {"fill": "same_close"},
    "exchange": {"queue": "optimistic"}, "thresholds": {"fit": "sample"}})";
  const Json labelled = data_of(sample);
  for (const char* text :
       {"SYNTHETIC DATA", "OPTIMISTIC BOUND: same close", "OPTIMISTIC BOUND: no queue",
        "IN-SAMPLE THRESHOLDS", "INFERRED INSTRUMENT"}) {
    EXPECT_TRUE(has_badge(labelled, text)) << text;
  }
  EXPECT_TRUE(has_note(labelled, "take it for an upper bound"));
  EXPECT_FALSE(has_note(plain, "take it for an upper bound"));
}

TEST(Report, SaysWhatWasPlantedInASyntheticMarket) {
  SampleRun sample = run::test::sample_run();
  const auto notes_of = [](const SampleRun& made, const std::string& label) {
    const TemporaryFolder place;
    run::test::write(made, place.path() / "run");
    return test::page_json(page_data(
        place.path() / "run",
        {.baseline_config = kBaseline, .presets = {}, .market = {}, .synthetic_label = label}));
  };
  const std::string momentum = R"({"plant": "momentum", "edge_bp": 60})";
  EXPECT_FALSE(has_note(notes_of(sample, momentum), "Planted in it"));  // a real market
  sample.info.synthetic = true;
  EXPECT_TRUE(
      has_note(notes_of(sample, momentum), "Planted in it: where volatility is compressed"));
  EXPECT_TRUE(has_note(notes_of(sample, momentum), "60.0 bp"));
  EXPECT_TRUE(has_note(notes_of(sample, R"({"plant": "crowding", "edge_bp": 40.5})"), "crowded"));
  EXPECT_TRUE(
      has_note(notes_of(sample, R"({"plant": "none", "edge_bp": 0})"), "Nothing was planted"));
  for (const char* damaged :
       {"", "{", "[]", R"({"plant": 3, "edge_bp": 1})", R"({"plant": "none"})"}) {
    EXPECT_FALSE(has_note(notes_of(sample, damaged), "lanted")) << damaged;
    EXPECT_TRUE(has_note(notes_of(sample, damaged), "market is synthetic")) << damaged;
  }
}

TEST(Report, APositionOpenAtTheEndDoesNotFlatterTheHeadline) {
  // The exit never came, and the mark fell to 59 000: 30.00005 of fees, 6 of funding and 1 000.10
  // of price are lost, while the realised part of it has no price in it.
  SampleRun sample = run::test::sample_run();
  sample.orders.pop_back();
  sample.commands.pop_back();
  sample.fills.pop_back();
  trading::PositionRecord& position = sample.positions[0];
  position.ts_close.reset();
  position.avg_exit.reset();
  position.exit_role.reset();
  position.n_fills = 1;
  position.realised = {};
  position.fees = run::test::money_e5(3'000'005);
  position.slippage = run::test::money_e5(5'000);
  std::erase_if(sample.equity, [](const trading::EquityRecord& row) { return row.seq == 6; });
  for (trading::EquityRecord& row : sample.equity) {
    if (row.seq < 7) continue;
    row.mark = 59'000.0;
    row.position = run::test::btc(1);
    row.realised = {};
    row.fees = run::test::money_e5(3'000'005);
    row.unrealised = run::test::money_e5(-100'010'000);
    row.equity = run::test::money_e5(10'000'000'000) - row.fees + row.funding + row.unrealised;
  }
  const Json data = data_of(sample);
  EXPECT_EQ(data.at("headline").at("tone"), "loss");
  EXPECT_EQ(
      data.at("headline").at("text"),
      "A net loss of 1\u202f036.10 USDT (\u22121.04\u202f%) after fees, slippage and funding, "
      "from 1 position (1 still open).");
  EXPECT_TRUE(has_badge(data, "OPEN AT THE END"));
}

TEST(Report, MarksTheKeysThatDifferFromTheBaselineAndSetsThemInTheCommand) {
  const Json data = data_of(run::test::sample_run());  // its seed is 1, the baseline's is 7
  const Json& rows = data.at("config").at(0).at("rows");
  EXPECT_EQ(rows.at(0).at("changed"), false);
  EXPECT_EQ(rows.at(1).at("key"), "run.seed");
  EXPECT_EQ(rows.at(1).at("changed"), true);
  EXPECT_EQ(rows.at(1).at("preset"), "7");
  const auto command = data.at("command").get<std::string>();
  EXPECT_NE(command.find("--set run.seed=1"), std::string::npos) << command;
  EXPECT_EQ(command.find("z.clip"), std::string::npos) << command;
}

TEST(Report, IsTheSameBytesEachTimeAndForEachHowOfARun) {
  SampleRun sample = run::test::sample_run();
  const TemporaryFolder place;
  run::test::write(sample, place.path() / "a");
  sample.timing.duration_s += 1.0;
  sample.timing.host = "another";
  run::test::write(sample, place.path() / "b");
  write_report(place.path() / "a", place.path() / "a.html", {});
  write_report(place.path() / "b", place.path() / "b.html", {});
  EXPECT_EQ(run::test::read_text(place.path() / "a.html"),
            run::test::read_text(place.path() / "b.html"));
}

TEST(Report, NoTextOfTheRunCanEndTheScriptThatHoldsIt) {
  SampleRun sample = run::test::sample_run();
  sample.info.symbol =
      "</script><script>alert(1)</script><!--";  // of the title, which is not packed
  const TemporaryFolder place;
  run::test::write(sample, place.path() / "run");
  write_report(place.path() / "run", place.path() / "run.html", {});
  const std::string html = run::test::read_text(place.path() / "run.html");
  EXPECT_EQ(html.find("<script>alert"), std::string::npos);

  constexpr std::string_view kOpening = R"(<script type="application/json" id="run">)";
  const std::size_t begin = html.find(kOpening) + kOpening.size();
  const std::string block = html.substr(begin, html.find("</script>", begin) - begin);
  EXPECT_EQ(block.find('<'), std::string::npos);
  EXPECT_NE(block.find("\\u003c/script>\\u003cscript>alert(1)"), std::string::npos);
  EXPECT_EQ(Json::parse(block), Json::parse(page_data(place.path() / "run", {})));
}

TEST(Report, ThePageRefersToNothingOutsideItself) {
  const std::string html = page();
  for (const char* outside : {"src=\"http", "href=\"http", "@import", "fetch(", "XMLHttpRequest",
                              "<link rel=\"stylesheet\"", "src=\"/", "src=\"./"}) {
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  }
}

TEST(Report, APageWithoutAPlaceForTheDataIsAnError) {
  EXPECT_EQ(fill_page(R"(a "toxvol-run-data" b)", "{}"), "a {} b");
  EXPECT_THROW((void)fill_page("a b", "{}"), Error);
  EXPECT_THROW((void)fill_page(R"("toxvol-run-data" "toxvol-run-data")", "{}"), Error);
}

TEST(Report, NamesWhatIsWrongWithAFolderInOneLine) {
  const auto complaint = [](const fs::path& folder) {
    try {
      (void)page_data(folder, {});
    } catch (const Error& error) {
      return std::string{error.what()};
    }
    return std::string{};
  };
  const TemporaryFolder place;
  const fs::path folder = place.path() / "run";
  EXPECT_NE(complaint(folder).find("no such folder"), std::string::npos);
  fs::create_directory(folder);
  EXPECT_NE(complaint(folder).find("not a run folder"), std::string::npos);
  fs::remove(folder);
  run::test::write(run::test::sample_run(), folder);
  const std::string run_json = run::test::read_text(folder / "run.json");
  const auto put = [&](const char* name, std::string_view text) {
    std::ofstream{folder / name, std::ios::binary} << text;
  };
  put("run.json", "{");
  EXPECT_NE(complaint(folder).find("run.json: damaged"), std::string::npos);
  put("run.json", R"({"symbol": 1})");
  EXPECT_NE(complaint(folder).find("damaged"), std::string::npos);
  std::string bad_time = run_json;
  bad_time.replace(bad_time.find("2024-01-01T"), 11, "yesterday, ");
  put("run.json", bad_time);
  EXPECT_NE(complaint(folder).find("is no time"), std::string::npos);
  put("run.json", run_json);
  EXPECT_EQ(complaint(folder), "");
  put("fills.parquet", "PAR1");
  EXPECT_NE(complaint(folder).find("fills.parquet"), std::string::npos);
  EXPECT_EQ(complaint(folder).find('\n'), std::string::npos);
}

// What changes at the very beginning of the window held in all of it.
TEST(Report, TellsWhenInTheWindowAFactOfTheContractChanged) {
  SampleRun sample = run::test::sample_run();
  auto& ticks = sample.info.instrument.tick;
  const auto held = [&](Duration after_begin) {
    ticks.back().from = sample.info.from + after_begin;
    std::string text;
    const Json data = data_of(sample);
    for (const Json& row : data.at("instrument").at("rows")) {
      if (row.at(0) != "tick") continue;
      text += fmt::format("{} {}\n", row.at(1).get<std::string>(), row.at(2).get<std::string>());
    }
    return text;
  };
  EXPECT_EQ(held({}), "all of it 0.1 USDT\n");
  EXPECT_EQ(held(std::chrono::minutes{1}),
            fmt::format("all of it 0.01 USDT\nfrom {} 0.1 USDT\n",
                        to_string(sample.info.from + std::chrono::minutes{1})));
}

// A month and a half of minutes.
TEST(Report, EveryMinuteOfALongRunIsThere) {
  constexpr int kMinutes = 66'000;
  SampleRun sample = idle_run();
  sample.decisions.clear();
  for (int minute = 0; minute < kMinutes; ++minute) {
    strategy::DecisionRow row = run::test::decision(minute);
    row.factors.toxicity.t = minute % 2 == 0 ? 1.0 : -1.0;
    row.factors.gated.toxic = minute % 2 == 0;
    if (minute == 40'000) row.factors.toxicity.t = 99.0;
    sample.decisions.push_back(row);
  }
  sample.info.to = run::test::kStart + std::chrono::minutes{kMinutes};
  const Json data = data_of(sample);
  EXPECT_EQ(data.at("chart_data").at("frames").at("minutes").at("n"), kMinutes);
  const Json values = series(data, "t", 0);
  EXPECT_EQ(values.at(40'000), 99.0);
  EXPECT_EQ(values.at(40'001), -1.0);
  EXPECT_LE(chart(data, "t").at("bands").at(0).at("ranges").size(), 3000U);
}

}  // namespace

}  // namespace toxvol::report
