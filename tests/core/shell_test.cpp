#include "toxvol/core/shell.hpp"

#include <gtest/gtest.h>

namespace toxvol {
namespace {

TEST(ShellWord, QuotesOnlyWhatAShellWouldRead) {
  EXPECT_EQ(shell_word("/data/BTCUSDT-1m=x:y,z+1_2.csv"), "/data/BTCUSDT-1m=x:y,z+1_2.csv");
  EXPECT_EQ(shell_word("my files"), "'my files'");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("~/x"), "'~/x'");
}

TEST(ShellCommand, IsItsWordsApartByBlanks) {
  EXPECT_EQ(shell_command({"toxvol", "check", "my files"}), "toxvol check 'my files'");
}

}  // namespace
}  // namespace toxvol
