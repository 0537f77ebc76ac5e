#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/study/values.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/embedded.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {
namespace {

const Design& shipped() {
  static const Design design =
      parse_design(*config::embedded_design("ablation"), "presets/ablation.toml");
  return design;
}

/// All that a preset is compared with: the shipped list, and what is run only when it is named.
DesignPoints on(const std::string& preset, const std::vector<std::string>& groups = {}) {
  return points_of(shipped(), {.base = config::preset(preset), .inputs = kAll, .groups = groups});
}

DesignPoints with_extra(const std::string& preset) {
  std::set<std::string> groups;
  for (const Variant& variant : shipped().variants) groups.insert(variant.group);
  return on(preset, {groups.begin(), groups.end()});
}

std::map<std::string, std::string> changes(const DesignPoints& points, std::string_view name) {
  for (const Point& point : points.points) {
    if (point.name == name) return {point.changes.begin(), point.changes.end()};
  }
  ADD_FAILURE() << "no variant " << name;
  return {};
}

using Changes = std::map<std::string, std::string>;

TEST(AblationList, IsTheFileInPresets) {
  EXPECT_EQ(*config::embedded_design("ablation"), io::read_file(kSource / "presets/ablation.toml"));
}

// R33.
TEST(AblationList, HasAsManyVariantsInEachGroupAsTheRuleSays) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const Variant& variant : shipped().variants) {
    if (counts.empty() || counts.back().first != variant.group) {
      counts.emplace_back(variant.group, 0);
    }
    ++counts.back().second;
  }
  EXPECT_EQ(counts, (std::vector<std::pair<std::string, std::size_t>>{{"preset", 3},
                                                                      {"factor", 17},
                                                                      {"gate", 15},
                                                                      {"alpha", 5},
                                                                      {"entry", 5},
                                                                      {"exit", 8},
                                                                      {"estimator", 24},
                                                                      {"reading", 16},
                                                                      {"world", 18},
                                                                      {"extra", 8}}));
}

TEST(AblationList, ResolvesOnThePresets) {
  for (const char* preset : {"A", "B", "C"}) {
    for (const Point& point : with_extra(preset).points) {
      EXPECT_EQ(point.status, PointStatus::Ok) << preset << " " << point.name << point.message;
    }
  }
}

TEST(AblationList, ChangesWhatItSaysRelativeToTheBase) {
  const auto a = on("A");
  EXPECT_EQ(changes(a, "horizon_half"), (Changes{{"exit.horizon", R"("7m")"},
                                                 {"exit.stop_horizon", R"("7m")"},
                                                 {"exit.max_hold", R"("15m")"}}))
      << "whole minutes, down";
  EXPECT_EQ(changes(a, "horizon_double"), (Changes{{"exit.horizon", R"("30m")"},
                                                   {"exit.stop_horizon", R"("30m")"},
                                                   {"exit.max_hold", R"("1h")"}}));
  EXPECT_EQ(changes(on("C"), "half_lives_double"),
            (Changes{{"volatility.half_life_short", R"("4h")"},
                     {"volatility.half_life_long", R"("2d")"}}));
  EXPECT_EQ(changes(a, "post_only_limit"),
            (Changes{{"entry.order", R"("post_only")"}, {"exit.tp_order", R"("limit")"}}));
  EXPECT_EQ(changes(a, "k_tp_25"), (Changes{{"exit.k_tp", "2.5"}}));
  EXPECT_EQ(changes(a, "f1_f2_off"), (Changes{{"alpha_a.compression", "0.01"},
                                              {"alpha_a.pressure", "0.01"},
                                              {"toxicity.tau", "1.0"}}));
  EXPECT_EQ(changes(a, "no_quotes"),
            (Changes{{"run.inputs", R"(["aggTrades", "klines", "metrics", "fundingRate"])"}}));
  EXPECT_EQ(changes(a, "klines_only"),
            (Changes{{"run.inputs", R"(["klines", "metrics", "fundingRate"])"}}));
}

TEST(AblationList, WidensTheWindowOfF1WhereTheSlowHalfLifeIsADay) {
  EXPECT_EQ(changes(on("B"), "z_1d")["volatility.z_window"], R"("1d")");
  EXPECT_EQ(changes(on("C"), "z_1d")["volatility.z_window"], R"("2d")");
  EXPECT_EQ(changes(on("C"), "z_1d")["pressure.z_window"], R"("1d")");
}

TEST(AblationList, LeavesOutWhatWasAddedLaterUnlessItIsNamed) {
  for (const Point& point : on("A").points) EXPECT_NE(point.group, "extra") << point.name;
  EXPECT_EQ(on("A", {"extra"}).points.size(), 8U);
}

TEST(AblationList, AVariantThatIsTheBaseIsNotRunTwice) {
  std::set<std::string> same;
  for (const Point& point : on("A").points) {
    if (point.changes.empty() && point.status == PointStatus::Ok) same.insert(point.name);
  }
  EXPECT_EQ(same, (std::set<std::string>{"preset_a", "market", "bucket_1m"}));
}

TEST(AblationList, ReadsTheProposalLiterallyByAllItsReadingsTogether) {
  std::map<std::string, std::map<std::string, std::string>> sets;
  for (const Variant& variant : shipped().variants) {
    if (variant.group == "extra") continue;  // lit_signal and lit_all are in the family
    for (const Assignment& one : variant.set) sets[variant.name][one.key] = one.text;
  }
  Changes signal;
  for (const auto& [name, set] : sets) {
    const bool is_alone = name.starts_with("lit_") && name != "lit_size" && name != "lit_fit" &&
                          name != "lit_signal" && name != "lit_all";
    if (is_alone) signal.insert(set.begin(), set.end());
  }
  EXPECT_EQ(signal.size(), 10U);
  EXPECT_EQ(sets["lit_signal"], signal);
  for (const char* name : {"lit_size", "lit_fit", "same_close"}) {
    signal.insert(sets[name].begin(), sets[name].end());
  }
  EXPECT_EQ(sets["lit_all"], signal);
}

TEST(Truth, IsPresetAOnShortWindows) {
  config::Config wanted = config::preset("A");
  for (const char* change : {"pressure.z_window=1d", "pressure.z_min_count=240",
                             "toxicity.z_window=1d", "toxicity.tau_window=1d",
                             "toxicity.z_min_count=240", "thresholds.quantile_min_count=240"}) {
    config::set(wanted, change);
  }
  const auto truth = config::load((kSource / "presets/truth.toml").string());
  EXPECT_EQ(config::to_toml(truth), config::to_toml(wanted));
  EXPECT_NO_THROW(config::validate(truth));
}

TEST(Truth, IsSweptAtSixtyFourPoints) {
  const auto made =
      points_of(load_design((kSource / "presets/truth-sweep.toml").string()), {.inputs = kAll});
  EXPECT_EQ(made.points.size(), 64U);
  for (const Point& point : made.points) EXPECT_EQ(point.status, PointStatus::Ok);
  EXPECT_EQ(made.base.strategy.factors.pressure.z_min_count, 240);
}

}  // namespace
}  // namespace toxvol::study
