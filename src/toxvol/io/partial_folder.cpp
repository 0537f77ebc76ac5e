#include "toxvol/io/partial_folder.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "toxvol/core/error.hpp"
#include "toxvol/io/posix.hpp"

namespace toxvol::io {

namespace {

namespace fs = std::filesystem;

fs::path without_slash(const fs::path& target) {
  fs::path path = fs::absolute(target).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path;
}

int open_folder(const fs::path& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/// All files and folders in it, and it.
void sync_tree(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (entry.is_directory()) {
      sync_folder(entry.path());
    } else {
      sync_file(entry.path());
    }
  }
  sync_folder(folder);
}

std::string prefix_of(const fs::path& target) {
  return '.' + target.filename().string() + ".partial-";
}

/// Removes the folders of dead processes. A living one holds the lock of its folder.
void remove_left_behind(const fs::path& target) {
  const std::string prefix = prefix_of(target);
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator{target.parent_path()}) {
    if (entry.path().filename().string().starts_with(prefix)) found.push_back(entry.path());
  }
  for (const fs::path& path : found) {
    const int fd = open_folder(path);
    if (fd < 0) continue;
    const bool is_alive = ::flock(fd, LOCK_EX | LOCK_NB) != 0;
    if (!is_alive) fs::remove_all(path);
    ::close(fd);
    if (is_alive) {
      throw Error(target.string() + " is being written by another process (" +
                      path.filename().string() + "): wait for it or choose another --out",
                  ErrorCode::Busy);
    }
  }
}

/// An exclusive lock on `path` as it is now; false if somebody removed it in between.
bool lock_folder(const fs::path& path, int& descriptor) {
  descriptor = open_folder(path);
  if (descriptor < 0) return false;
  struct stat held{};
  struct stat named{};
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ::fstat(descriptor, &held) == 0 &&
      ::stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino) {
    return true;
  }
  ::close(descriptor);
  descriptor = -1;
  return false;
}

void check_target(const fs::path& target, bool force, FolderKind kind) {
  if (!fs::exists(fs::symlink_status(target))) return;
  if (!force)
    throw Error(target.string() + " exists: choose another --out, or replace it with --force",
                ErrorCode::Exists);
  const bool is_one = fs::is_directory(fs::symlink_status(target)) &&
                      (fs::exists(target / kind.file) || fs::is_empty(target));
  if (!is_one) {
    throw Error(fmt::format("{} is not a {} (no {}): --force does not replace it", target.string(),
                            kind.name, kind.file),
                ErrorCode::Exists);
  }
}

}  // namespace

PartialFolder::PartialFolder(const fs::path& target, bool force, FolderKind kind)
    : target_{without_slash(target)}, force_{force}, kind_{kind} {
  try {
    check_target(target_, force_, kind_);
    fs::create_directories(target_.parent_path());
    remove_left_behind(target_);
    // Between making a folder and locking it, another process may take it for left behind.
    for (int attempt = 0; descriptor_ < 0 && attempt < 8; ++attempt) {
      std::string name = (target_.parent_path() / (prefix_of(target_) + "XXXXXX")).string();
      if (::mkdtemp(name.data()) == nullptr) fail(target_, "cannot create", errno);
      if (::chmod(name.c_str(), 0755) != 0) fail(target_, "cannot create", errno);
      partial_ = name;
      lock_folder(partial_, descriptor_);
    }
  } catch (const fs::filesystem_error& error) {
    fail(target_, "cannot create", error.code().value());
  }
  if (descriptor_ < 0) throw Error("cannot lock " + partial_.string(), ErrorCode::Io);
}

PartialFolder::~PartialFolder() {
  if (descriptor_ < 0) return;
  std::error_code ignored;
  fs::remove_all(partial_, ignored);
  ::close(descriptor_);
}

void PartialFolder::commit() {
  try {
    sync_tree(partial_);
    check_target(target_, force_, kind_);
    const bool replaces = fs::exists(fs::symlink_status(target_));
    const unsigned how = replaces ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    int status = ::renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, target_.c_str(), how);
    if (status != 0 && (errno == EINVAL || errno == ENOSYS)) {
      // A file system that cannot exchange: the old folder is gone for the moment of two renames.
      if (replaces) fs::remove_all(target_);
      status = std::rename(partial_.c_str(), target_.c_str());
    }
    if (status != 0) fail(target_, "cannot rename", errno);
    sync_folder(target_.parent_path());
    if (replaces) fs::remove_all(partial_);  // by now the old folder
  } catch (const fs::filesystem_error& error) {
    throw Error("cannot write " + target_.string() + ": " + error.code().message(), ErrorCode::Io);
  }
  ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace toxvol::io
