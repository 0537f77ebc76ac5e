#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "tests/golden/nautilus/replay.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/rules.hpp"

namespace toxvol::engine::test {
namespace {

/// Cases and what NautilusTrader itself made of them (tests/golden/nautilus/make_logs.py).
struct Golden {
  std::string text;
  std::string log;
};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

/// By name. The logs of 1.221 hold the cases too.
std::map<std::string, Golden> golden_logs(Profile profile) {
  const std::filesystem::path folder =
      std::filesystem::path{TOXVOL_SOURCE_DIR} / "tests/golden/nautilus";
  std::map<std::string, Golden> found;
  for (const auto& entry : std::filesystem::directory_iterator{folder / "logs"}) {
    std::string text = text_of(entry.path());
    std::string log = profile == Profile::Nautilus1221
                          ? std::string{golden_log(text)}
                          : text_of(folder / "logs_1_231" / entry.path().filename());
    found.emplace(entry.path().stem(), Golden{.text = std::move(text), .log = std::move(log)});
  }
  return found;
}

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    ++found;
  }
  return found;
}

TEST(NautilusGolden, EveryEventIsNautilusTradersRawForRaw) {
  for (const Profile profile : {Profile::Nautilus1221, Profile::Nautilus1231}) {
    std::size_t fills = 0;
    for (const auto& [name, golden] : golden_logs(profile)) {
      // A case in which NautilusTrader's process dies: so does ours, with the order's name.
      const std::string native = replay(golden.text, rules_of(profile));
      if (golden.log == "aborts\n") {
        EXPECT_TRUE(native.starts_with("aborts: ")) << name;
      } else {
        EXPECT_EQ(native, golden.log) << name;
      }
      fills += count(golden.log, "fill,");
    }
    EXPECT_GT(fills, 400U);
  }
}

/// None of the ten is there for nothing: without it a log comes out differently.
TEST(NautilusGolden, EveryRuleOf1231IsNeeded) {
  const std::map<std::string, bool Rules::*> rules = {
      {"rematches_after_commands", &Rules::rematches_after_commands},
      {"market_fills_at_the_book", &Rules::market_fills_at_the_book},
      {"trades_move_both_sides", &Rules::trades_move_both_sides},
      {"plain_trades_fill_nothing", &Rules::plain_trades_fill_nothing},
      {"bars_are_cut_to_lots", &Rules::bars_are_cut_to_lots},
      {"commission_is_decimal", &Rules::commission_is_decimal},
      {"reduce_only_binds_the_pass", &Rules::reduce_only_binds_the_pass},
      {"quote_outlasts_a_trade", &Rules::quote_outlasts_a_trade},
      {"trades_fill_their_size", &Rules::trades_fill_their_size},
      {"timers_settle_the_venue", &Rules::timers_settle_the_venue}};
  static_assert(sizeof(Rules) == 10, "a rule more: name it above");
  const auto logs = golden_logs(Profile::Nautilus1231);
  for (const auto& [name, rule] : rules) {
    Rules without = rules_of(Profile::Nautilus1231);
    without.*rule = false;
    std::size_t different = 0;
    for (const auto& [log, golden] : logs) {
      different += replay(golden.text, without) == golden.log ? 0U : 1U;
    }
    EXPECT_GT(different, 0U) << name;
    RecordProperty(name, static_cast<int>(different));
  }
}

}  // namespace
}  // namespace toxvol::engine::test
