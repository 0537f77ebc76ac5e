#include "toxvol/report/page_text.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/report/unpack.hpp"
#include "toxvol/report/packed.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

std::string text_of(const std::vector<unsigned char>& bytes) {
  return base64(bytes);
}

TEST(PageText, HoldsTheSameBytesOnce) {
  const std::vector<double> one = {1.0, 5.0, 2.0};
  const std::vector<double> other = {4.0, 1.0, 2.0};
  const Json page = test::whole_page(page_text(
      {{"a", packed(one, 0)}, {"b", {packed(other, 0), packed(one, 0)}}, {"c", packed(one, 1)}}));
  EXPECT_EQ(page.at("a").at("data"), 0);
  EXPECT_EQ(page.at("b").at(0).at("data"), 3);
  EXPECT_EQ(page.at("b").at(1).at("data"), 0);
  EXPECT_EQ(page.at("c").at("data"), 6);
  EXPECT_EQ(test::columns_of(page).size(), 9U);
}

TEST(PageText, OfTheSamePageIsTheSame) {
  std::vector<double> noise;
  noise.reserve(5000);
  for (int row = 0; row < 5000; ++row) noise.push_back(row * row % 7919);
  const Json data = {{"noise", packed(noise, 0)}};
  EXPECT_EQ(page_text(data), page_text(data));
  const Json again = test::page_json(page_text(data));
  EXPECT_EQ(test::unpack(again.at("noise")), Json(noise));
}

TEST(PageText, HoldsItsHeadAsItStandsAndTheRestPacked) {
  Json rows = Json::array();
  for (int row = 0; row < 500; ++row) rows.push_back({"2024-01-01 00:00", "stop", row});
  const Json data = {{"kind", "run"}, {"rows", rows}, {"title", "T"}, {"caption", "c"}};
  const std::string text = page_text(data);
  EXPECT_TRUE(text.starts_with(R"({"kind":"run","title":"T","caption":"c","rest":")")) << text;
  EXPECT_LT(text.size(), data.dump().size() / 4);
  Json again = test::whole_page(text);
  again.erase("columns");
  EXPECT_EQ(again.size(), data.size());
  for (const auto& [key, value] : data.items()) EXPECT_EQ(again.at(key), value) << key;
}

TEST(PageText, WithoutColumnsHasNoneAndADamagedNameDoesNotStopIt) {
  const std::string text = page_text({{"name", "a\xff"}, {"title", "\xff"}});
  const Json page = test::whole_page(text);
  EXPECT_EQ(page.at("columns"), "");
  EXPECT_EQ(page.at("name"), "a\xef\xbf\xbd");
  EXPECT_EQ(page.at("title"), "\xef\xbf\xbd");
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
