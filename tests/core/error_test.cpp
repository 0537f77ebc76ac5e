#include "toxvol/core/error.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/problem.hpp"

namespace toxvol {
namespace {

TEST(Error, SaysWhatKindItIs) {
  EXPECT_EQ(Error{"x"}.code(), ErrorCode::Failed);
  EXPECT_EQ((Error{"x", ErrorCode::Io}.code()), ErrorCode::Io);
  EXPECT_EQ(UsageError{"x"}.code(), ErrorCode::Usage);
}

TEST(FileError, BeginsWithItsFileWhateverIsInTheName) {
  const FileError error{"a: b.parquet", "cut: short", ErrorCode::Corrupt};
  EXPECT_EQ(std::string{error.what()}, "a: b.parquet: cut: short");
  EXPECT_EQ(error.file(), "a: b.parquet");
  EXPECT_EQ(error.code(), ErrorCode::Corrupt);
}

TEST(Error, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ErrorCode::Io); ++i) {
    const std::string_view text = name(static_cast<ErrorCode>(i));
    EXPECT_FALSE(text.empty()) << i;
    EXPECT_TRUE(names.insert(text).second) << text;
  }
}

TEST(Problem, TheFirstIsRefusedByItsKey) {
  EXPECT_NO_THROW(refuse_any({}));
  try {
    refuse_any({{"a.x", "is wrong"}, {"b.y", "too"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string{error.what()}, "a.x: is wrong");
    EXPECT_EQ(error.code(), ErrorCode::Config);
  }
}

}  // namespace
}  // namespace toxvol
