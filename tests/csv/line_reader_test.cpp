#include "toxvol/csv/line_reader.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/csv/text_source.hpp"

namespace toxvol::csv {
namespace {

struct Got {
  std::string text;
  std::int64_t number = 0;
  std::int64_t byte = 0;
  bool too_long = false;
  bool operator==(const Got&) const = default;
};

std::vector<Got> lines_of(const std::string& text, std::size_t piece, std::size_t max = 1'000) {
  LineReader reader{test::source(text, piece), max};
  std::vector<Got> lines;
  Line line;
  while (reader.next(line)) {
    lines.push_back({std::string{line.text}, line.number, line.byte, line.too_long});
  }
  EXPECT_EQ(reader.bytes(), static_cast<std::int64_t>(text.size()));
  EXPECT_FALSE(reader.next(line)) << "the end is for ever";
  return lines;
}

TEST(LineReader, CutsLinesWhateverThePiecesTheyComeIn) {
  const std::string text =
      "\xEF\xBB\xBF"
      "ab,c\r\n\nd\n\r\nlast\r";
  const std::vector<Got> expected{
      {"ab,c", 1, 3}, {"", 2, 9}, {"d", 3, 10}, {"", 4, 12}, {"last", 5, 14}};
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1'000U}) {
    EXPECT_EQ(lines_of(text, piece), expected) << piece;
  }
}

TEST(LineReader, GivesNothingForNothing) {
  EXPECT_TRUE(lines_of("", 1).empty());
  EXPECT_TRUE(lines_of("\xEF\xBB\xBF", 1).empty());
  EXPECT_EQ(lines_of("\n", 1), (std::vector<Got>{{"", 1, 0}}));
}

TEST(LineReader, ALineIsTooLongFromOneByteOverTheLimit) {
  const std::string ten(10, 'x');
  const std::string eleven(11, 'y');
  for (const std::size_t piece : {1U, 4U, 1'000U}) {
    const auto lines = lines_of(ten + "\n" + eleven + "\nz", piece, 10);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0], (Got{ten, 1, 0, false}));
    EXPECT_EQ(lines[1], (Got{eleven, 2, 11, true}));
    EXPECT_EQ(lines[2], (Got{"z", 3, 23, false}));
    EXPECT_EQ(lines_of(eleven, piece, 10), (std::vector<Got>{{eleven, 1, 0, true}}));
  }
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

TEST(LineReader, ALineOf100MegabytesIsOneLineAndKeepsOnlyItsBeginning) {
  LineReader reader{std::make_unique<Flood>(100'000'000), 1 << 20};
  Line line;
  ASSERT_TRUE(reader.next(line));
  EXPECT_TRUE(line.too_long);
  EXPECT_LE(line.text.size(), 1'000U);
  EXPECT_EQ(reader.bytes(), 100'000'000);
  EXPECT_FALSE(reader.next(line));
}

TEST(LineReader, LendsItsBytesWithPaddingThatIsNoDigit) {
  LineReader reader{test::source("abc\ndef\n"), 100};
  ASSERT_EQ(reader.buffered(), "abc\ndef\n");
  const char* const end = reader.buffered().data() + reader.buffered().size();
  for (std::size_t i = 0; i < LineReader::kPadding; ++i) EXPECT_EQ(end[i], '\0');
  reader.take_lines(4, 1);
  Line line;
  ASSERT_TRUE(reader.next(line));
  EXPECT_EQ(line.text, "def");
  EXPECT_EQ(line.number, 2);
  EXPECT_EQ(line.byte, 4);
}

}  // namespace
}  // namespace toxvol::csv
