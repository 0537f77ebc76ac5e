#pragma once

#include <filesystem>

namespace toxvol::io {

/// The lock of one folder or output among processes, held until destroyed or the process dies.
/// The lock file stays; it holds the holder's process id.
class FileLock {
 public:
  /// Throws `Error` that names `path` and the holder when another has it. Never waits.
  explicit FileLock(const std::filesystem::path& path);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  int descriptor_ = -1;
};

}  // namespace toxvol::io
