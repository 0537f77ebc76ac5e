#include "toxvol/study/trial_family.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/stats/support.hpp"
#include "tests/study/trials.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/sharpe.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_log.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::trial;

TrialLog log_of(std::vector<Trial> trials, std::vector<StudyEnd> studies = {}) {
  TrialLog log;
  log.trials = std::move(trials);
  log.studies = std::move(studies);
  log.lines = static_cast<std::int64_t>(log.trials.size() + log.studies.size());
  if (!log.trials.empty()) log.since = log.trials.front().at;
  return log;
}

TrialFigures figures(const TrialLog& log, const Trial& own) {
  return figures_of(log, "cat/toxvol/trials.jsonl", family_of(log, own), own);
}

Trial member(const std::string& id, const std::string& study, double sharpe) {
  Trial made = trial(id, sharpe);
  made.study = study;
  made.kind = TrialKind::Sweep;
  return made;
}

TEST(TrialFamily, IsOfTheSymbolAndTheHours) {
  const Trial own = trial("own", 0.1);
  const auto shares = [&](auto change) {
    Trial other = trial("other", 0.2);
    change(other);
    const TrialLog log = log_of({own, other});
    return family_of(log, own).trials.size() == 2;
  };
  EXPECT_TRUE(shares([](Trial&) {}));
  EXPECT_FALSE(shares([](Trial& other) { other.symbol = "ETHUSDT"; }));
  EXPECT_FALSE(shares([](Trial& other) { other.kind = TrialKind::Script; }));
  EXPECT_FALSE(shares([&](Trial& other) {  // the day after
    other.from = own.to;
    other.to = own.to + hours{5};
  }));
  EXPECT_TRUE(shares([&](Trial& other) {
    other.from = own.to - hours{1};
    other.to = own.to + hours{5};
  }));
  EXPECT_FALSE(shares([&](Trial& other) {  // half an hour is no hour
    other.from = own.to - minutes{59};
    other.to = own.to + hours{5};
  }));
}

TEST(TrialFamily, HoldsItselfWhateverItsWindow) {
  Trial own = trial("own", std::nullopt);
  own.to = own.from + minutes{20};
  const TrialLog log = log_of({trial("other", 0.1), own});
  const TrialFamily family = family_of(log, own);
  EXPECT_TRUE(family.trials.empty()) << "they share no whole hour";
  ASSERT_EQ(family.empty.size(), 1U);
  EXPECT_EQ(family.empty[0]->id, "own");
}

TEST(TrialFamily, TellsOfTrialsWithoutARatioAndDoesNotCountThem) {
  const Trial own = trial("own", 0.1);
  const TrialLog log = log_of({trial("idle", std::nullopt), own});
  const TrialFamily family = family_of(log, own);
  EXPECT_EQ(family.trials.size(), 1U);
  EXPECT_EQ(family.empty.size(), 1U);
  EXPECT_EQ(family.n_hat, 1.0);
  EXPECT_EQ(figures(log, own).place, 2) << "it was looked at all the same";
}

TEST(TrialFamily, CountsDifferentTrialsOfStudiesAndAllOthers) {
  const Trial own = trial("own", 0.1);
  std::vector<Trial> trials = {own, trial("single", 0.2)};
  for (const char* id : {"a", "b", "c", "d"}) trials.push_back(member(id, "ended", 0.1));
  for (const char* id : {"e", "f", "g"}) trials.push_back(member(id, "killed", 0.1));
  for (const char* id : {"h", "i"}) trials.push_back(member(id, "elsewhere", 0.1));
  // 1.5 of 4; no last line: 3; of 40 different ones 2 are here; two singles.
  const TrialLog log = log_of(trials, {{.id = "ended", .type = "sweep", .n_hat = 1.5},
                                       {.id = "elsewhere", .type = "sweep", .n_hat = 40.0}});
  const TrialFamily family = family_of(log, own);
  EXPECT_EQ(family.trials.size(), 11U);
  EXPECT_EQ(family.studies, 3);
  EXPECT_EQ(family.singles, 2);
  EXPECT_DOUBLE_EQ(family.n_hat, 1.5 + 3 + 2 + 2);
}

// Of four members one could be run; with --force all could.
TEST(TrialFamily, OfAStudyThatEndedTwiceTheGreaterCountStands) {
  const Trial own = trial("own", 0.1);
  std::vector<Trial> trials = {own};
  for (const char* id : {"a", "b", "c", "d"}) trials.push_back(member(id, "again", 0.1));
  StudyEnd first{.id = "again", .type = "sweep", .n_hat = 1.0};
  StudyEnd second{.id = "again", .type = "sweep", .n_hat = 3.5};
  EXPECT_EQ(family_of(log_of(trials, {first, second}), own).n_hat, 1 + 3.5);
  EXPECT_EQ(family_of(log_of(trials, {second, first}), own).n_hat, 1 + 3.5);
  first.n_hat = std::nullopt;
  EXPECT_EQ(family_of(log_of(trials, {first, second}), own).n_hat, 1 + 3.5);
}

TEST(TrialFamily, OfAStitchedRunLeavesOutItsOwnTraining) {
  Trial stitched = trial("stitched", 0.1);
  stitched.kind = TrialKind::Walkforward;
  stitched.study = "w";
  Trial own_training = trial("t", 0.3);
  own_training.kind = TrialKind::Train;
  own_training.study = "w";
  Trial other_training = own_training;
  other_training.id = "u";
  other_training.study = "v";
  const TrialLog log = log_of({own_training, other_training, stitched});
  EXPECT_EQ(family_of(log, stitched).trials.size(), 2U);
  EXPECT_EQ(family_of(log, other_training).trials.size(), 3U);
}

TEST(TrialFigures, OfOneTrialDeflateNothing) {
  const Trial own = trial("own", 0.25);
  const TrialFigures only = figures(log_of({own}), own);
  EXPECT_EQ(only.m, 1);
  EXPECT_EQ(only.note, Note::OneTrial);
  const auto psr = stats::probabilistic_sharpe({.sharpe = 0.25, .count = 24}, 0.0);
  EXPECT_EQ(only.dsr, psr);
  EXPECT_EQ(only.dsr_null, psr);
  EXPECT_EQ(only.rank, 1);
  EXPECT_EQ(only.best_sharpe, 0.25);
}

TEST(TrialFigures, JoinTrialsOfOtherLengthsAndUnits) {
  // z = .1·√100 and .2·√25: both 1, so that they differ by luck alone, φ = 1.
  Trial own = trial("own", 0.1);
  own.n = 101;
  Trial other = trial("other", 0.2);
  other.n = 26;
  other.unit = Unit::FourHours;
  const TrialFigures both = figures(log_of({own, other}), own);
  EXPECT_NEAR(*both.benchmarks.var_z, 0.0, 1e-12);
  EXPECT_NEAR(*both.benchmarks.phi, 1.0, 1e-12);
  EXPECT_NEAR(*both.benchmarks.variance, 0.01, 1e-12);
  EXPECT_EQ(both.benchmarks.sr0, both.benchmarks.sr0_null);
  EXPECT_LT(*both.dsr, 0.9);
  EXPECT_DOUBLE_EQ(*both.best_sharpe, 0.1) << "of hours: .2/√4 is the same";
  EXPECT_EQ(both.rank, 1);
}

TEST(TrialFigures, HaveTheDigitsOfTheResearchPage) {
  const stats::Matrix matrix = stats::test::trials();
  std::vector<Trial> trials;
  for (std::size_t j = 0; j < 12; ++j) {
    const auto sample = *stats::sharpe_sample(stats::moments_of(matrix.view().column(j)));
    Trial made = member(std::to_string(j), "s", sample.sharpe);
    made.n = sample.count;
    made.skewness = sample.skewness;
    made.kurtosis = sample.kurtosis;
    trials.push_back(made);
  }
  const TrialLog log = log_of(trials, {{.id = "s", .type = "sweep", .n_hat = 9.778173756}});
  const TrialFigures best = figures(log, log.trials[10]);
  EXPECT_EQ(best.m, 12);
  EXPECT_EQ(best.rank, 1);
  using stats::test::expect_digits;
  expect_digits(best.benchmarks.var_z, 2.001969322);
  expect_digits(best.benchmarks.phi, 0.798015796);
  expect_digits(best.benchmarks.variance, 0.008376440676);
  expect_digits(best.benchmarks.sr0, 0.1523683612);
  expect_digits(best.dsr, 0.5863606065);
  expect_digits(best.benchmarks.sr0_implied, 0.1441117982);
  expect_digits(best.dsr_implied, 0.6352988599);
  expect_digits(best.benchmarks.sr0_null, 0.09619928218);
  expect_digits(best.dsr_null, 0.8615081645);
  EXPECT_EQ(nlohmann::json::parse(trials_json(best))["N"], 10);
}

TEST(TrialFigures, OfAnOrderScriptAreNone) {
  Trial script = trial("script", 0.4);
  script.kind = TrialKind::Script;
  const TrialFigures found = figures(log_of({trial("a", 0.1), script}), script);
  EXPECT_EQ(found.m, 1);
  EXPECT_EQ(found.place, std::nullopt);
  EXPECT_EQ(found.dsr, std::nullopt);
  EXPECT_EQ(found.note, Note::NotApplicable);
}

TEST(TrialFigures, WithoutARatioSayWhy) {
  Trial idle = trial("idle", std::nullopt);
  idle.positions = 0;
  EXPECT_EQ(figures(log_of({idle}), idle).note, Note::NoTrades);
  idle.positions = 1;
  EXPECT_EQ(figures(log_of({idle}), idle).note, Note::NoSpread);
  EXPECT_EQ(figures(log_of({idle}), idle).m, 0);
}

TEST(TrialWords, NameThePlaceAndTheLog) {
  TrialFigures found;
  EXPECT_EQ(words_of(found), "trials not counted");
  found.log = "cat/toxvol/trials.jsonl";
  found.since = test::trial("a", 0.1).at;
  EXPECT_EQ(words_of(found), "no trial: logged, not counted (in cat since 2026-11-28)");
  const auto place = [&](std::int64_t number) {
    found.place = number;
    return words_of(found).substr(4, words_of(found).find(' ', 4) - 4);
  };
  for (const char* word : {"1st", "2nd", "3rd", "4th", "10th", "11th", "12th", "13th", "21st",
                           "47th", "102nd", "111th", "1000th"}) {
    EXPECT_EQ(place(std::stoll(word)), word);
  }
  found.place = 47;
  EXPECT_EQ(words_of(found),
            "the 47th configuration looked at on these hours (in cat since 2026-11-28)");
}

TEST(TrialsJson, HasTheKeysOfTheContractInItsOrder) {
  const Trial own = trial("own", 0.25);
  const auto json = nlohmann::ordered_json::parse(trials_json(figures(log_of({own}), own)));
  std::string keys;
  for (const auto& [key, value] : json.items()) keys += key + " ";
  EXPECT_EQ(keys,
            "schema id log lines damaged M empty studies singles n_hat N var_z phi V sr0_null "
            "dsr_null sr0 dsr sr0_implied dsr_implied best_sharpe rank place since words note ");
  EXPECT_EQ(json["M"], 1);
  EXPECT_EQ(json["since"], "2026-11-28T12:00:00Z");
  const auto none = nlohmann::ordered_json::parse(trials_json(TrialFigures{}));
  EXPECT_EQ(none["log"], "none");
  EXPECT_TRUE(none["M"].is_null());
  EXPECT_TRUE(none["dsr"].is_null());
}

}  // namespace
}  // namespace toxvol::study
