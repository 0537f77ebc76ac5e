#include "toxvol/io/file_lock.hpp"

#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/io/temp_folder.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::io {
namespace {

class FileLockTest : public test::TempFolder {};

TEST_F(FileLockTest, IsHeldByOneAndNamesTheHolder) {
  const auto path = folder / "lock";
  {
    const FileLock lock{path};
    const std::string text = test::error_of<Error>([&] { const FileLock second{path}; });
    TOXVOL_EXPECT_CONTAINS(text, path.string());
    TOXVOL_EXPECT_CONTAINS(text, "process " + std::to_string(::getpid()));
  }
  EXPECT_NO_THROW(FileLock{path});
}

TEST_F(FileLockTest, EndsWithItsProcess) {
  const auto path = folder / "lock";
  const pid_t child = ::fork();
  if (child == 0) {
    const FileLock lock{path};
    ::_exit(0);  // as if killed: no destructor
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_NO_THROW(FileLock{path});
}

TEST_F(FileLockTest, InNoFolderIsAnError) {
  TOXVOL_EXPECT_CONTAINS(
      test::error_of<Error>([&] { const FileLock lock{folder / "no" / "lock"}; }),
      "cannot create the lock");
}

}  // namespace
}  // namespace toxvol::io
