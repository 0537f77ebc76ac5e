#include "toxvol/config/keys.hpp"

#include <cctype>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/value.hpp"

namespace toxvol::config {
namespace {

TEST(Keys, HaveUniqueNamesAMeaningAndASource) {
  std::set<std::string> names;
  for (const Key& key : keys()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name;
    EXPECT_FALSE(key.meaning.empty()) << key.name;
    EXPECT_FALSE(key.source.empty()) << key.name;
  }
}

TEST(Keys, TakeBackTheValueTheyGive) {
  Config config;
  for (const Key& key : keys()) {
    EXPECT_EQ(key.set(config, key.get(config)), std::nullopt) << key.name;
  }
  EXPECT_EQ(to_toml(config), to_toml(Config{}));
}

TEST(Keys, RefuseAValueOfAnotherType) {
  Config config;
  for (const Key& key : keys()) {
    const bool takes_text = std::holds_alternative<std::string>(key.get(config));
    const Value wrong = takes_text ? Value{true} : Value{std::string{"no such value"}};
    EXPECT_TRUE(key.set(config, wrong).has_value()) << key.name;
  }
  EXPECT_EQ(to_toml(config), to_toml(Config{}));
}

// docs/errata.md: E1–E24 and M1–M32. A row is the source of a key, or said to be none.
TEST(Keys, CoverEveryRowOfTheErrata) {
  std::set<std::string> covered;
  const auto add_rows = [&](const std::string& text) {
    std::string word;
    for (const char c : text + " ") {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
        word += c;
      } else {
        covered.insert(word);
        word.clear();
      }
    }
  };
  for (const Key& key : keys()) add_rows(key.source);
  for (const FixedRow& row : fixed_rows()) add_rows(std::string{row.row});
  for (int i = 1; i <= 24; ++i) EXPECT_TRUE(covered.contains("E" + std::to_string(i))) << i;
  for (int i = 1; i <= 32; ++i) EXPECT_TRUE(covered.contains("M" + std::to_string(i))) << i;
}

TEST(Keys, AreWhatTheReferencePageSays) {
  std::ifstream stream{TOXVOL_SOURCE_DIR "/docs/config.md", std::ios::binary};
  const std::string page{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
  EXPECT_EQ(page, reference_page()) << "make docs writes it again";
}

}  // namespace
}  // namespace toxvol::config
