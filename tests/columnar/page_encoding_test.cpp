#include "toxvol/columnar/page_encoding.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/turns.hpp"
#include "toxvol/columnar/varint.hpp"

namespace toxvol::columnar {
namespace {

using Longs = std::vector<std::int64_t>;

Longs random_longs(std::mt19937_64& random, std::size_t count) {
  Longs values(count);
  const unsigned shift = random() % 64;
  std::int64_t value = static_cast<std::int64_t>(random());
  for (std::int64_t& out : values) {
    const auto step = static_cast<std::int64_t>(random()) >> shift;
    value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) +
                                      static_cast<std::uint64_t>(random() % 4 == 0 ? step : 1));
    out = value;
  }
  return values;
}

bool deltas_come_back(const Longs& values) {
  for (const Width width : {Width::WholeBytes, Width::Bits}) {
    Bytes page;
    put_deltas(values, width, page);
    ByteView left = page;
    Longs again(values.size());
    if (!get_deltas(left, again) || !left.empty() || again != values) return false;
  }
  return true;
}

TEST(PageEncoding, DeltasComeBackWhateverTheValues) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(deltas_come_back({}));
  EXPECT_TRUE(deltas_come_back({kLeast}));
  EXPECT_TRUE(deltas_come_back({kLeast, kMost, kLeast, 0, kMost}));
  // Both sides of each width.
  for (int bits = 1; bits <= 63; ++bits) {
    const std::int64_t bound = bits == 63 ? kMost : std::int64_t{1} << bits;
    for (const std::int64_t delta : {bound - 1, bound}) {
      EXPECT_TRUE(deltas_come_back({0, delta})) << delta;
      EXPECT_TRUE(deltas_come_back({0, -1, delta - 1})) << delta;
    }
  }
  std::mt19937_64 random{7};
  for (const std::size_t count : {2U, 32U, 33U, 34U, 128U, 129U, 130U, 161U, 1'000U, 65'536U}) {
    for (int turn = 0; turn < 20; ++turn) {
      EXPECT_TRUE(deltas_come_back(random_longs(random, count))) << count;
    }
  }
}

TEST(PageEncoding, DifferencesTakeWholeBytesOrFromNineOnAsManyBitsAsTheLargest) {
  Longs values(129);  // one block of 128 differences, of 9 bits
  for (std::size_t i = 1; i < values.size(); ++i)
    values[i] = values[i - 1] + (i % 2 == 0 ? 1 : 300);
  Bytes whole;
  Bytes bits;
  put_deltas(values, Width::WholeBytes, whole);
  put_deltas(values, Width::Bits, bits);
  EXPECT_EQ(whole.size() - bits.size(), 128U * (16 - 9) / 8);

  for (std::size_t i = 1; i < values.size(); ++i)
    values[i] = values[i - 1] + (i % 2 == 0 ? 1 : 255);
  whole.clear();
  bits.clear();
  put_deltas(values, Width::WholeBytes, whole);
  put_deltas(values, Width::Bits, bits);
  EXPECT_EQ(whole, bits);
}

TEST(PageEncoding, IndicesComeBackAtEachWidth) {
  std::mt19937_64 random{8};
  for (const std::size_t distinct : {1U, 2U, 3U, 256U, 257U, 65'536U}) {
    for (const std::size_t count : {1U, 7U, 8U, 9U, 65'536U}) {
      std::vector<std::uint16_t> indices(count);
      for (auto& index : indices) index = static_cast<std::uint16_t>(random() % distinct);
      indices.back() = static_cast<std::uint16_t>(distinct - 1);
      Bytes page;
      put_indices(indices, distinct, page);
      std::vector<std::uint16_t> again(count);
      EXPECT_TRUE(get_indices(page, again));
      EXPECT_EQ(again, indices) << distinct << " " << count;
    }
  }
}

TEST(PageEncoding, TextsComeBack) {
  const std::vector<std::string> texts{"", "9", "99", "100", "101", "1", "", "-7", "-7", "70"};
  std::string all;
  Longs sizes;
  for (const std::string& text : texts) {
    all += text;
    sizes.push_back(static_cast<std::int64_t>(text.size()));
  }
  Bytes page;
  put_texts(all, sizes, page);
  std::string again;
  Longs sizes_again(sizes.size());
  EXPECT_TRUE(get_texts(page, again, sizes_again));
  EXPECT_EQ(again, all);
  EXPECT_EQ(sizes_again, sizes);
}

TEST(PageEncoding, ADamagedPageIsRefusedOrGivesOtherValuesAndHarmsNothing) {
  std::mt19937_64 random{9};
  for (int turn = 0; turn < toxvol::test::turns(3'000, 20'000); ++turn) {
    const Longs values = random_longs(random, 8 * (1 + random() % 40));
    std::vector<std::uint16_t> indices;
    std::string text;
    Longs sizes;
    for (const std::int64_t value : values) {
      indices.push_back(static_cast<std::uint16_t>(value));
      const std::string one = std::to_string(value);
      text += one;
      sizes.push_back(static_cast<std::int64_t>(one.size()));
    }
    Bytes deltas;
    Bytes packed;
    Bytes texts;
    put_deltas(values, turn % 2 == 0 ? Width::WholeBytes : Width::Bits, deltas);
    put_indices(indices, 65'536, packed);
    put_texts(text, sizes, texts);
    for (Bytes* page : {&deltas, &packed, &texts}) {
      if (random() % 4 == 0) {
        page->resize(random() % page->size());
      } else {
        (*page)[random() % page->size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
      }
    }
    Longs longs(values.size());
    ByteView left = deltas;
    // A width beside padding may change without any value; of indices every bit counts.
    static_cast<void>(get_deltas(left, longs));
    std::vector<std::uint16_t> again(indices.size());
    EXPECT_FALSE(get_indices(packed, again) && again == indices);
    std::string text_again;
    Longs sizes_again(sizes.size());
    static_cast<void>(get_texts(texts, text_again, sizes_again));
  }
}

struct Numbered {
  Longs distinct;
  std::vector<std::uint16_t> indices;
};
Numbered numbered(Dictionary& dictionary, const Longs& values) {
  Numbered found{.distinct = {}, .indices = std::vector<std::uint16_t>(values.size())};
  dictionary.number(values, found.indices);
  found.distinct.assign(dictionary.values().begin(), dictionary.values().end());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(found.distinct.at(found.indices[i]), values[i]);
  }
  return found;
}

TEST(Dictionary, NumbersValuesOnAGridByTheirSize) {
  Dictionary dictionary;
  const Numbered prices = numbered(dictionary, {30, -20, 30, 5, 5, -20});
  EXPECT_EQ(prices.distinct, (Longs{-20, 5, 30}));
  EXPECT_EQ(prices.indices, (std::vector<std::uint16_t>{2, 0, 2, 1, 1, 0}));
  EXPECT_EQ(numbered(dictionary, {7}).distinct, (Longs{7}));
  EXPECT_EQ(numbered(dictionary, {7, 7, 7}).distinct, (Longs{7}));
  // All that there can be, on a step with factors of two and others.
  Longs all(65'536);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = 1'000'000'000'000 - 12 * static_cast<std::int64_t>(i);
  }
  const Numbered most = numbered(dictionary, all);
  EXPECT_EQ(most.distinct.size(), 65'536U);
  EXPECT_EQ(most.indices.front(), 65'535);
}

TEST(Dictionary, FindsAStepThatOnlyLateValuesNeed) {
  Dictionary dictionary;
  Longs values(300);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 40 * static_cast<std::int64_t>(i % 7);
  values.back() = 30;
  EXPECT_EQ(numbered(dictionary, values).distinct, (Longs{0, 30, 40, 80, 120, 160, 200, 240}));
}

TEST(Dictionary, NumbersOtherValuesInTheOrderInWhichTheyCome) {
  Dictionary dictionary;
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  for (int turn = 0; turn < 2; ++turn) {  // what it held is forgotten
    EXPECT_EQ(numbered(dictionary, {kMost, kLeast, 0, kMost}).distinct, (Longs{kMost, kLeast, 0}));
    EXPECT_EQ(numbered(dictionary, {0, kMost, 1}).distinct, (Longs{0, kMost, 1}));
  }
  // Three values may have a grid of 24 places.
  EXPECT_EQ(numbered(dictionary, {16, 15, 0}).distinct, (Longs{0, 15, 16}));
  EXPECT_EQ(numbered(dictionary, {24, 23, 0}).distinct, (Longs{24, 23, 0}));
  Longs far(65'536);
  for (std::size_t i = 0; i < far.size(); ++i) far[i] = static_cast<std::int64_t>(65'536 - i) << 40;
  far[1] += 1;
  EXPECT_EQ(numbered(dictionary, far).distinct, far);
}

TEST(Dictionary, GivesBackAnyValues) {
  Dictionary dictionary;
  std::mt19937_64 random{10};
  for (int turn = 0; turn < 300; ++turn) {
    Longs values(1 + random() % 2'000);
    const auto step = static_cast<std::int64_t>(1 + random() % 1'000);
    const std::uint64_t range = std::uint64_t{1} << random() % 20;
    for (auto& value : values) value = static_cast<std::int64_t>(random() % range) * step - 5'000;
    static_cast<void>(numbered(dictionary, values));
  }
}

}  // namespace
}  // namespace toxvol::columnar
