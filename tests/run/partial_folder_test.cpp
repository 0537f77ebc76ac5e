#include "toxvol/run/partial_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/run/sample_run.hpp"
#include "toxvol/core/error.hpp"

namespace {

namespace fs = std::filesystem;
using toxvol::run::PartialFolder;
using toxvol::run::test::read_text;
using toxvol::run::test::TemporaryFolder;
using Names = std::vector<std::string>;

void put(const fs::path& path, const std::string& text) {
  std::ofstream{path} << text;
}

TEST(PartialFolder, AppearsAtCommitAndNotBefore) {
  const TemporaryFolder temporary;
  PartialFolder folder{temporary.path() / "deep" / "x", false};
  put(folder.path() / "run.json", "{}");
  EXPECT_FALSE(fs::exists(temporary.path() / "deep" / "x"));
  folder.commit();
  EXPECT_EQ(read_text(temporary.path() / "deep" / "x" / "run.json"), "{}");
  EXPECT_EQ(Names{"deep"}, temporary.names());
}

TEST(PartialFolder, WithoutCommitLeavesNothing) {
  const TemporaryFolder temporary;
  {
    const PartialFolder folder{temporary.path() / "x", false};
    put(folder.path() / "run.json", "{}");
    EXPECT_EQ(temporary.names().size(), 1U);
    EXPECT_TRUE(temporary.names().front().starts_with(".x.partial-"));
  }
  EXPECT_TRUE(temporary.names().empty());
}

TEST(PartialFolder, RefusesAnExistingTargetAndNamesTheFlag) {
  const TemporaryFolder temporary;
  fs::create_directory(temporary.path() / "x");
  try {
    const PartialFolder folder{temporary.path() / "x", false};
    FAIL();
  } catch (const toxvol::Error& error) {
    EXPECT_NE(std::string{error.what()}.find("--force"), std::string::npos);
  }
  EXPECT_EQ(Names{"x"}, temporary.names());
}

TEST(PartialFolder, NamesTheTargetThatCannotBeMadeAndWhatToDo) {
  const TemporaryFolder temporary;
  put(temporary.path() / "file", "");
  const fs::path target = temporary.path() / "file" / "x";
  try {
    const PartialFolder folder{target, false};
    FAIL();
  } catch (const toxvol::Error& error) {
    EXPECT_EQ(std::string{error.what()},
              target.string() + ": cannot create: Not a directory; check the path");
  }
}

TEST(PartialFolder, WithForceReplacesAtCommitOnly) {
  const TemporaryFolder temporary;
  const fs::path target = temporary.path() / "x";
  fs::create_directory(target);
  put(target / "run.json", "old");
  put(target / "report.html", "old");
  {
    const PartialFolder folder{target, true};
    put(folder.path() / "run.json", "abandoned");
  }
  EXPECT_EQ(read_text(target / "run.json"), "old");
  PartialFolder folder{target.string() + "/", true};
  put(folder.path() / "run.json", "new");
  EXPECT_EQ(read_text(target / "run.json"), "old");
  folder.commit();
  EXPECT_EQ(read_text(target / "run.json"), "new");
  EXPECT_FALSE(fs::exists(target / "report.html"));
  EXPECT_EQ(Names{"x"}, temporary.names());
}

TEST(PartialFolder, ForceDoesNotReplaceWhatIsNoRun) {
  const TemporaryFolder temporary;
  fs::create_directory(temporary.path() / "x");
  put(temporary.path() / "x" / "thesis.tex", "years of work");
  EXPECT_THROW(PartialFolder(temporary.path() / "x", true), toxvol::Error);
  put(temporary.path() / "file", "a file");
  EXPECT_THROW(PartialFolder(temporary.path() / "file", true), toxvol::Error);
  EXPECT_EQ(read_text(temporary.path() / "x" / "thesis.tex"), "years of work");
}

TEST(PartialFolder, RemovesWhatAKilledProcessLeftBehind) {
  const TemporaryFolder temporary;
  fs::create_directory(temporary.path() / ".x.partial-killed");
  put(temporary.path() / ".x.partial-killed" / "fills.parquet", "half");
  fs::create_directory(temporary.path() / ".xy.partial-other");
  PartialFolder folder{temporary.path() / "x", false};
  folder.commit();
  EXPECT_EQ((Names{".xy.partial-other", "x"}), temporary.names());
}

TEST(PartialFolder, SparesWhatALivingProcessWrites) {
  const TemporaryFolder temporary;
  PartialFolder living{temporary.path() / "x", false};
  put(living.path() / "run.json", "living");
  EXPECT_THROW(PartialFolder(temporary.path() / "x", false), toxvol::Error);
  living.commit();
  EXPECT_EQ(read_text(temporary.path() / "x" / "run.json"), "living");
}

}  // namespace
