#include "toxvol/study/band.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/study/in_turn.hpp"
#include "tests/study/values.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/point_results.hpp"

namespace toxvol::study {
namespace {

using std::chrono::hours;
using Twins = std::vector<std::optional<std::size_t>>;

constexpr Inputs kNoQuotes{.trades = true, .bars = true};
constexpr Inputs kBars{.bars = true};

/// Preset A, whose own assumption is `risk_averse 20ms VIP0`, with some keys set.
config::Config config_with(const std::vector<std::string>& sets) {
  config::Config config = config::preset("A");
  for (const std::string& one : sets) config::set(config, one);
  return config;
}

config::Config with_queue(config::Config config, const std::string& queue) {
  config::set(config, "exchange.queue=" + queue);
  return config;
}

/// Equity of `values` from kMidnight on, an hour apart, and so much net.
Outcome outcome_of_equity(const std::string& fills, std::int64_t net,
                          const std::vector<std::int64_t>& values, Timestamp begin = kMidnight) {
  Outcome outcome;
  outcome.config_sha256 = "c " + fills;
  outcome.fills = fills;
  outcome.summary.net = usdt(net);
  outcome.curve.begin = begin;
  for (const std::int64_t value : values) outcome.curve.equity.push_back(usdt(value));
  return outcome;
}

/// A band of preset A whose runs came to what `results` says.
struct Band {
  Assumption base = assumption_of(config_with({}));
  std::vector<Assumption> assumed;
  DesignPoints points;
  PointResults results;
  std::vector<BandRow> rows;

  explicit Band(const BandAxes& axes) : assumed{assumptions(axes, base)} {
    points = points_of(band_design(assumed), {.base = config_with({})});
  }
  void finish() {
    rows = band_rows(assumed, base, points, rows_in_turn(points, results, {.resamples = 99}));
  }
};

TEST(BandAssumptions, AreAllCombinationsTheTierRunningFastest) {
  const Assumption base{.queue = "risk_averse", .order_latency = "20ms", .tier = "VIP3"};
  const auto all = assumptions({.queues = {"risk_averse", "optimistic"},
                                .latencies = {"5ms", "20ms"},
                                .tiers = {"VIP0", "VIP3"}},
                               base);
  ASSERT_EQ(all.size(), 8U);
  EXPECT_EQ(name(all[0]), "risk_averse 5ms VIP0");
  EXPECT_EQ(name(all[1]), "risk_averse 5ms VIP3");
  EXPECT_EQ(all[3], base);
  EXPECT_EQ(name(all[4]), "optimistic 5ms VIP0");
}

TEST(BandAssumptions, BeginWithTheBasesOwnWhereItIsNoneOfThem) {
  const Assumption base{.queue = "risk_averse", .order_latency = "7ms", .tier = "VIP0"};
  const auto all =
      assumptions({.queues = {"risk_averse"}, .latencies = {"5ms"}, .tiers = {"VIP0"}}, base);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0], base);
}

TEST(BandPoints, SetTheThreeKeysAndNothingElse) {
  const Band band{{.queues = {"optimistic"}, .latencies = {"5ms"}, .tiers = {"VIP6"}}};
  ASSERT_EQ(band.points.points.size(), 2U);
  EXPECT_TRUE(band.points.points[0].changes.empty()) << "the base's own";
  EXPECT_EQ(set_text(band.points.points[1]),
            "exchange.order_latency = \"5ms\", exchange.queue = \"optimistic\", "
            "costs.tier = \"VIP6\"");
}

TEST(QueueMatters, OnlyWhereAnOrderCanRest) {
  const auto differs = [](const std::vector<std::string>& sets, const Inputs& inputs) {
    const config::Config config = config_with(sets);
    return queue_matters(config, with_queue(config, "optimistic"), inputs);
  };
  EXPECT_FALSE(differs({}, kAll)) << "entries and exits of preset A are MARKET orders";
  EXPECT_TRUE(differs({"entry.order=post_only"}, kAll));
  EXPECT_TRUE(differs({"entry.order=limit"}, kAll));
  EXPECT_TRUE(differs({"exit.tp_order=limit"}, kAll));
  EXPECT_FALSE(differs({"exit.tp_order=limit"}, kBars)) << "there the engine watches the target";
  EXPECT_TRUE(differs({"exit.tp_order=limit"}, kNoQuotes));
}

TEST(QueueMatters, WithoutQuotesOnlyForAnOptimisticOne) {
  const config::Config rests = config_with({"entry.order=post_only"});
  const config::Config proportional = with_queue(rests, "proportional");
  const config::Config optimistic = with_queue(rests, "optimistic");
  EXPECT_TRUE(queue_matters(rests, proportional, kAll));
  EXPECT_FALSE(queue_matters(rests, proportional, kNoQuotes));
  EXPECT_FALSE(queue_matters(proportional, rests, kBars));
  EXPECT_TRUE(queue_matters(proportional, optimistic, kNoQuotes)) << "orders.queue_ahead differs";
  EXPECT_TRUE(queue_matters(optimistic, rests, kNoQuotes));
  EXPECT_FALSE(queue_matters(rests, rests, kAll));
}

TEST(BandTwins, DifferInTheQueueAlone) {
  const Band band{{.queues = {"risk_averse", "proportional", "optimistic"},
                   .latencies = {"20ms", "5ms"},
                   .tiers = {"VIP0", "VIP3"}}};
  EXPECT_EQ(twins_of(band.points.points, kAll),
            (Twins{std::nullopt, std::nullopt, std::nullopt, std::nullopt, 0, 1, 2, 3, 0, 1, 2, 3}))
      << "another latency or tier may change every size and fill";
}

TEST(BandTwins, HaveTheOutcomeUnderTheirOwnNames) {
  PointResults results;
  Outcome outcome = outcome_of_equity("f", 7, {});
  outcome.twins = {{.config_sha256 = "c1", .fingerprint = "f1"},
                   {.config_sha256 = "c3", .fingerprint = "f3"}};
  results.outcomes.emplace(0, outcome);
  results.failed.emplace(2, "the disk is full");
  complete(results, {std::nullopt, 0, std::nullopt, 0, 2});
  EXPECT_EQ(results.outcomes.at(1).config_sha256, "c1");
  EXPECT_EQ(results.outcomes.at(3).config_sha256, "c3");
  EXPECT_EQ(results.outcomes.at(3).fingerprint, "f3");
  EXPECT_EQ(results.outcomes.at(3).summary.net, usdt(7));
  EXPECT_EQ(results.failed.at(4), "the disk is full");
}

TEST(BandRows, NameTheFirstWithTheSameFillsAndEquity) {
  Band band{{.queues = {"risk_averse", "optimistic"}, .latencies = {"20ms"}, .tiers = {"VIP0"}}};
  band.results.outcomes.emplace(0, outcome_of_equity("f", 1, {}));
  band.results.outcomes.emplace(1, outcome_of_equity("f", 1, {}));
  band.finish();
  EXPECT_TRUE(band.rows[0].is_base);
  EXPECT_FALSE(band.rows[1].is_base);
  EXPECT_EQ(band.rows[0].same_as, std::nullopt);
  EXPECT_EQ(band.rows[1].same_as, "risk_averse 20ms VIP0");
  band.results.outcomes.at(1).fills = "g";
  band.finish();
  EXPECT_EQ(band.rows[1].same_as, std::nullopt);
}

TEST(BandRows, BeginWithTheAssumption) {
  std::vector<std::string> names;
  columns(BandRow{},
          [&](const std::string_view column, const auto&) { names.emplace_back(column); });
  EXPECT_EQ((std::vector<std::string>{names.begin(), names.begin() + 6}),
            (std::vector<std::string>{"queue", "order_latency", "tier", "base", "same_as",
                                      "config_sha256"}));
}

// Worked by hand. Base: risk_averse 20ms VIP0.
struct WorkedBand : Band {
  WorkedBand()
      : Band{{.queues = {"risk_averse", "optimistic"},
              .latencies = {"20ms", "5ms"},
              .tiers = {"VIP0", "VIP3"}}} {
    const std::vector<std::vector<std::int64_t>> equity = {{100, 90, 80},   // risk_averse 20ms VIP0
                                                           {100, 95, 99},   // risk_averse 20ms VIP3
                                                           {100, 91, 85},   // risk_averse 5ms VIP0
                                                           {100, 97, 101},  // risk_averse 5ms VIP3
                                                           {100, 89, 82},   // optimistic 20ms VIP0
                                                           {100, 94, 98},   // optimistic 20ms VIP3
                                                           {100, 80, 79},   // optimistic 5ms VIP0
                                                           {100, 70, 104}};  // optimistic 5ms VIP3
    for (std::size_t i = 0; i < equity.size(); ++i) {
      results.outcomes.emplace(
          i, outcome_of_equity(std::to_string(i), equity[i].back() - 100, equity[i]));
    }
    finish();
  }
};

std::vector<Money> flat(const BandEquityRow& row) {
  std::vector<Money> values;
  columns(row, [&]<class T>(std::string_view, const T& value) {
    if constexpr (std::is_same_v<T, Money>) values.push_back(value);
  });
  return values;
}

TEST(BandEquity, IsTheBaseWithinThreeNestedRanges) {
  const auto hours_of = band_equity(WorkedBand{}.rows);
  ASSERT_EQ(hours_of.size(), 3U);
  EXPECT_EQ(hours_of[1].ts, kMidnight + hours{1});
  EXPECT_EQ(flat(hours_of[0]), std::vector<Money>(7, usdt(100)));
  EXPECT_EQ(flat(hours_of[1]), (std::vector<Money>{usdt(90), usdt(89), usdt(90), usdt(80), usdt(91),
                                                   usdt(70), usdt(97)}));
  EXPECT_EQ(flat(hours_of[2]), (std::vector<Money>{usdt(80), usdt(80), usdt(82), usdt(79), usdt(85),
                                                   usdt(79), usdt(104)}));
}

TEST(BandEquity, HoldsTheHoursThatAllRunsHave) {
  WorkedBand band;
  band.results.outcomes.at(3) = outcome_of_equity("3", 1, {96, 97, 98}, kMidnight + hours{1});
  band.results.outcomes.at(5) = outcome_of_equity("5", 1, {100, 95});
  band.finish();
  const auto hours_of = band_equity(band.rows);
  ASSERT_EQ(hours_of.size(), 1U);
  EXPECT_EQ(hours_of[0].ts, kMidnight + hours{1});
  EXPECT_EQ(hours_of[0].range.all.hi, usdt(96));
}

TEST(BandEquity, IsEmptyWithoutTheBase) {
  WorkedBand band;
  band.results.outcomes.erase(0);
  band.results.failed.emplace(0, "no");
  band.finish();
  EXPECT_TRUE(band_equity(band.rows).empty());
  EXPECT_EQ(finding_of(band.rows).net, std::nullopt);
  EXPECT_EQ(finding_of(band.rows).assumptions, 7U);
}

TEST(BandFinding, SaysHowFarNetReachesAndWhetherItsSignHolds) {
  const BandFinding finding = finding_of(WorkedBand{}.rows);
  EXPECT_EQ(finding.words,
            "net between -21.00 and 4.00 USDT; 2 of 8 assumptions earn; the sign does depend on "
            "them");
  EXPECT_EQ(finding.net->queue.lo, usdt(-20));
  EXPECT_EQ(finding.net->queue.hi, usdt(-18));
  EXPECT_EQ(finding.net->queue_latency.lo, usdt(-21));
  EXPECT_EQ(finding.net->queue_latency.hi, usdt(-15));
  EXPECT_EQ(finding.net->all.hi, usdt(4));
}

/// The words of two assumptions with these results.
std::string words_of_two(std::int64_t one, std::int64_t other) {
  Band band{{.queues = {"risk_averse", "optimistic"}, .latencies = {"20ms"}, .tiers = {"VIP0"}}};
  band.results.outcomes.emplace(0, outcome_of_equity("a", one, {}));
  band.results.outcomes.emplace(1, outcome_of_equity("b", other, {}));
  band.finish();
  return finding_of(band.rows).words;
}

TEST(BandFinding, TakesZeroForASignOfItsOwn) {
  const std::string holds = "the sign does not depend on them";
  const std::string depends = "the sign does depend on them";
  EXPECT_EQ(words_of_two(1, 2),
            "net between 1.00 and 2.00 USDT; 2 of 2 assumptions earn; " + holds);
  EXPECT_EQ(words_of_two(-2, -1),
            "net between -2.00 and -1.00 USDT; 0 of 2 assumptions earn; " + holds);
  EXPECT_EQ(words_of_two(0, 0),
            "net between 0.00 and 0.00 USDT; 0 of 2 assumptions earn; " + holds);
  EXPECT_EQ(words_of_two(0, 1),
            "net between 0.00 and 1.00 USDT; 1 of 2 assumptions earn; " + depends);
  EXPECT_EQ(words_of_two(0, -1),
            "net between -1.00 and 0.00 USDT; 0 of 2 assumptions earn; " + depends);
}

TEST(BandJson, TellsTheFindingAndEveryAssumptionAndCallsNoneTheBest) {
  WorkedBand band;
  band.results.outcomes.erase(7);
  band.results.failed.emplace(7, "the disk is full");
  band.finish();
  const std::string text = band_json("abc", "{}", band.rows, {.seed = 7});
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["id"], "abc");
  EXPECT_EQ(json["kind"], "band");
  EXPECT_EQ(json["points"], (nlohmann::json{{"ok", 7}, {"failed", 1}}));
  EXPECT_EQ(json["net"]["all"], (nlohmann::json{{"lo", "-21"}, {"hi", "1"}}));
  EXPECT_EQ(json["net"]["queue"], (nlohmann::json{{"lo", "-20"}, {"hi", "-18"}}));
  EXPECT_EQ(json["earning"], 1);
  EXPECT_EQ(json["assumptions"], 7);
  EXPECT_EQ(json["sign_depends"], true);
  EXPECT_EQ(json["verdict"], finding_of(band.rows).words);
  ASSERT_EQ(json["cells"].size(), 8U);
  EXPECT_EQ(json["cells"][0]["base"], true);
  EXPECT_EQ(json["cells"][0]["net"], "-20");
  EXPECT_EQ(json["cells"][7]["status"], "failed");
  EXPECT_EQ(json["cells"][7]["note"], "the disk is full");
  EXPECT_TRUE(json["cells"][7]["net"].is_null());
  EXPECT_EQ(text.find("best"), std::string::npos);
}

TEST(BandJson, HasNoFindingWhereNothingRan) {
  Band band{{.queues = {"risk_averse"}, .latencies = {"20ms"}, .tiers = {"VIP0"}}};
  band.results.failed.emplace(0, "no");
  band.finish();
  const auto json = nlohmann::json::parse(band_json("abc", "{}", band.rows, {}));
  EXPECT_EQ(json["verdict"], "no assumption came to a result");
  EXPECT_TRUE(json["sign_depends"].is_null());
  EXPECT_TRUE(json["net"].is_null());
}

}  // namespace
}  // namespace toxvol::study
