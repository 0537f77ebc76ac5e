// The rows of docs/errata.md, the keys and the shipped variants hang together: every row is a key
// or says why it is none, and every reading is a value that a variant or the default runs.
#include <algorithm>
#include <cstddef>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/study/values.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/embedded.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"

namespace toxvol::study {
namespace {

struct Reading {
  std::string row;
  std::vector<std::pair<std::string, std::string>> values{};  // key and value, as written
  std::string run_by{};
};

struct Errata {
  std::set<std::string> rows;  // of the two tables of errors and ambiguities
  std::vector<Reading> readings;
};

std::vector<std::string> matches(const std::string& text, const char* pattern) {
  std::vector<std::string> found;
  const std::regex wanted{pattern};
  for (std::sregex_iterator it{text.begin(), text.end(), wanted}; it != std::sregex_iterator{};
       ++it) {
    found.push_back(it->str(1));
  }
  return found;
}

Errata read_errata() {
  Errata errata;
  std::istringstream page{io::read_file(kSource / "docs/errata.md")};
  bool is_reading = false;
  for (std::string line; std::getline(page, line);) {
    is_reading = is_reading || line == "## The readings as keys";
    std::smatch start;
    const std::regex row{is_reading ? "^\\| [^|]+ \\| ([EM][0-9]+) \\|" : "^\\| ([EM][0-9]+) \\|"};
    if (!std::regex_search(line, start, row)) continue;
    if (!is_reading) {
      errata.rows.insert(start[1]);
      continue;
    }
    Reading reading{.row = start[1]};
    for (const std::string& code : matches(line, "`([a-z_]+\\.[a-z0-9_]+ = [^`]+)`")) {
      const auto equals = code.find(" = ");
      reading.values.emplace_back(code.substr(0, equals), code.substr(equals + 3));
    }
    std::smatch end;
    EXPECT_TRUE(std::regex_search(line, end, std::regex{"\\| `?([a-z0-9_]+)`? \\|$"})) << line;
    reading.run_by = end[1];
    errata.readings.push_back(std::move(reading));
  }
  return errata;
}

const Errata& errata() {
  static const Errata read = read_errata();
  return read;
}

/// The value as the configuration writes it.
std::string written(const std::string& key, const std::string& value) {
  config::Config config = config::preset("A");
  config::set(config, key + "=" + value);
  return config::to_toml(config::key_of(key).get(config));
}

std::vector<std::string> rows_of(const config::Key& key) {
  return matches(key.source, "\\b([EM][0-9]+)\\b");
}

const DesignPoints& variants_of_a() {
  static const DesignPoints points = [] {
    static const Design design =
        parse_design(*config::embedded_design("ablation"), "presets/ablation.toml");
    std::set<std::string> groups;
    for (const Variant& variant : design.variants) groups.insert(variant.group);
    return points_of(
        design,
        {.base = config::preset("A"), .inputs = kAll, .groups = {groups.begin(), groups.end()}});
  }();
  return points;
}

TEST(ErrataReadings, EveryRowIsAKeyOrSaysWhyItIsNone) {
  EXPECT_EQ(errata().rows.size(), 56U);  // E1 to E24, M1 to M32
  std::set<std::string> read;
  for (const Reading& reading : errata().readings) read.insert(reading.row);
  for (const config::FixedRow& fixed : config::fixed_rows()) {
    EXPECT_FALSE(read.contains(std::string{fixed.row})) << fixed.row;
    read.insert(std::string{fixed.row});
  }
  EXPECT_EQ(read, errata().rows);
}

TEST(ErrataReadings, EachIsRunByTheDefaultOrByTheVariantThatItNames) {
  const config::Config preset_a = config::preset("A");
  for (const Reading& reading : errata().readings) {
    ASSERT_FALSE(reading.values.empty()) << reading.row << " " << reading.run_by;
    const auto& points = variants_of_a().points;
    const auto point = std::ranges::find(points, reading.run_by, &Point::name);
    const bool is_default = reading.run_by == "default";
    ASSERT_TRUE(is_default || point != points.end()) << reading.row << " " << reading.run_by;
    const config::Config& runs = is_default ? preset_a : point->config;
    for (const auto& [key, value] : reading.values) {
      EXPECT_EQ(config::to_toml(config::key_of(key).get(runs)), written(key, value))
          << reading.row << " " << reading.run_by << " " << key;
    }
  }
}

TEST(ErrataReadings, EveryKeyOfARowStandsThere) {
  std::set<std::pair<std::string, std::string>> told;
  for (const Reading& reading : errata().readings) {
    for (const auto& [key, value] : reading.values) told.emplace(reading.row, key);
  }
  std::size_t checked = 0;
  for (const config::Key& key : config::keys()) {
    for (const std::string& row : rows_of(key)) {
      EXPECT_TRUE(told.contains({row, key.name})) << row << " " << key.name;
      ++checked;
    }
  }
  EXPECT_GT(checked, 70U);
}

// A choice is a list of words: each of them is a reading, and none is left out.
TEST(ErrataReadings, EveryWordOfAChoiceIsOne) {
  std::map<std::string, std::set<std::string>> told;
  for (const Reading& reading : errata().readings) {
    for (const auto& [key, value] : reading.values) told[key].insert(value);
  }
  std::size_t checked = 0;
  for (const config::Key& key : config::keys()) {
    if (rows_of(key).empty() ||
        !std::regex_match(key.type, std::regex{"[a-z0-9_]+( \\| [a-z0-9_]+)+"}) ||
        key.type == "true | false") {
      continue;
    }
    for (const std::string& word : matches(key.type, "([a-z0-9_]+)")) {
      EXPECT_TRUE(told[key.name].contains("\"" + word + "\"")) << key.name << " " << word;
      ++checked;
    }
  }
  EXPECT_GT(checked, 60U);
}

// R33: a row of docs/errata.md that has a key is moved by a variant.
TEST(ErrataReadings, EveryRowWithAKeyIsMovedByAVariant) {
  const config::Config preset_a = config::preset("A");
  std::set<std::string> moved;
  for (const Reading& reading : errata().readings) {
    for (const auto& [key, value] : reading.values) {
      const std::string standing = config::to_toml(config::key_of(key).get(preset_a));
      if (written(key, value) != standing) moved.insert(reading.row);
    }
  }
  for (const Reading& reading : errata().readings) {
    EXPECT_TRUE(moved.contains(reading.row)) << reading.row;
  }
}

}  // namespace
}  // namespace toxvol::study
