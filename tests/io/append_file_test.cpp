#include "toxvol/io/append_file.hpp"

#include <filesystem>
#include <fstream>
#include <ios>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/fresh_folder.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"

namespace toxvol::io {
namespace {

namespace fs = std::filesystem;

class AppendLines : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(folder_); }

  std::string after(const std::string& before, const std::string& lines) {
    std::ofstream{folder_ / "log", std::ios::binary} << before;
    append_lines(folder_ / "log", folder_ / "lock", lines);
    return read_file(folder_ / "log");
  }

  fs::path folder_ = toxvol::test::fresh_folder();
};

TEST_F(AppendLines, MakesTheFileWhereThereIsNone) {
  append_lines(folder_ / "log", folder_ / "lock", "a\nb\n");
  EXPECT_EQ(read_file(folder_ / "log"), "a\nb\n");
}

TEST_F(AppendLines, KeepsWhatStandsThere) {
  EXPECT_EQ(after("a\n", "b\n"), "a\nb\n");
}

TEST_F(AppendLines, EndsALineThatAKilledWriterLeft) {
  EXPECT_EQ(after("a\nhal", "b\n"), "a\nhal\nb\n");
}

TEST_F(AppendLines, SaysWhatCannotBeWritten) {
  fs::create_directories(folder_ / "log");
  EXPECT_THROW(append_lines(folder_ / "log", folder_ / "lock", "a\n"), Error);
  EXPECT_THROW(append_lines(folder_ / "none" / "log", folder_ / "none" / "lock", "a\n"), Error);
}

}  // namespace
}  // namespace toxvol::io
