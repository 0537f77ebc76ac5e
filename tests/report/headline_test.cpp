#include "toxvol/report/headline.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/report/unpack.hpp"
#include "tests/run/sample_run.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/report.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/run/run_folder.hpp"

namespace toxvol::report {

namespace {

namespace fs = std::filesystem;
using run::test::TemporaryFolder;

TEST(Headline, SaysHowMuchToBelieveByTheIntervalAndByHowOftenOneLooked) {
  const TemporaryFolder place;
  const fs::path run = place.path() / "run";
  const auto notes_of = [&](std::int64_t positions, double lo, double dsr) {
    fs::remove_all(run);
    run::test::write(run::test::sample_run(), run);
    std::ofstream{run / "inference.json"} << R"({"net": {"mean_bp_day": 60.0, "mean_lo": )" << lo
                                          << R"(, "mean_hi": 160.0, "psr": 0.97}})";
    std::ofstream{run / "trials.json"}
        << R"({"words": "the 1st configuration", "M": 4, "dsr": 0.5, "dsr_null": )" << dsr << "}";
    RunFolder folder = run::open_run(run);
    folder.summary.positions = positions;
    std::string all;
    const Json told = headline(folder, open_part(folder), "");
    for (const Json& note : told.at("notes")) all += note.get<std::string>() + "\n";
    return all;
  };
  const std::string lucky = notes_of(30, -38.27, 0.57);
  EXPECT_NE(lucky.find("60.0 bp of the account a day on average, with an interval of 95 % from "
                       "\u221238.3 to 160.0. Zero lies between them: luck is enough"),
            std::string::npos)
      << lucky;
  EXPECT_NE(lucky.find("Trials: the 1st configuration; 4 with a result when the run ended, "),
            std::string::npos)
      << lucky;
  const std::size_t deflated =
      lucky.find("more than the best of 4 by luck has a probability of 0.5700 (DSR");
  const std::size_t alone = lucky.find("a probability of 0.9700 (PSR)");
  EXPECT_NE(alone, std::string::npos) << lucky;
  EXPECT_LT(deflated, alone) << "R26: the deflated ratios come first";
  EXPECT_NE(lucky.find("The customary bar is 0.95: this may be luck."), std::string::npos);
  EXPECT_EQ(lucky.find("fixed_b"), std::string::npos);
  EXPECT_EQ(lucky.find("too few"), std::string::npos);
  EXPECT_NE(notes_of(30, 1.0, 0.951).find("believable for this window"), std::string::npos);
  EXPECT_NE(notes_of(30, 1.0, 0.951).find("That is above zero."), std::string::npos);
  const std::string few = notes_of(29, 1.0, 0.99);
  EXPECT_EQ(few.find("29 positions are too few"), 0U) << few;
  EXPECT_EQ(few.find("believable"), std::string::npos) << few;
}

TEST(Headline, JudgesByTheLogAsItIsNowAndSaysAsOfWhen) {
  const TemporaryFolder place;
  run::test::write(run::test::sample_run(), place.path() / "run");
  std::ofstream{place.path() / "run" / "trials.json"}
      << R"({"words": "the 1st configuration", "M": 1, "dsr": 0.97, "dsr_null": 0.97})";
  const auto page_of = [&](const TrialCount& again) {
    return test::page_json(page_data(place.path() / "run", {.presets = {}, .count_again = again}))
        .at("headline")
        .dump();
  };
  const TrialCount again = [](const RunFolder& folder) -> Json {
    EXPECT_EQ(folder.trials.at("M"), 1);
    return {{"words", "the 1st configuration"},
            {"M", 4},
            {"dsr_null", 0.754},
            {"dsr", 0.6},
            {"as_of", "2026-12-01T05:13:32Z"}};
  };
  EXPECT_NE(page_of(again).find(
                "; 4 with a result in the trial log as it is now, its newest trial being of "
                "2026-12-01T05:13:32Z."),
            std::string::npos)
      << page_of(again);
  const std::string gone = page_of([](const RunFolder&) -> Json { return nullptr; });
  EXPECT_NE(gone.find("; 1 with a result when the run ended, for the trial log was not at hand"),
            std::string::npos)
      << gone;
}

TEST(Headline, NamesTheIntervalThatWasAskedFor) {
  const TemporaryFolder place;
  const fs::path run = place.path() / "run";
  run::test::write(run::test::sample_run(), run);
  std::ofstream{run / "inference.json"} << R"({"interval": "fixed_b", "net": {"mean_bp_day": -3.0,
    "mean_lo": -8.0, "mean_hi": 2.0, "psr": 0.2}})";
  const RunFolder folder = run::open_run(run);
  const std::string notes = headline(folder, open_part(folder), "").at("notes").dump();
  EXPECT_NE(notes.find("to 2.0 (fixed_b). Zero lies between them"), std::string::npos) << notes;
}

}  // namespace

}  // namespace toxvol::report
