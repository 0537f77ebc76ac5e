#include "toxvol/io/partial_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fresh_folder.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::io {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

constexpr FolderKind kRun{.name = "run folder", .file = "run.json"};

class TemporaryFolder {
 public:
  TemporaryFolder() = default;
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { fs::remove_all(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }
  /// Of what is in it, sorted.
  [[nodiscard]] Names names() const {
    Names names;
    for (const auto& entry : fs::directory_iterator{path_}) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  fs::path path_ = test::fresh_folder();
};

std::string read_text(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

void put(const fs::path& path, const std::string& text) {
  std::ofstream{path} << text;
}

TEST(PartialFolder, AppearsAtCommitAndNotBefore) {
  const TemporaryFolder temporary;
  PartialFolder folder{temporary.path() / "deep" / "x", false, kRun};
  put(folder.path() / "run.json", "{}");
  EXPECT_FALSE(fs::exists(temporary.path() / "deep" / "x"));
  folder.commit();
  EXPECT_EQ(read_text(temporary.path() / "deep" / "x" / "run.json"), "{}");
  EXPECT_EQ(Names{"deep"}, temporary.names());
}

TEST(PartialFolder, WithoutCommitLeavesNothing) {
  const TemporaryFolder temporary;
  {
    const PartialFolder folder{temporary.path() / "x", false, kRun};
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
    const PartialFolder folder{temporary.path() / "x", false, kRun};
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string{error.what()}.find("--force"), std::string::npos);
  }
  EXPECT_EQ(Names{"x"}, temporary.names());
}

TEST(PartialFolder, NamesTheTargetThatCannotBeMadeAndWhatToDo) {
  const TemporaryFolder temporary;
  put(temporary.path() / "file", "");
  const fs::path target = temporary.path() / "file" / "x";
  try {
    const PartialFolder folder{target, false, kRun};
    FAIL();
  } catch (const Error& error) {
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
    const PartialFolder folder{target, true, kRun};
    put(folder.path() / "run.json", "abandoned");
  }
  EXPECT_EQ(read_text(target / "run.json"), "old");
  PartialFolder folder{target.string() + "/", true, kRun};
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
  EXPECT_THROW(PartialFolder(temporary.path() / "x", true, kRun), Error);
  put(temporary.path() / "file", "a file");
  EXPECT_THROW(PartialFolder(temporary.path() / "file", true, kRun), Error);
  EXPECT_EQ(read_text(temporary.path() / "x" / "thesis.tex"), "years of work");
}

TEST(PartialFolder, RemovesWhatAKilledProcessLeftBehind) {
  const TemporaryFolder temporary;
  fs::create_directory(temporary.path() / ".x.partial-killed");
  put(temporary.path() / ".x.partial-killed" / "fills.parquet", "half");
  fs::create_directory(temporary.path() / ".xy.partial-other");
  PartialFolder folder{temporary.path() / "x", false, kRun};
  folder.commit();
  EXPECT_EQ((Names{".xy.partial-other", "x"}), temporary.names());
}

TEST(PartialFolder, SparesWhatALivingProcessWrites) {
  const TemporaryFolder temporary;
  PartialFolder living{temporary.path() / "x", false, kRun};
  put(living.path() / "run.json", "living");
  EXPECT_THROW(PartialFolder(temporary.path() / "x", false, kRun), Error);
  living.commit();
  EXPECT_EQ(read_text(temporary.path() / "x" / "run.json"), "living");
}

TEST(PartialFolder, MayHoldFolders) {
  const TemporaryFolder temporary;
  PartialFolder folder{temporary.path() / "x", false, kRun};
  fs::create_directories(folder.path() / "data" / "empty");
  put(folder.path() / "data" / "file", "deep");
  folder.commit();
  EXPECT_EQ(read_text(temporary.path() / "x" / "data" / "file"), "deep");
  EXPECT_TRUE(fs::is_directory(temporary.path() / "x" / "data" / "empty"));
}

}  // namespace
}  // namespace toxvol::io
