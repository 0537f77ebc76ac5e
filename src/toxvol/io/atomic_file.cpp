#include "toxvol/io/atomic_file.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "toxvol/core/assert.hpp"
#include "toxvol/io/posix.hpp"

namespace toxvol::io {

namespace {

constexpr std::string_view kSuffix = ".tmp";

/// Locks what was just made, until it is closed. False where `remove_abandoned` was quicker and
/// took it away; where a file system has no locks, nobody can tell the file from an abandoned one.
bool is_kept(int descriptor) {
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno != EINTR) break;
  }
  struct stat state{};
  return ::fstat(descriptor, &state) != 0 || state.st_nlink > 0;
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path) : path_{std::move(path)} {
  // The process id and the first free number: two writers never share a temporary, and no name
  // depends on chance.
  constexpr mode_t kMode = 0666;  // less the umask, as any new file
  for (int attempt = 0;; ++attempt) {
    temporary_ = folder_of(path_) / fmt::format(".{}.{}-{}{}", path_.filename().string(),
                                                ::getpid(), attempt, kSuffix);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
    if (descriptor_ < 0) {
      if (errno != EEXIST) fail(path_, "cannot create", errno);
      continue;
    }
    if (is_kept(descriptor_)) return;
    ::close(std::exchange(descriptor_, -1));
  }
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  TOXVOL_ASSERT(descriptor_ >= 0);
  write_all(descriptor_, bytes.data(), bytes.size(), path_);
  size_ += static_cast<std::int64_t>(bytes.size());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  write(std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void AtomicFile::commit() {
  TOXVOL_ASSERT(descriptor_ >= 0);
  if (::fsync(descriptor_) != 0) fail(path_, "cannot make the data durable", errno);
  rename_durably(temporary_, path_);
  ::close(std::exchange(descriptor_, -1));
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file{path};
  file.write(bytes);
  file.commit();
}

bool is_temporary(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') && name.ends_with(kSuffix);
}

std::string read_file(const std::filesystem::path& path) {
  const Descriptor descriptor = open_for_reading(path);
  std::string bytes;
  std::array<char, 64 * 1024> piece;
  while (const std::size_t got = read_some(descriptor.number(), piece.data(), piece.size(), path)) {
    bytes.append(piece.data(), got);
  }
  return bytes;
}

std::int64_t free_bytes(const std::filesystem::path& path) {
  auto folder = std::filesystem::absolute(path);
  std::error_code status;
  while (!std::filesystem::exists(folder, status) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  struct statvfs facts{};
  if (::statvfs(folder.c_str(), &facts) != 0) fail(folder, "cannot ask for free space", errno);
  return static_cast<std::int64_t>(facts.f_bavail) * static_cast<std::int64_t>(facts.f_frsize);
}

}  // namespace toxvol::io
