#include "toxvol/io/posix.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toxvol/core/error.hpp"

namespace toxvol::io {

namespace {

const char* advice(int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
      return "; free some space or choose another disk";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; choose a folder that may be written, or change its permissions";
    case ENOENT:
    case ENOTDIR:
      return "; check the path";
    default:
      return "";
  }
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

void fail(const std::filesystem::path& path, const char* what, int number) {
  const char* const disk = number == ENOSPC || number == EDQUOT ? "the disk is full: " : "";
  throw FileError{path.string(),
                  fmt::format("{}: {}{}{}", what, disk, std::generic_category().message(number),
                              advice(number)),
                  number == ENOENT ? ErrorCode::NotFound : ErrorCode::Io};
}

Descriptor open_for_reading(const std::filesystem::path& path) {
  Descriptor descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!descriptor.is_open()) {
    const int number = errno;
    if (number == EACCES) {
      throw FileError{path.string(),
                      fmt::format("cannot open: {}; make the file readable",
                                  std::generic_category().message(number)),
                      ErrorCode::Io};
    }
    fail(path, "cannot open", number);
  }
  struct stat facts{};
  if (::fstat(descriptor.number(), &facts) != 0) fail(path, "cannot inspect", errno);
  if (!S_ISREG(facts.st_mode)) {
    throw FileError{path.string(), "not a regular file; check the path", ErrorCode::NotFound};
  }
  return descriptor;
}

std::size_t read_some(int descriptor, char* to, std::size_t size,
                      const std::filesystem::path& path) {
  for (;;) {
    const ssize_t got = ::read(descriptor, to, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail(path, "cannot read", errno);
  }
}

void write_all(int descriptor, const char* from, std::size_t size,
               const std::filesystem::path& path) {
  while (size > 0) {
    const ssize_t put = ::write(descriptor, from, size);
    if (put < 0) {
      if (errno == EINTR) continue;
      fail(path, "cannot write", errno);
    }
    from += put;
    size -= static_cast<std::size_t>(put);
  }
}

void sync_file(const std::filesystem::path& path) {
  const Descriptor file = open_for_reading(path);
  if (::fsync(file.number()) != 0) fail(path, "cannot make the data durable", errno);
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!descriptor.is_open()) fail(folder, "cannot open the folder", errno);
  // Some file systems know no fsync of a folder; they say EINVAL, and nothing can be done.
  if (::fsync(descriptor.number()) != 0 && errno != EINVAL) {
    fail(folder, "cannot make the folder durable", errno);
  }
}

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) fail(to, "cannot rename", errno);
  sync_folder(folder_of(to));
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  const auto parent = path.parent_path();
  return parent.empty() ? std::filesystem::path{"."} : parent;
}

}  // namespace toxvol::io
