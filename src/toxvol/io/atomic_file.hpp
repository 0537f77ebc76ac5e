#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace toxvol::io {

/// A file that appears whole or not at all: bytes go to a temporary neighbour, `commit` makes them
/// durable and renames it over `path`. Without `commit` the destructor removes the temporary.
/// Every call throws `Error`; a full disk and an unwritable folder are said as such.
class AtomicFile {
 public:
  /// The parent folder must exist. The temporary is `.<name>.<suffix>.tmp` beside it.
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::span<const std::byte> bytes);
  void write(std::string_view bytes);
  /// fsync, rename, fsync of the folder. Once; nothing may be written afterwards.
  void commit();

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::filesystem::path& temporary() const { return temporary_; }

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::int64_t size_ = 0;
  int descriptor_ = -1;
};

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// True for a temporary that a killed process left behind.
[[nodiscard]] bool is_temporary(const std::filesystem::path& path);

/// The whole of a small file. Throws `Error`.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// Bytes that an unprivileged process may still write where `path` is or would be: its nearest
/// existing folder counts.
[[nodiscard]] std::int64_t free_bytes(const std::filesystem::path& path);

}  // namespace toxvol::io
