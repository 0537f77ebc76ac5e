#include "toxvol/io/atomic_file.hpp"

#include <csignal>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/io/temp_folder.hpp"
#include "tests/support/no_descriptors.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/abandoned.hpp"
#include "toxvol/io/posix.hpp"

namespace toxvol::io {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using test::NoDescriptors;

class AtomicFileTest : public test::TempFolder {};

TEST_F(AtomicFileTest, AppearsWholeAtCommitAndNotBefore) {
  const fs::path path = folder / "a.bin";
  AtomicFile file{path};
  file.write("one ");
  file.write(std::as_bytes(std::span{std::string_view{"two"}}));
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::exists(file.temporary()));
  EXPECT_EQ(file.temporary().parent_path(), folder);
  EXPECT_EQ(file.size(), 7);
  file.commit();
  EXPECT_EQ(get(path), "one two");
  EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFileTest, WithoutCommitLeavesTheOldFileAndNoTemporary) {
  const fs::path path = put("a.bin", "old");
  {
    AtomicFile file{path};
    file.write("new");
  }
  EXPECT_EQ(get(path), "old");
  EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFileTest, CommitReplacesTheOldFile) {
  const fs::path path = put("a.bin", "old and longer");
  write_file_atomically(path, "new");
  EXPECT_EQ(get(path), "new");
  EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFileTest, WhatADeadProcessLeftIsRemovedAndWhatIsBeingWrittenIsNot) {
  const fs::path left = put(".a.bin.4242-0.tmp", "half of it");
  const fs::path other = put("b.tmp", "no temporary of ours");
  AtomicFile file{folder / "a.bin"};
  remove_abandoned(folder);
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(other));
  EXPECT_TRUE(fs::exists(file.temporary()));
  file.write("whole");
  file.commit();
  EXPECT_EQ(get(folder / "a.bin"), "whole");
  remove_abandoned(folder / "missing");
}

TEST_F(AtomicFileTest, TwoWritersOfOneFileDoNotShareATemporary) {
  AtomicFile first{folder / "a.bin"};
  AtomicFile second{folder / "a.bin"};
  EXPECT_NE(first.temporary(), second.temporary());
  first.write("first");
  second.write("second");
  first.commit();
  second.commit();
  EXPECT_EQ(get(folder / "a.bin"), "second");
}

TEST_F(AtomicFileTest, ALeftoverOfAKilledProcessIsKnownAndInNobodysWay) {
  const AtomicFile taken{folder / "a.bin"};
  put(taken.temporary().filename(), "left behind");
  const AtomicFile next{folder / "a.bin"};
  EXPECT_TRUE(is_temporary(next.temporary()));
  EXPECT_FALSE(is_temporary(folder / "a.bin"));
  EXPECT_FALSE(is_temporary(folder / "a.tmp"));
  EXPECT_FALSE(is_temporary(folder / ".a"));
}

TEST_F(AtomicFileTest, ANameWithoutFolderMeansTheCurrentOne) {
  const fs::path before = fs::current_path();
  fs::current_path(folder);
  write_file_atomically("a.bin", "here");
  fs::current_path(before);
  EXPECT_EQ(get(folder / "a.bin"), "here");
}

TEST_F(AtomicFileTest, AMissingFolderIsNamed) {
  const std::string text = error_of<Error>([&] { AtomicFile{folder / "no" / "a.bin"}.write("x"); });
  TOXVOL_EXPECT_CONTAINS(text, (folder / "no" / "a.bin").string());
  TOXVOL_EXPECT_CONTAINS(text, "cannot create: No such file or directory");
}

TEST_F(AtomicFileTest, AFolderThatMayNotBeWrittenIsSaid) {
  fs::path place = folder;
  if (::geteuid() == 0) {
    place = "/proc";  // root may write everywhere else
  } else {
    fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
  }
  const std::string text = error_of<Error>([&] { AtomicFile{place / "a.bin"}.write("x"); });
  TOXVOL_EXPECT_CONTAINS(text, "cannot create");
}

TEST_F(AtomicFileTest, RenameDurablyReplacesAndNamesWhatCannotBe) {
  rename_durably(put("new", "new"), put("old", "old"));
  EXPECT_EQ(get(folder / "old"), "new");
  EXPECT_EQ(files(), 1U);
  const std::string text =
      error_of<Error>([&] { rename_durably(folder / "none", folder / "there"); });
  TOXVOL_EXPECT_CONTAINS(text, (folder / "there").string() + ": cannot rename: No such file");
}

TEST_F(AtomicFileTest, RenameDurablyDoesNotReturnBeforeTheNameIsDurable) {
  put("new", "new");
  // UBSan itself opens a pipe at the first error that it sees.
  EXPECT_THROW(rename_durably(folder / "absent", folder / "old"), Error);
  const std::string text = error_of<Error>([&] {
    const NoDescriptors none;
    rename_durably(folder / "new", folder / "old");
  });
  TOXVOL_EXPECT_CONTAINS(text, folder.string() + ": cannot open the folder");
}

TEST(WriteAll, SaysThatTheDiskIsFull) {
  // A device that is always full stands for the disk.
  const Descriptor full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
  if (!full.is_open()) GTEST_SKIP() << "no /dev/full";
  const std::string text =
      error_of<Error>([&] { write_all(full.number(), "x", 1, "some/file.parquet"); });
  TOXVOL_EXPECT_CONTAINS(text, "some/file.parquet: cannot write: the disk is full");
  TOXVOL_EXPECT_CONTAINS(text, "free some space");
}

class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    previous_ = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, previous_);
  }

 private:
  rlimit before_{};
  void (*previous_)(int) = nullptr;
};

TEST_F(AtomicFileTest, AWriteThatFailsHalfwayLeavesNothing) {
  const fs::path path = put("a.bin", "old");
  {
    AtomicFile file{path};
    const FileSizeLimit limit{1'000};
    const std::string text = error_of<Error>([&] { file.write(std::string(2'000, 'x')); });
    TOXVOL_EXPECT_CONTAINS(text, "cannot write");
  }
  EXPECT_EQ(get(path), "old");
  EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFileTest, FreeBytesCountForAFolderThatDoesNotExistYet) {
  EXPECT_GT(free_bytes(folder), 0);
  EXPECT_GT(free_bytes(folder / "not" / "yet" / "there"), 0);
}

TEST_F(AtomicFileTest, ReadFileGivesAllBytes) {
  const std::string bytes = std::string(200'000, 'x') + '\0' + "end";
  EXPECT_EQ(read_file(put("a.bin", bytes)), bytes);
  TOXVOL_EXPECT_CONTAINS(error_of<Error>([&] { static_cast<void>(read_file(folder / "none")); }),
                         "cannot open");
  TOXVOL_EXPECT_CONTAINS(error_of<Error>([&] { static_cast<void>(read_file(folder)); }),
                         "not a regular file");
}

}  // namespace
}  // namespace toxvol::io
