#include "toxvol/run/schema.hpp"

#include <cstddef>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/factors/columns.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::run {
namespace {

const ColumnFacts& column(const std::vector<ColumnFacts>& facts, const std::string& name) {
  for (const ColumnFacts& fact : facts) {
    if (fact.column.name == name) return fact;
  }
  throw Error("no column " + name);
}

TEST(Schema, IsWhatTheReferencePageSays) {
  std::ifstream stream{TOXVOL_SOURCE_DIR "/docs/schemas.md", std::ios::binary};
  const std::string page{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
  const std::string begin = "<!-- begin: make docs -->\n";
  const std::size_t at = page.find(begin) + begin.size();
  EXPECT_EQ(page.substr(at, page.find("<!-- end -->") - at), schemas_page())
      << "make docs writes it again";
}

TEST(Schema, DecisionsAreTheFactorsAndTheDecision) {
  columnar::Schema decisions = table_schema("decisions");
  const columnar::Schema factors = factors_schema();
  ASSERT_EQ(decisions.size(), factors.size() + 5);
  decisions.resize(factors.size());
  EXPECT_EQ(decisions, factors);
}

TEST(Schema, EveryFactorIsANullableColumnWithAUnitAndAMeaning) {
  const auto facts = table_columns("decisions");
  for (const factors::Column& factor : factors::kColumns) {
    const ColumnFacts& fact = column(facts, std::string{factor.name});
    EXPECT_TRUE(fact.column.nullable) << factor.name;
    EXPECT_EQ(fact.column.type, columnar::ColumnType::Float64) << factor.name;
    EXPECT_EQ(fact.unit, factor.unit);
    EXPECT_NE(fact.meaning.find(factor.meaning), std::string::npos) << factor.name;
    EXPECT_FALSE(factor.unit.empty() || factor.meaning.empty()) << factor.name;
  }
}

TEST(Schema, ATextIsNullableWhereItsVocabularyHasAnEmptyWordAndListsTheOthers) {
  const auto facts = table_columns("orders");
  EXPECT_FALSE(column(facts, "role").column.nullable);
  EXPECT_EQ(column(facts, "role").words.size(), trading::kCount<trading::Role>);
  EXPECT_TRUE(column(facts, "alpha").column.nullable);
  EXPECT_EQ(column(facts, "alpha").words, (std::vector<std::string>{"a", "b", "signal"}));
  EXPECT_TRUE(column(facts, "cap").column.nullable);
  EXPECT_EQ(column(facts, "cap").words.front(), "none");
}

TEST(Schema, TheUnitOfADecimalIsThatOfItsType) {
  const auto facts = table_columns("fills");
  EXPECT_EQ(column(facts, "price").unit, "quote/base");
  EXPECT_EQ(column(facts, "qty").unit, "base");
  EXPECT_EQ(column(facts, "fee").unit, "quote");
}

TEST(Schema, AnUnknownTableIsAnError) {
  EXPECT_THROW((void)table_columns("trades"), Error);
}

}  // namespace
}  // namespace toxvol::run
