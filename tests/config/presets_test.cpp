#include "toxvol/config/presets.hpp"

#include <chrono>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::config {
namespace {

using namespace std::chrono_literals;

// Of A: toxicity is last. A day for the median volume, 50 buckets of about a minute, 1,440 minutes
// for z, and a seventh of 7 days of rows for the quantile: 1440 + 50 + 1440 + 1440 minutes.
TEST(FirstDecision, IsThatOfTheSlowestInput) {
  const FirstDecision a = first_decision(preset("A"));
  EXPECT_EQ(a.compression, 6h + 1440min + 1440min);
  EXPECT_EQ(a.pressure, 1440min + 1440min);
  EXPECT_EQ(a.toxicity, 4370min);
  EXPECT_EQ(a.metrics, 24h);
  EXPECT_EQ(a.funding, 240h);
  EXPECT_EQ(a.all(), 4370min);
}

/// What the file of a preset says, key by key, as TOML spells it.
std::map<std::string, std::string> said_by(const std::string& name) {
  const Config config = preset(name);
  std::map<std::string, std::string> said;
  for (const auto& [key, place] : config.origin) said[key] = to_toml(key_of(key).get(config));
  return said;
}

TEST(Presets, AHoldsEveryKey) {
  EXPECT_EQ(said_by("A").size(), keys().size());
}

TEST(Presets, TheOthersSayOnlyHowTheyDifferFromA) {
  const auto a = said_by("A");
  for (const char* name : {"B", "C", "short"}) {
    const auto said = said_by(name);
    EXPECT_GE(said.size(), 10U) << name;
    for (const auto& [key, value] : said) EXPECT_NE(value, a.at(key)) << name << " " << key;
  }
}

// The values of the proposal's table, and of short all that makes it quick.
TEST(Presets, SayTheseValues) {
  using Said = std::map<std::string, std::string>;
  EXPECT_EQ(said_by("B"), (Said{{"run.cadence", "\"5m\""},
                                {"volatility.half_life_short", "\"1h\""},
                                {"volatility.half_life_long", "\"12h\""},
                                {"pressure.obi_window", "\"60s\""},
                                {"pressure.svi_window", "\"5m\""},
                                {"pressure.ofi_window", "\"5m\""},
                                {"toxicity.vpin_bucket", "\"median_5m\""},
                                {"toxicity.tau", "0.6"},
                                {"crowding.d_oi_window", "\"4h\""},
                                {"crowding.theta", "1.25"},
                                {"crowding.theta_exit", "0.625"},
                                {"exit.horizon", "\"1h\""},
                                {"exit.stop_horizon", "\"1h\""},
                                {"exit.max_hold", "\"2h\""}}));
  EXPECT_EQ(said_by("C"), (Said{{"run.cadence", "\"15m\""},
                                {"volatility.half_life_short", "\"2h\""},
                                {"volatility.half_life_long", "\"1d\""},
                                {"pressure.obi_window", "\"60s\""},
                                {"pressure.svi_window", "\"15m\""},
                                {"pressure.ofi_window", "\"15m\""},
                                {"toxicity.vpin_bucket", "\"notional:10000000\""},
                                {"toxicity.tau", "0.5"},
                                {"crowding.d_oi_window", "\"1d\""},
                                {"crowding.theta", "1.5"},
                                {"crowding.theta_exit", "0.75"},
                                {"exit.horizon", "\"4h\""},
                                {"exit.stop_horizon", "\"4h\""},
                                {"exit.max_hold", "\"8h\""}}));
  EXPECT_EQ(said_by("short"), (Said{{"volatility.half_life_short", "\"1m\""},
                                    {"volatility.half_life_long", "\"2m\""},
                                    {"volatility.z_window", "\"30m\""},
                                    {"volatility.z_min_count", "2"},
                                    {"pressure.z_window", "\"30m\""},
                                    {"pressure.z_min_count", "2"},
                                    {"toxicity.vpin_bucket", "\"base:10\""},
                                    {"toxicity.vpin_buckets", "10"},
                                    {"toxicity.tau_window", "\"30m\""},
                                    {"toxicity.z_window", "\"30m\""},
                                    {"toxicity.z_min_count", "2"},
                                    {"crowding.funding_min_count", "2"},
                                    {"crowding.oi_z_window", "\"30m\""},
                                    {"crowding.ls_z_window", "\"30m\""},
                                    {"crowding.z_min_count", "2"},
                                    {"exit.horizon", "\"1m\""},
                                    {"exit.stop_horizon", "\"1m\""},
                                    {"exit.max_hold", "\"2m\""},
                                    {"thresholds.quantile_min_count", "2"}}));
}

TEST(FirstDecision, OfShortIsMinutes) {
  EXPECT_LT(first_decision(preset("short")).all(), 15min);
}

TEST(FirstDecision, IsATimeAlsoAtTheBoundsOfTheCounts) {
  Config config;
  set(config, "crowding.funding_z_events=87600");
  set(config, "crowding.funding_min_count=87600");
  EXPECT_EQ(first_decision(config).funding, 87'600 * 8h);
}

TEST(FirstDecision, CrowdingNeedsTheSoonerOfItsTwo) {
  EXPECT_EQ((FirstDecision{.metrics = 5h, .funding = 3h}.all()), 3h);
  EXPECT_EQ((FirstDecision{.pressure = 4h, .metrics = 5h, .funding = 9h}.all()), 5h);
}

TEST(PresetLine, SaysWhatForHowOftenAndHowMuchDataFirst) {
  EXPECT_EQ(preset_line("B"),
            "B (the proposal's intraday set; decides every 5m, holds at most 2h, needs 3.0 days of "
            "data first)");
}

TEST(PresetLine, OfAnUnknownOneNamesTheNearestAndExplainsAll) {
  try {
    static_cast<void>(preset("shrot"));
    FAIL();
  } catch (const UsageError& error) {
    const std::string said = error.what();
    EXPECT_TRUE(
        said.starts_with("--preset shrot: no such preset; did you mean short? there are A ("))
        << said;
    for (const std::string& line : preset_lines()) {
      EXPECT_NE(said.find(line), std::string::npos) << line;
    }
  }
}

TEST(Config, RemembersThePresetThatItBeganAs) {
  Config config = preset("short");
  set(config, "exit.k_stop=3");
  EXPECT_EQ(config.preset, "short");
  EXPECT_EQ(Config{}.preset, "A");
}

TEST(Presets, HaveOneListOfNames) {
  EXPECT_EQ(preset_names(), (std::vector<std::string>{"A", "B", "C", "short"}));
  EXPECT_EQ(preset_names().front(), Config{}.preset);
  for (const std::string& name : preset_names()) {
    EXPECT_EQ(preset(name).preset, name);
    EXPECT_EQ(is_exercise(name), name == "short");
  }
}

TEST(Config, OfAFileIsNoPresetWhateverThePathIs) {
  for (const char* file : {"mine.toml", "presets/A.toml", "presets/short.toml"}) {
    const Config config = parse("[exit]\nk_stop = 2\n", file);
    EXPECT_EQ(config.preset, "") << file;
  }
  EXPECT_EQ(parse("", "empty.toml").preset, "");
}

}  // namespace
}  // namespace toxvol::config
