#include "toxvol/jobs/what_can_run.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::jobs {
namespace {

using catalog::Coverage;
using catalog::DayWindow;

constexpr Day kFirst{std::chrono::year{2024} / 1 / 15};
const std::vector<Kind> kQuotes{Kind::Klines, Kind::AggTrades, Kind::BookTicker};

Day day(int offset) {
  return kFirst + std::chrono::days{offset};
}

void have(Coverage& coverage, const std::vector<Kind>& kinds, int first, int last) {
  for (const Kind kind : kinds) {
    for (int offset = first; offset <= last; ++offset) coverage.days[kind].push_back(day(offset));
  }
}

/// Whole days that preset A needs of its slowest part but crowding: more than them is enough.
int days_of_a() {
  const config::FirstDecision needed = config::first_decision(config::preset("A"));
  const Duration least = std::max({needed.compression, needed.pressure, needed.toxicity});
  return static_cast<int>(least / kDay) + 1;
}

TEST(HasTime, AsksForMoreDaysThanTheFirstDecisionNeeds) {
  const config::Config a = config::preset("A");
  Coverage coverage;
  have(coverage, kQuotes, 0, days_of_a() - 1);
  EXPECT_TRUE(has_time(a, coverage, kQuotes, {.first = day(0), .last = day(days_of_a() - 1)}));
  EXPECT_FALSE(has_time(a, coverage, kQuotes, {.first = day(0), .last = day(days_of_a() - 2)}));
}

TEST(HasTime, CountsTheDaysOfTheWarmUpBeforeTheWindowAndNoEarlierOnes) {
  const config::Config a = config::preset("A");
  const DayWindow one{.first = day(0), .last = day(0)};
  Coverage warm;
  have(warm, kQuotes, -31, -31 + days_of_a() - 2);
  have(warm, kQuotes, 0, 0);
  EXPECT_TRUE(has_time(a, warm, kQuotes, one));
  Coverage cold;  // the same number of days, one of them too early
  have(cold, kQuotes, -32, -32 + days_of_a() - 2);
  have(cold, kQuotes, 0, 0);
  EXPECT_FALSE(has_time(a, cold, kQuotes, one));
}

TEST(HasTime, AsksForQuotesAndTradesWhereTheyAreTraded) {
  const config::Config a = config::preset("A");
  const DayWindow one{.first = day(0), .last = day(0)};
  Coverage coverage;
  have(coverage, {Kind::Klines}, -31, 0);
  have(coverage, {Kind::AggTrades}, 0, 0);
  EXPECT_TRUE(has_time(a, coverage, {Kind::Klines}, one));
  EXPECT_FALSE(has_time(a, coverage, {Kind::Klines, Kind::AggTrades}, one));
}

TEST(HasTime, AsksForCrowdingOnlyWhereItIsAnInputAndForOneOfItsTwoKinds) {
  const config::Config a = config::preset("A");
  const std::vector<Kind> klines{Kind::Klines};
  const DayWindow week{.first = day(0), .last = day(6)};
  const auto with = [&](int metrics_days, int funding_days) {
    Coverage coverage;
    have(coverage, klines, -31, 6);
    // The last of the week: a whole week is an input, one day of it is not.
    if (metrics_days > 0) have(coverage, {Kind::Metrics}, 7 - metrics_days, 6);
    if (funding_days > 0) have(coverage, {Kind::Funding}, 7 - funding_days, 6);
    return has_time(a, coverage, klines, week);
  };
  EXPECT_TRUE(with(0, 0));
  EXPECT_TRUE(with(0, 1));   // no input
  EXPECT_FALSE(with(0, 7));  // 30 settlements are 10 days
  EXPECT_TRUE(with(0, 11));
  EXPECT_TRUE(with(7, 7));  // 288 stamps of metrics are one day
}

TEST(RunChoices, GoFromTheRichestDataToKlinesAlone) {
  Coverage coverage;
  have(coverage, {Kind::Klines}, 0, 59);
  have(coverage, {Kind::AggTrades}, 40, 59);
  have(coverage, {Kind::BookTicker}, 58, 59);
  const auto choices = run_choices(coverage);
  ASSERT_EQ(choices.size(), 3U);
  EXPECT_EQ(choices[0].data, "quotes");
  EXPECT_EQ(choices[0].window, (DayWindow{.first = day(58), .last = day(59)}));
  EXPECT_EQ(choices[0].presets, std::vector<std::string>{"short"});
  EXPECT_EQ(choices[1].data, "trades");
  EXPECT_EQ(choices[1].presets.front(), "A");
  EXPECT_EQ(choices[2].data, "klines");
  EXPECT_TRUE(run_choices(Coverage{}).empty());
}

TEST(RunChoices, DoNotTellAWindowAgainThatHasMore) {
  Coverage coverage;
  have(coverage, kQuotes, 0, 4);
  have(coverage, {Kind::Klines, Kind::AggTrades}, 8, 9);
  const auto choices = run_choices(coverage);
  ASSERT_EQ(choices.size(), 2U);
  EXPECT_EQ(choices[0].data, "quotes");
  EXPECT_EQ(choices[1].data, "trades");
  EXPECT_EQ(choices[1].window, (DayWindow{.first = day(8), .last = day(9)}));
}

TEST(BestChoice, IsTheRichestDataThatAPresetOtherThanShortCanDecideOn) {
  const DayWindow window{.first = day(0), .last = day(0)};
  const std::vector<RunChoice> choices{
      {.data = "quotes", .window = window, .presets = {"short"}},
      {.data = "trades", .window = window, .presets = {"B", "short"}},
      {.data = "klines", .window = window, .presets = {"A", "B", "short"}}};
  EXPECT_EQ(best_choice(choices), &choices[1]);
}

TEST(BestChoice, IsShortOnTheRichestDataWhereNothingElseCanDecide) {
  const DayWindow window{.first = day(0), .last = day(0)};
  const std::vector<RunChoice> choices{{.data = "quotes", .window = window, .presets = {}},
                                       {.data = "trades", .window = window, .presets = {"short"}},
                                       {.data = "klines", .window = window, .presets = {"short"}}};
  EXPECT_EQ(best_choice(choices), &choices[1]);
  EXPECT_EQ(best_choice({choices.front()}), nullptr);
}

TEST(CommandFor, NamesTheDayAfterTheLastAndTheSymbolWhereItIsNotTheDefault) {
  const RunChoice choice{
      .data = "klines", .window = {.first = day(0), .last = day(16)}, .presets = {"B", "short"}};
  EXPECT_EQ(command_for(choice, "BTCUSDT", "--raw", "/data/raw"),
            "toxvol backtest --raw /data/raw --preset B --from 2024-01-15 --to 2024-02-01");
  EXPECT_EQ(command_for(choice, "NEARUSDT", "--catalog", "my data/it's"),
            "toxvol backtest --catalog 'my data/it'\\''s' --symbol NEARUSDT --preset B "
            "--from 2024-01-15 --to 2024-02-01");
}

}  // namespace
}  // namespace toxvol::jobs
