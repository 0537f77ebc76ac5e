#include "toxvol/report/packed.hpp"

#include <cmath>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/report/unpack.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/report/page_text.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

using Values = std::vector<std::optional<double>>;

constexpr double kLargestUnits = 2'251'799'813'685'248.0;

Values numbers(const Json& list) {
  Values values;
  for (const Json& one : list) {
    values.push_back(one.is_null() ? std::nullopt : std::optional{one.get<double>()});
  }
  return values;
}

/// How many bytes a column takes before they are compressed.
std::size_t bytes(const Json& packed) {
  return packed.at("data").get_binary().size();
}

// The file is read by web/tests/packed.test.mjs too: both sides are held by it.
TEST(Packed, IsWhatThePageUnpacks) {
  std::ifstream file{TOXVOL_SOURCE_DIR "/tests/report/packed.json"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const Json kept = Json::parse(text);
  std::vector<PackedColumn> columns;
  Json made = {{"cases", kept.at("cases")}};
  columns.reserve(made.at("cases").size());
  ASSERT_GE(made.at("cases").size(), 12U);
  for (Json& one : made.at("cases")) {
    Near near{.how = one.at("near").get_ref<const std::string&>(), .of = {}};
    for (const Json& row : one.at("of")) near.of.emplace_back(columns.at(row.get<std::size_t>()));
    columns.push_back(
        packed_column(numbers(one.at("values")), one.at("decimals").get<int>(), near));
    one["packed"] = columns.back().json;
  }
  const Json again = test::whole_page(page_text(made));
  // The compressed bytes may differ from one zlib to another.
  EXPECT_EQ(test::columns_of(again), test::columns_of(kept));
  EXPECT_EQ(again.at("cases"), kept.at("cases")) << again.dump();
  const Json page = test::page_json(page_text(made));
  for (const Json& one : page.at("cases")) {
    EXPECT_EQ(test::unpack(one.at("packed")), one.at("values")) << one.at("name");
  }
}

/// A column of one of the kinds that a report has, with gaps.
Values drawn(std::mt19937_64& random, std::size_t rows, int kind) {
  Values values;
  double level = 0.0;
  for (std::size_t row = 0; row < rows; ++row) {
    const double noise = static_cast<double>(random() % 20'001) - 10'000.0;
    if (kind == 0) level += noise;                              // a walk
    if (kind == 1) level = random() % 50 == 0 ? noise : level;  // steps
    if (kind == 2) level = noise;                               // noise
    if (kind == 3) level = noise > 0 ? kLargestUnits : -kLargestUnits;
    if (random() % 11 == 0) {
      values.emplace_back();
    } else {
      values.emplace_back(level);
    }
  }
  return values;
}

TEST(Packed, ColumnsOfEveryKindComeBackWhateverTheyAreNearTo) {
  std::mt19937_64 random{1};
  for (int round = 0; round < 200; ++round) {
    const std::size_t rows = random() % 300;
    const PackedColumn one = packed_column(drawn(random, rows, round % 4), 0);
    const PackedColumn two = packed_column(drawn(random, rows, round / 4 % 4), 0);
    for (const char* how : {"before", "most", "least"}) {
      const Values values = drawn(random, rows, round % 3);
      const PackedColumn kept = packed_column(values, 0, {.how = how, .of = {one, two}});
      EXPECT_EQ(numbers(test::unpack(kept.json)), values) << round << how;
    }
    EXPECT_EQ(test::unpack(one.json).size(), rows);
  }
}

TEST(Packed, ADistanceThatTheBrowserCouldNotHoldIsNotKept) {
  const PackedColumn far = packed_column(Values{kLargestUnits, -kLargestUnits, kLargestUnits}, 0);
  const Values values{-kLargestUnits, kLargestUnits, -kLargestUnits};
  const PackedColumn kept = packed_column(values, 0, {.how = "most", .of = {far}});
  EXPECT_EQ(numbers(test::unpack(kept.json)), values);
  EXPECT_LE(kept.json.at("planes"), 7);
}

TEST(Packed, WhatIsNearToAnotherColumnTakesFewBytes) {
  Values walk;
  Values above;
  for (int row = 0; row < 1000; ++row) {
    walk.emplace_back(40'000.0 + row * row % 7919);
    above.emplace_back(*walk.back() + row % 3);
  }
  const PackedColumn first = packed_column(walk, 1);
  EXPECT_EQ(bytes(packed_column(walk, 1, {.how = "most", .of = {first}}).json), 0U);
  EXPECT_EQ(bytes(packed_column(above, 1, {.how = "most", .of = {first}}).json), 1000U);
  EXPECT_GT(bytes(packed(above, 1)), 1000U);
}

TEST(Packed, KeepsWholeUnitsAndRoundsWhatIsBetween) {
  EXPECT_EQ(test::unpack(packed(Values{1.2344, 1.2346, -1.2346}, 3)),
            Json::parse("[1.234, 1.235, -1.235]"));
}

TEST(Packed, AValueThatIsNoNumberIsAbsent) {
  EXPECT_EQ(test::unpack(packed(Values{std::nan(""), 1.0, std::nullopt}, 0)),
            Json::parse("[null, 1.0, null]"));
}

TEST(Packed, RefusesWhatTheBrowserCouldNotHold) {
  EXPECT_NO_THROW((void)packed(Values{kLargestUnits}, 0));
  EXPECT_THROW((void)packed(Values{kLargestUnits}, 1), Error);
}

TEST(Packed, DecimalsLeaveTheLargestFourDigits) {
  EXPECT_EQ(decimals_for(Values{1.5, -4.9}), 3);
  EXPECT_EQ(decimals_for(Values{99'999.0}), 0);
  EXPECT_EQ(decimals_for(Values{0.00012}), 7);
  EXPECT_EQ(decimals_for(Values{0.0, std::nullopt}), 0);
}

}  // namespace

}  // namespace toxvol::report
