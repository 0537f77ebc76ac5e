#include "toxvol/csv/block_cutter.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/csv/text_source.hpp"
#include "toxvol/core/byte_source.hpp"

namespace toxvol::csv {
namespace {

struct Got {
  std::string text;
  std::int64_t byte = 0;
  std::int64_t length = 0;
  bool is_start_of_line = false;
  bool operator==(const Got&) const = default;
};

std::vector<Got> blocks_of(const std::string& text, std::size_t piece, std::size_t block_bytes,
                           std::size_t max_line = 1'000) {
  BlockCutter cutter{test::source(text, piece), block_bytes, max_line};
  std::vector<Got> blocks;
  TextBlock block;
  std::int64_t end = 0;
  while (cutter.next(block)) {
    end = block.byte + block.length;
    for (std::size_t i = 0; i < kPadding; ++i) EXPECT_EQ(block.bytes.at(block.size + i), '\0');
    blocks.push_back({std::string{block.text()}, block.byte, block.length, block.is_start_of_line});
  }
  EXPECT_EQ(end, static_cast<std::int64_t>(text.size()));
  EXPECT_FALSE(cutter.next(block)) << "the end is for ever";
  return blocks;
}

TEST(BlockCutter, CutsAtLineEndsWhateverThePiecesThatTheTextComesIn) {
  const std::vector<Got> expected{{"ab\ncd\n", 0, 6}, {"e\r\n\nf\n", 6, 6}, {"last", 12, 4}};
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1'000U}) {
    EXPECT_EQ(blocks_of("ab\ncd\ne\r\n\nf\nlast", piece, 7), expected) << piece;
  }
}

TEST(BlockCutter, ALineLongerThanABlockIsOneBlock) {
  const std::string line(50, 'x');
  EXPECT_EQ(blocks_of("a\n" + line + "\nb\n", 1'000, 7),
            (std::vector<Got>{{"a\n", 0, 2}, {line + "\nb\n", 2, 53}}));
}

TEST(BlockCutter, GivesNothingForNothing) {
  EXPECT_TRUE(blocks_of("", 1, 100).empty());
  EXPECT_EQ(blocks_of("\n", 1, 100), (std::vector<Got>{{"\n", 0, 1}}));
}

TEST(BlockCutter, LeavesAByteOrderMarkOutButCountsIt) {
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::size_t block_bytes : {1U, 3U, 4U, 100U}) {
    const auto blocks = blocks_of(mark + "ab\n", 1, block_bytes);
    std::string all;
    for (const Got& block : blocks) all += block.text;
    EXPECT_EQ(all, "ab\n") << block_bytes;
    EXPECT_EQ(blocks.front().byte, 3) << block_bytes;
  }
  EXPECT_EQ(blocks_of("a\n" + mark, 1, 100).front().text, "a\n" + mark) << "only at the start";
}

/// `bytes` digits without a line end.
class Flood final : public ByteSource {
 public:
  explicit Flood(std::size_t bytes) : left_{bytes} {}
  std::size_t read(std::span<char> out) override {
    const std::size_t size = std::min(out.size(), left_);
    std::fill_n(out.begin(), size, '7');
    left_ -= size;
    return size;
  }
  const std::string& name() const override { return name_; }

 private:
  std::string name_ = "flood";
  std::size_t left_;
};

TEST(BlockCutter, ALineOf100MegabytesIsOneBlockThatKeepsOnlyItsBeginning) {
  BlockCutter cutter{std::make_unique<Flood>(100'000'000), 1 << 20, 1 << 20};
  TextBlock block;
  ASSERT_TRUE(cutter.next(block));
  EXPECT_TRUE(block.is_start_of_line);
  EXPECT_LE(block.size, 1'000U);
  EXPECT_EQ(block.length, 100'000'000);
  EXPECT_LE(block.bytes.size(), std::size_t{4} << 20);
  EXPECT_FALSE(cutter.next(block));
}

TEST(BlockCutter, GoesOnBehindALineThatIsTooLong) {
  const std::string longer(40, 'x');
  for (const std::size_t piece : {1U, 7U, 1'000U}) {
    const auto blocks = blocks_of("a\n" + longer + "\nb\nc\n", piece, 4, 10);
    ASSERT_EQ(blocks.size(), 3U);
    EXPECT_TRUE(blocks[1].is_start_of_line);
    EXPECT_TRUE(longer.starts_with(blocks[1].text));
    EXPECT_EQ(blocks[1].length, 41);
    EXPECT_EQ(blocks[2].text, "b\nc\n");
    EXPECT_EQ(blocks[2].byte, 43);
  }
}

}  // namespace
}  // namespace toxvol::csv
