#include "toxvol/io/file_lock.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "toxvol/core/error.hpp"
#include "toxvol/io/posix.hpp"

namespace toxvol::io {

namespace {

/// What the holder wrote, digits only: it may be anything.
std::string holder_of(int descriptor) {
  std::array<char, 20> text{};
  const ssize_t got = ::pread(descriptor, text.data(), text.size(), 0);
  std::string digits;
  for (ssize_t i = 0; i < got; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') break;
    digits += c;
  }
  return digits.empty() ? std::string{"another process"} : "process " + digits;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path) {
  Descriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)};
  if (!file.is_open()) fail(path, "cannot create the lock", errno);
  while (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) fail(path, "cannot lock", errno);
    throw Error{fmt::format("{}: {} is at work there; wait for its end or choose another folder",
                            path.string(), holder_of(file.number())),
                ErrorCode::Busy};
  }
  const std::string holder = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file.number(), 0) != 0) fail(path, "cannot write the lock", errno);
  write_all(file.number(), holder.data(), holder.size(), path);
  descriptor_ = file.release();
}

FileLock::~FileLock() {
  // The name of the holder goes with the lock, so that two finished jobs leave the same file.
  if (::ftruncate(descriptor_, 0) != 0) {
    // Nobody reads it but a process that is refused; that one is told of this process then.
  }
  ::close(descriptor_);
}

}  // namespace toxvol::io
