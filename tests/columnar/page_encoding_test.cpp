#include "toxvol/columnar/page_encoding.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

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
  Bytes page;
  put_deltas(values, page);
  ByteView left = page;
  Longs again(values.size());
  return get_deltas(left, again) && left.empty() && again == values;
}

TEST(PageEncoding, DeltasComeBackWhateverTheValues) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(deltas_come_back({}));
  EXPECT_TRUE(deltas_come_back({kLeast}));
  EXPECT_TRUE(deltas_come_back({kLeast, kMost, kLeast, 0, kMost}));
  // Both sides of each width.
  for (const int bits : {8, 16, 32, 63}) {
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
  for (int turn = 0; turn < 20'000; ++turn) {
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
    put_deltas(values, deltas);
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

TEST(Dictionary, NumbersValuesInTheOrderInWhichTheyCome) {
  Dictionary dictionary;
  EXPECT_EQ(dictionary.index_of(0), 0);
  EXPECT_EQ(dictionary.index_of(-5), 1);
  EXPECT_EQ(dictionary.index_of(0), 0);
  EXPECT_EQ(Longs(dictionary.values().begin(), dictionary.values().end()), (Longs{0, -5}));
  dictionary.clear();
  EXPECT_EQ(dictionary.index_of(-5), 0);
  for (std::int64_t i = 0; i < 65'535; ++i) {
    ASSERT_EQ(dictionary.index_of(i << 40), static_cast<std::uint16_t>(i + 1));
  }
  EXPECT_EQ(dictionary.index_of(std::int64_t{65'534} << 40), 65'535);
}

}  // namespace
}  // namespace toxvol::columnar
