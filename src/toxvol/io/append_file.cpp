#include "toxvol/io/append_file.hpp"

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toxvol/io/posix.hpp"

namespace toxvol::io {

namespace {

Descriptor open_or_make(const std::filesystem::path& path, int flags, const char* what) {
  Descriptor file{::open(path.c_str(), flags | O_CREAT | O_CLOEXEC, 0666)};
  if (!file.is_open()) fail(path, what, errno);
  return file;
}

/// Whether the file does not end with a line feed, and is not empty.
bool is_unfinished(const Descriptor& file, const std::filesystem::path& path) {
  struct stat state{};
  if (::fstat(file.number(), &state) != 0) fail(path, "cannot read", errno);
  if (state.st_size == 0) return false;
  char last = '\n';
  if (::pread(file.number(), &last, 1, state.st_size - 1) != 1) fail(path, "cannot read", errno);
  return last != '\n';
}

}  // namespace

void append_lines(const std::filesystem::path& path, const std::filesystem::path& lock,
                  std::string_view lines) {
  // Held until it is closed, by the end of the process at the latest.
  const Descriptor holder = open_or_make(lock, O_RDWR, "cannot create the lock");
  while (::flock(holder.number(), LOCK_EX) != 0) {
    if (errno != EINTR) fail(lock, "cannot lock", errno);
  }
  const Descriptor file = open_or_make(path, O_RDWR | O_APPEND, "cannot open for writing");
  std::string bytes = is_unfinished(file, path) ? "\n" : "";
  bytes += lines;
  write_all(file.number(), bytes.data(), bytes.size(), path);
  if (::fsync(file.number()) != 0) fail(path, "cannot write", errno);
  sync_folder(folder_of(path));
}

}  // namespace toxvol::io
