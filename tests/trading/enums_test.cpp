#include "toxvol/trading/enums.hpp"

#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include "toxvol/core/regime.hpp"

namespace toxvol::trading {
namespace {

/// A vocabulary and its last enumerator.
template <auto kFinal>
struct Ending {
  using Enum = decltype(kFinal);
  static constexpr Enum kLast = kFinal;
};

template <class T>
class Words : public testing::Test {};
using All =
    testing::Types<Ending<Role::Script>, Ending<Alpha::Signal>, Ending<OrderType::Limit>,
                   Ending<TimeInForce::Fok>, Ending<OrderStatus::Rejected>,
                   Ending<RejectReason::RateLimit>, Ending<TriggerKind::Time>,
                   Ending<CommandKind::Cancel>, Ending<CommandOutcome::TooLate>,
                   Ending<Liquidity::Taker>, Ending<Regime::CrowdedShort>, Ending<FillRule::Liq>,
                   Ending<EquityCause::End>, Ending<Cap::MaxQty>, Ending<Reason::EnterShort>>;
TYPED_TEST_SUITE(Words, All);

TYPED_TEST(Words, AreAsManyAsTheEnumerators) {
  EXPECT_EQ(index_of(TypeParam::kLast) + 1, kCount<typename TypeParam::Enum>);
}

TYPED_TEST(Words, DifferAndAreReadBackAsWhatTheyName) {
  using Enum = typename TypeParam::Enum;
  std::set<std::string_view> seen;
  for (const std::string_view word : kWords<Enum>) {
    EXPECT_TRUE(seen.insert(word).second) << word;
    ASSERT_TRUE(parse<Enum>(word)) << word;
    EXPECT_EQ(name(*parse<Enum>(word)), word);
  }
  EXPECT_FALSE(parse<Enum>("no such word"));
}

// One enumerator in the middle of each longer list: a word too many or too few before it shifts it.
TEST(Vocabulary, EnumeratorsHaveTheirOwnWords) {
  EXPECT_EQ(name(Role::Opposite), "opposite");
  EXPECT_EQ(name(RejectReason::Margin), "margin");
  EXPECT_EQ(name(FillRule::X16), "X16");
  EXPECT_EQ(name(Reason::InPosition), "in_position");
  EXPECT_EQ(name(Reason::EnterShort), "enter_short");
  EXPECT_EQ(name(Regime::CrowdedLong), "crowded_long");
  EXPECT_EQ(name(Regime::Neutral), "neutral");
  EXPECT_EQ(parse<Regime>("crowded_short"), Regime::CrowdedShort);
}

TEST(Vocabulary, NoneHasNoWordWhereTheFilesHoldNull) {
  EXPECT_EQ(name(Alpha::None), "");
  EXPECT_EQ(name(RejectReason::None), "");
  EXPECT_EQ(name(Cap::None), "none");
}

}  // namespace
}  // namespace toxvol::trading
