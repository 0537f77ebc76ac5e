#include "toxvol/config/presets.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "toxvol/config/config.hpp"
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

TEST(FirstDecision, OfShortIsMinutes) {
  EXPECT_LT(first_decision(preset("short")).all(), 15min);
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

TEST(PresetOf, IsWhatAConfigurationBeganAs) {
  Config config = preset("short");
  set(config, "exit.k_stop=3");
  EXPECT_EQ(preset_of(config), "short");
  EXPECT_TRUE(is_exercise(config));
  EXPECT_EQ(preset_of(Config{}), "A");
  EXPECT_EQ(preset_of(parse("[exit]\nk_stop = 2\n", "mine.toml")), "");
  EXPECT_FALSE(is_exercise(preset("A")));
}

}  // namespace
}  // namespace toxvol::config
