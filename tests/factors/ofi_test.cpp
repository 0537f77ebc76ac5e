#include "toxvol/factors/ofi.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/real_data.hpp"
#include "tests/factors/support.hpp"
#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"

namespace toxvol::factors {
namespace {

using test::quote;
using test::Random;

std::vector<Quote> random_quotes(std::uint64_t seed, int count, bool moves) {
  Random random{seed};
  std::vector<Quote> quotes;
  std::int64_t bid = 1000;
  for (int i = 0; i < count; ++i) {
    if (moves) bid += random.below(3) - 1;
    const std::int64_t spread = moves ? 1 + random.below(2) : 1;
    quotes.push_back(quote(i, bid, 1 + random.below(9), bid + spread, 1 + random.below(9)));
  }
  return quotes;
}

OfiIncrement total(const std::vector<Quote>& quotes) {
  OfiIncrement sum;
  for (std::size_t i = 1; i < quotes.size(); ++i) {
    const auto [cks, document] = ofi_increment(quotes[i - 1], quotes[i]);
    sum.cks += cks;
    sum.document += document;
  }
  return sum;
}

// docs/factors/ofi.md, "Worked numbers": each row of the vector meets another case of the ask side.
TEST(OfiIncrement, IsTheHandVectorOfTheReference) {
  const std::vector<Quote> quotes{quote(0, 1000, 5, 1001, 4), quote(1, 1000, 7, 1001, 4),
                                  quote(2, 1000, 7, 1001, 1), quote(3, 1001, 2, 1002, 6),
                                  quote(4, 1000, 3, 1001, 8)};
  const std::vector<std::int64_t> cks{2, 3, 3, -10};
  const std::vector<std::int64_t> document{2, 3, 1, 6};
  for (std::size_t i = 0; i < cks.size(); ++i) {
    const OfiIncrement increment = ofi_increment(quotes[i], quotes[i + 1]);
    EXPECT_EQ(increment.cks, cks[i] * Qty::kOne) << i;
    EXPECT_EQ(increment.document, document[i] * Qty::kOne) << i;
  }
}

TEST(OfiIncrement, TelescopesToTheChangeOfSizesWhilePricesStand) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto quotes = random_quotes(seed, 100, false);
    const std::int64_t change = (quotes.back().bid_qty - quotes.front().bid_qty).raw() -
                                (quotes.back().ask_qty - quotes.front().ask_qty).raw();
    EXPECT_EQ(total(quotes).cks, change);
  }
}

Quote mirrored(const Quote& q) {
  Quote m = q;
  m.bid = -q.ask;
  m.ask = -q.bid;
  m.bid_qty = q.ask_qty;
  m.ask_qty = q.bid_qty;
  return m;
}

TEST(OfiIncrement, FlipsItsSignInTheMirrorAndTheDocumentsDoesNot) {
  bool document_differs = false;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto quotes = random_quotes(seed, 100, true);
    std::vector<Quote> mirror;
    mirror.reserve(quotes.size());
    for (const Quote& q : quotes) mirror.push_back(mirrored(q));
    EXPECT_EQ(total(mirror).cks, -total(quotes).cks);
    document_differs = document_differs || total(mirror).document != -total(quotes).document;
  }
  EXPECT_TRUE(document_differs);
}

TEST(OfiIncrement, ScalesWithTheSizes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto quotes = random_quotes(seed, 100, true);
    std::vector<Quote> tripled = quotes;
    for (Quote& q : tripled) {
      q.bid_qty = Qty::from_raw(3 * q.bid_qty.raw());
      q.ask_qty = Qty::from_raw(3 * q.ask_qty.raw());
    }
    EXPECT_EQ(total(tripled).cks, 3 * total(quotes).cks);
    EXPECT_EQ(total(tripled).document, 3 * total(quotes).document);
  }
}

// docs/factors/ofi.md, over the recorded window of 2024-08-08 (the last quote is of the next day).
TEST(OfiIncrement, HasTheTotalsAndTransitionsOfTheRecordedWindow) {
  auto quotes = test::recorded_quotes("2024-08-08");
  const auto rest = test::recorded_quotes("2024-08-09");
  if (quotes.empty() || rest.empty()) GTEST_SKIP() << "no recorded data";
  quotes.insert(quotes.end(), rest.begin(), rest.end());
  ASSERT_EQ(quotes.size(), 66'089U);

  std::map<std::pair<int, int>, int> transitions;
  const auto direction = [](Price before, Price now) { return (now > before) - (now < before); };
  for (std::size_t i = 1; i < quotes.size(); ++i) {
    ++transitions[{direction(quotes[i - 1].bid, quotes[i].bid),
                   direction(quotes[i - 1].ask, quotes[i].ask)}];
  }
  const std::map<std::pair<int, int>, int> expected{
      {{0, 0}, 64'062}, {{-1, 0}, 289}, {{0, -1}, 411}, {{-1, -1}, 341},
      {{1, 1}, 282},    {{0, 1}, 286},  {{1, 0}, 417}};
  EXPECT_EQ(transitions, expected);
  EXPECT_EQ(total(quotes).cks, -10'835'600'000);
  EXPECT_EQ(total(quotes).document, 264'969'200'000);
}

}  // namespace
}  // namespace toxvol::factors
