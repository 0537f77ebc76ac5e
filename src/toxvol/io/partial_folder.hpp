#pragma once

#include <filesystem>
#include <string_view>

namespace toxvol::io {

/// What a folder is called, and the file by which it is known.
struct FolderKind {
  std::string_view name;
  std::string_view file;
};

/// A folder that appears whole or not at all. Files are written into `path()`, a hidden sibling
/// `.<name>.partial-…`; `commit` makes it durable and gives it its name. Without `commit` it is
/// removed. What a killed process left behind is removed by the next one with the same `target`.
class PartialFolder {
 public:
  /// Throws `Error` that names `--force` when `target` exists and `force` is false, when it is no
  /// folder of `kind`, and when another process is writing it. Missing parents are created.
  PartialFolder(const std::filesystem::path& target, bool force, FolderKind kind);
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;
  ~PartialFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return partial_; }
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }

  /// With `force` the old folder is replaced in one step, and only now.
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path partial_;
  bool force_;
  FolderKind kind_;
  int descriptor_ = -1;  // of the folder, locked: it tells the living from the dead
};

}  // namespace toxvol::io
