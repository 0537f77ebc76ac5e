#include "toxvol/report/packed.hpp"

#include <cmath>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/report/unpack.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

using Values = std::vector<std::optional<double>>;

Values numbers(const Json& list) {
  Values values;
  for (const Json& one : list) {
    values.push_back(one.is_null() ? std::nullopt : std::optional{one.get<double>()});
  }
  return values;
}

std::string text_of(const std::vector<unsigned char>& bytes) {
  return base64(bytes);
}

// The file is read by web/tests/packed.test.mjs too: both sides are held by it.
TEST(Packed, IsWhatThePageUnpacks) {
  std::ifstream file{TOXVOL_SOURCE_DIR "/tests/report/packed.json"};
  const Json cases = Json::parse(file);
  ASSERT_GE(cases.size(), 6U);
  for (const Json& one : cases) {
    const Json& packed_before = one.at("packed");
    EXPECT_EQ(packed(numbers(one.at("values")), packed_before.at("decimals").get<int>()),
              packed_before)
        << one.at("name");
    EXPECT_EQ(test::unpack(packed_before), one.at("values")) << one.at("name");
  }
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
  EXPECT_NO_THROW((void)packed(Values{2'251'799'813'685'248.0}, 0));
  EXPECT_THROW((void)packed(Values{2'251'799'813'685'248.0}, 1), Error);
}

TEST(Packed, DecimalsLeaveTheLargestFourDigits) {
  EXPECT_EQ(decimals_for(Values{1.5, -4.9}), 3);
  EXPECT_EQ(decimals_for(Values{99'999.0}), 0);
  EXPECT_EQ(decimals_for(Values{0.00012}), 7);
  EXPECT_EQ(decimals_for(Values{0.0, std::nullopt}), 0);
}

// RFC 4648, section 10.
TEST(Base64, IsThatOfTheStandard) {
  EXPECT_EQ(text_of({}), "");
  EXPECT_EQ(text_of({'f'}), "Zg==");
  EXPECT_EQ(text_of({'f', 'o'}), "Zm8=");
  EXPECT_EQ(text_of({'f', 'o', 'o'}), "Zm9v");
  EXPECT_EQ(text_of({'f', 'o', 'o', 'b', 'a', 'r'}), "Zm9vYmFy");
}

}  // namespace

}  // namespace toxvol::report
