#include "toxvol/stats/random.hpp"

#include <cstdint>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"

namespace toxvol::stats {
namespace {

using test::kSeed;

TEST(Draws, AreThoseOfTheResearchPage) {
  const Draws draws{kSeed, Stream::Series};
  EXPECT_EQ(draws(0, 0), 0x328b43dc0bf159e5U);
  EXPECT_EQ(draws(0, 1), 0xdc139147395e8b4cU);
  EXPECT_EQ(draws(1, 0), 0x1aef7af4f5bd11ffU);
  EXPECT_EQ(draws(2, 5), 0x0dd765125f72ff73U);
}

TEST(Draws, BelowScalesTheWholeWord) {
  const Draws draws{kSeed, Stream::Series};
  EXPECT_EQ(below(draws(0, 0), 1000), 197U);
  EXPECT_EQ(below(draws(0, 1), 1000), 859U);
  EXPECT_EQ(below(draws(0, 2), 1000), 481U);
  EXPECT_EQ(below(draws(0, 3), 1000), 483U);
  EXPECT_EQ(below(~std::uint64_t{0}, 1000), 999U);
  EXPECT_EQ(below(0, 1000), 0U);
}

TEST(Draws, UniformsHaveTheDigitsOfTheResearchPage) {
  const Draws draws{kSeed, Stream::TestSeries};
  test::expect_digits(uniform(draws(0, 0)), 0.9748021209);
  test::expect_digits(uniform(draws(0, 1)), 0.3105192652);
  test::expect_digits(uniform(draws(0, 2)), 0.5766906891);
  EXPECT_GT(uniform(0), 0.0);
  EXPECT_LE(uniform(~std::uint64_t{0}), 1.0);
}

TEST(Draws, AnotherStreamOrSeedGivesOthers) {
  EXPECT_NE((Draws{7, Stream::Series}(0, 0)), (Draws{7, Stream::Pair}(0, 0)));
  EXPECT_NE((Draws{7, Stream::Series}(0, 0)), (Draws{8, Stream::Series}(0, 0)));
}

}  // namespace
}  // namespace toxvol::stats
