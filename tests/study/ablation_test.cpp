#include "toxvol/study/ablation.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {
namespace {

/// 240 hours: those of the worked series, each moved by `shift`.
Outcome moved(double shift, std::string decisions, std::vector<Entry> entries) {
  Outcome outcome;
  outcome.returns.units.net = stats::test::returns();
  for (double& r : outcome.returns.units.net) r += shift;
  // Half of every difference is fees.
  outcome.returns.units.px = stats::test::returns();
  for (double& r : outcome.returns.units.px) r += shift / 2;
  outcome.returns.fills = 2;
  outcome.returns.positions.bp.assign(12, 1.0);
  outcome.returns.positions.bp.back() = 2.0;
  outcome.returns.positions.earned.assign(12, 1.0);
  outcome.returns.positions.earned.back() = 2.0;
  outcome.returns.positions.traded.assign(12, 1.0);
  outcome.decisions = std::move(decisions);
  outcome.entries = std::move(entries);
  return outcome;
}

/// The same with noise of its own, so that the difference has a spread.
Outcome wavering(double shift) {
  Outcome outcome = moved(0.0, "aabbb", {});
  const std::vector<double> noise = stats::test::returns();
  for (std::size_t t = 0; t < noise.size(); ++t) {
    outcome.returns.units.net[t] += shift + 0.1 * noise[noise.size() - 1 - t];
  }
  return outcome;
}

Entry at(std::int64_t minute, int direction) {
  return {.ts_decision = Timestamp{minute * kMinute},
          .direction = static_cast<std::int8_t>(direction)};
}

class Ablation : public testing::Test {
 protected:
  /// A trial of its own unless `outcome` says which.
  void add(const std::string& name, const std::string& group, std::optional<Outcome> outcome,
           const std::string& base = "base") {
    if (outcome && outcome->trial.empty()) outcome->trial = name;
    VariantRow row{.name = name,
                   .group = group,
                   .base = base,
                   .set = "",
                   .says = {},
                   .result = {},
                   .net = {},
                   .px = {},
                   .decisions_changed = {},
                   .entries_shared = {}};
    if (outcome) row.result = result_of(outcomes_.emplace_back(*std::move(outcome)), {.seed = 7});
    rows_.push_back(std::move(row));
  }
  [[nodiscard]] const VariantRow& row(const std::string& name) const {
    for (const VariantRow& one : rows_) {
      if (one.name == name) return one;
    }
    throw std::out_of_range{name};
  }

  void SetUp() override {
    add("base", "base", moved(0.0, "aabbc", {at(1, 1), at(2, -1), at(3, 1), at(4, 1)}));
    // Another configuration that does the same.
    add("same", "gate", moved(0.0, "aabbc", {at(4, 1), at(3, 1), at(2, -1), at(1, 1)}));
    Outcome better = wavering(0.002);
    better.entries = {at(1, 1), at(2, 1), at(9, 1)};
    add("better", "gate", better);
    add("cheaper", "world", moved(0.001, "aabb", {}));
    add("absent", "factor", std::nullopt);
    contest_ = compare(rows_, {.seed = 7});
  }

  std::deque<Outcome> outcomes_;
  std::vector<VariantRow> rows_;
  Contest contest_;
};

TEST_F(Ablation, CountsDecisionRowsThatDifferAndThoseThatOnlyOneHas) {
  EXPECT_EQ(row("same").decisions_changed, 0);
  EXPECT_EQ(row("better").decisions_changed, 1);
  EXPECT_EQ(row("cheaper").decisions_changed, 1) << "its last row is not there";
  EXPECT_EQ(row("base").decisions_changed, std::nullopt);
}

TEST_F(Ablation, SharesEntriesOfOneTimeAndDirection) {
  EXPECT_EQ(row("same").entries_shared, 1.0) << "in whatever order";
  EXPECT_EQ(row("better").entries_shared, 0.25) << "at(2) went the other way";
  EXPECT_EQ(row("cheaper").entries_shared, 0.0);
}

TEST_F(Ablation, DifferenceIsTheVariantLessTheBase) {
  // 0.002 an hour and a tenth of the series' own mean.
  ASSERT_TRUE(row("better").net.pair.d);
  EXPECT_NEAR(*row("better").net.pair.d, 0.002 + 0.1 * 0.0007742021084, 1e-12);
  EXPECT_NEAR(*row("cheaper").net.pair.d, 0.001, 1e-15);
  EXPECT_NEAR(*row("cheaper").px.pair.d, 0.0005, 1e-15);
  EXPECT_EQ(row("same").net.pair.d, 0.0);
  EXPECT_EQ(row("same").net.pair.p, std::nullopt) << "no spread";
  EXPECT_EQ(row("base").net.pair.d, std::nullopt);
  EXPECT_EQ(row("absent").net.pair.d, std::nullopt);
}

TEST_F(Ablation, OnlyChoicesOfAStrategyAreAFamilyAndTrials) {
  ASSERT_TRUE(row("better").net.adjusted_p);
  EXPECT_EQ(*row("better").net.adjusted_p, 1.0 / 2000.0);
  EXPECT_EQ(row("cheaper").net.adjusted_p, std::nullopt);
  EXPECT_EQ(contest_.trials, 3) << "base, same and better";
  EXPECT_TRUE(row("better").result.net.dsr_null);
  EXPECT_FALSE(row("cheaper").result.net.dsr_null);
}

TEST_F(Ablation, VariantsOfGroupExtraAreTrialsOutsideTheFamily) {
  const Contest before = contest_;
  add("late", "extra", wavering(-0.0006));
  const Contest contest = compare(rows_, {.seed = 7});
  EXPECT_EQ(contest.trials, 4) << "whoever looks at them has looked (R24)";
  EXPECT_GT(held(contest.n_hat), held(before.n_hat));
  ASSERT_TRUE(row("late").result.net.dsr_null);
  EXPECT_LT(*row("late").result.net.dsr_null, held(row("late").result.inference.net.psr));
  EXPECT_EQ(contest.family.t.size(), before.family.t.size()) << "R33";
  EXPECT_EQ(contest.family.p_consistent, before.family.p_consistent);
  EXPECT_EQ(contest.pbo->pbo, before.pbo->pbo);
}

TEST_F(Ablation, VariantsOfOneConfigurationAreOneTrialWithOneFigure) {
  const Contest before = contest_;
  const double lonely = held(row("better").result.net.dsr_null);
  Outcome again = wavering(0.002);
  again.trial = "better";
  add("again", "factor", again);
  Outcome unchanged = moved(0.0, "aabbc", {});
  unchanged.trial = "base";
  add("preset_a", "preset", unchanged);
  const Contest contest = compare(rows_, {.seed = 7});
  EXPECT_EQ(contest.trials, 3) << "M is the number of ids (R22)";
  EXPECT_EQ(contest.n_hat, before.n_hat);
  EXPECT_EQ(contest.family.t.size(), 3U);
  EXPECT_EQ(contest.family.p_consistent, before.family.p_consistent);
  EXPECT_EQ(contest.pbo->pbo, before.pbo->pbo);
  EXPECT_EQ(contest.pbo->median_lambda, before.pbo->median_lambda);
  EXPECT_EQ(row("better").result.net.dsr_null, lonely);
  EXPECT_EQ(row("again").result.net.dsr_null, lonely);
  EXPECT_EQ(row("again").result.px.dsr, row("better").result.px.dsr);
  EXPECT_EQ(row("preset_a").result.net.dsr, row("base").result.net.dsr);
  EXPECT_TRUE(row("preset_a").result.net.dsr);
}

// The list on two bases, of which the second is a variant of the first.
TEST_F(Ablation, OfEachBaseTheVariantsAreAFamilyOfTheirOwn) {
  rows_.clear();
  add("A", "base", moved(0.0, "aabbc", {at(1, 1)}), "A");
  Outcome b = wavering(-0.003);
  b.trial = "B";
  add("other", "preset", b, "A");
  add("better", "gate", wavering(0.002), "A");
  const auto alone = [this] {
    (void)compare(rows_, {.seed = 7});
    return std::pair{row("better").net, words_of(rows_)};
  };
  const auto [before, words] = alone();
  add("B", "base", b, "B");
  Outcome worse = wavering(0.0);
  worse.trial = "better of B";
  add("better", "gate", worse, "B");
  Outcome a = moved(0.0, "aabbc", {at(1, 1)});
  a.trial = "A";
  add("other", "preset", a, "B");
  const Contest contest = compare(rows_, {.seed = 7});
  EXPECT_EQ(contest.trials, 4) << "A, B, and better of each";
  EXPECT_EQ(contest.members.count, 4);
  EXPECT_EQ(row("better").net.adjusted_p, before.adjusted_p);
  EXPECT_EQ(row("better").net.pair.length, before.pair.length);
  const VariantRow& of_b = rows_[4];
  ASSERT_EQ(of_b.base + of_b.name, "Bbetter");
  EXPECT_NEAR(held(of_b.net.pair.d), 0.003, 1e-12) << "less its own base";
  ASSERT_TRUE(of_b.net.adjusted_p);
  EXPECT_NEAR(held(rows_[5].net.pair.d), -held(rows_[1].net.pair.d), 1e-15);
  EXPECT_EQ(rows_[5].entries_shared, std::nullopt) << "B entered nothing";
  const std::string said = words_of(rows_);
  EXPECT_TRUE(words.starts_with("with A as the base, 2 of 2 changes differ from the base"))
      << words;
  EXPECT_TRUE(said.starts_with(words + ". With B as the base, ")) << said;
}

TEST_F(Ablation, NotesThatADifferenceHasNoSpread) {
  EXPECT_EQ(row("same").result.note, "no_spread") << "R34: it is the base";
  EXPECT_EQ(row("better").result.note, std::nullopt);
  EXPECT_EQ(row("base").result.note, std::nullopt);
  EXPECT_EQ(row("absent").result.note, std::nullopt) << "why is its own";
  rows_.clear();
  for (const char* name : {"base", "idle"}) {
    Outcome idle = moved(0.0, "aabbc", {});
    idle.returns.fills = 0;
    idle.returns.units.net.assign(240, 0.0);
    idle.returns.units.px.assign(240, 0.0);
    add(name, "gate", idle);
  }
  (void)compare(rows_, {.seed = 7});
  EXPECT_EQ(row("idle").result.note, "no_trades") << "R5: the first that applies";
  rows_.clear();
  add("base", "base", moved(-0.002, "aabbc", {}));
  add("again", "gate", moved(-0.002, "aabbc", {}));
  (void)compare(rows_, {.seed = 7});
  EXPECT_EQ(row("base").result.note, "impossible") << "no length of a losing record is enough";
  EXPECT_EQ(row("again").result.note, "no_spread") << "which stands before it in R5";
}

TEST_F(Ablation, VariantsOfGroupExtraAreAFamilyOfTheirOwn) {
  const auto before = row("better").net;
  add("late", "extra", wavering(0.001));
  add("later", "extra", wavering(-0.001));
  (void)compare(rows_, {.seed = 7});
  EXPECT_EQ(row("late").net.adjusted_p, 1.0 / 2000.0);
  EXPECT_EQ(row("better").net.adjusted_p, before.adjusted_p) << "what is said of the list stays";
  EXPECT_EQ(row("better").net.pair.length, before.pair.length);
  const std::string words = words_of(rows_);
  EXPECT_TRUE(words.starts_with("1 of 1 changes differ")) << words;
  EXPECT_NE(words.find("; of group extra, a family of its own, 2 of 2 changes differ"),
            std::string::npos)
      << words;
}

TEST_F(Ablation, OfGroupExtraAloneItIsTheFamilyThatIsJudged) {
  std::erase_if(rows_, [](const VariantRow& one) { return one.group == "gate"; });
  std::erase_if(rows_, [](const VariantRow& one) { return one.group == "factor"; });
  add("late", "extra", wavering(0.001));
  const Contest contest = compare(rows_, {.seed = 7});
  EXPECT_EQ(contest.trials, 2);
  EXPECT_EQ(contest.family.t.size(), 2U);
  EXPECT_TRUE(contest.pbo);
  const std::string words = words_of(rows_);
  EXPECT_TRUE(words.starts_with("of group extra, a family of its own, 1 of 1 changes differ"))
      << words;
}

TEST_F(Ablation, OfAssumptionsAloneTellsTheLargestAndThatNoFamilyJudgesThem) {
  std::erase_if(rows_, [](const VariantRow& one) { return one.group != "base"; });
  add("vip3", "world", wavering(0.001));
  add("slow", "world", wavering(-0.002));
  (void)compare(rows_, {.seed = 7});
  EXPECT_EQ(row("slow").net.adjusted_p, std::nullopt);
  const std::string words = words_of(rows_);
  EXPECT_TRUE(words.starts_with(
      "only assumptions about the market (group world) were compared with the base, 2 of them, and "
      "no family judges those (largest: slow (), -"))
      << words;
}

TEST_F(Ablation, SaysSoWhereNothingChangesTheResult) {
  std::erase_if(
      rows_, [](const VariantRow& one) { return one.name == "better" || one.name == "cheaper"; });
  EXPECT_EQ(words_of(rows_), "no variant that ran changes the result");
  rows_.clear();
  for (const char* name : {"base", "few"}) {
    Outcome few = wavering(name == std::string{"few"} ? 0.002 : 0.0);
    few.returns.units.net.resize(29);
    few.returns.units.px.resize(29);
    add(name, "gate", few);
  }
  (void)compare(rows_, {.seed = 7});
  EXPECT_EQ(words_of(rows_), "too little data to compare the variants");
}

TEST_F(Ablation, NamesWhatDiffersByMoreThanChance) {
  const std::string words = words_of(rows_);
  EXPECT_TRUE(words.starts_with(
      "1 of 1 changes differ from the base after costs by more than chance (adjusted p at most "
      "0.05), 1 for the better and 0 for the worse; they are: better ("))
      << words;
  for (VariantRow& one : rows_) {
    if (one.name == "better") one.says = "without a drag";
  }
  const std::string said = words_of(rows_);
  EXPECT_NE(said.find(": without a drag (better), +"), std::string::npos) << said;
}

TEST_F(Ablation, TellsTheLargestThreeOfManyThatDiffer) {
  std::erase_if(rows_, [](const VariantRow& one) { return one.name == "better"; });
  for (const double shift : {0.002, -0.004, 0.003, 0.001}) {
    add(shift < 0 ? "harm" : "help" + std::to_string(static_cast<int>(shift * 1000)), "gate",
        wavering(shift));
  }
  (void)compare(rows_, {.seed = 7});
  const std::string words = words_of(rows_);
  EXPECT_TRUE(words.starts_with("4 of 4 changes differ")) << words;
  EXPECT_NE(words.find("3 for the better and 1 for the worse; the largest: harm "),
            std::string::npos)
      << words;
  EXPECT_LT(words.find("; help3 "), words.find("; help2 ")) << words;
  EXPECT_EQ(words.find("help1"), std::string::npos) << words;
}

TEST_F(Ablation, WithoutADifferenceTellsTheLargestAndItsInterval) {
  std::erase_if(rows_, [](const VariantRow& one) { return one.name == "better"; });
  Outcome noisy = moved(0.0, "aabbc", {});
  const std::vector<double> noise = stats::test::returns();
  for (std::size_t t = 0; t < noise.size(); ++t) {
    noisy.returns.units.net[t] += 0.1 * (noise[noise.size() - 1 - t] - 0.0007742021084);
  }
  add("noisy", "gate", noisy);
  (void)compare(rows_, {.seed = 7});
  EXPECT_TRUE(words_of(rows_).starts_with(
      "none of 1 changes was found to differ from the base after costs by more than chance, which "
      "does not say that none matters (largest: noisy (), "))
      << words_of(rows_);
}

}  // namespace
}  // namespace toxvol::study
