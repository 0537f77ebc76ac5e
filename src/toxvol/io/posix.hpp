#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>

namespace toxvol::io {

/// An open file; closes it.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) noexcept : number_{number} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

/// Throws `FileError`: "<path>: <what>: <the system's reason>", with what to do about a full disk
/// or a folder that may not be written. `number` is errno.
[[noreturn]] void fail(const std::filesystem::path& path, const char* what, int number);

/// Open for reading, a regular file. Throws `Error`.
[[nodiscard]] Descriptor open_for_reading(const std::filesystem::path& path);

/// As read(2), interrupted or not; throws `Error` that names `path`.
[[nodiscard]] std::size_t read_some(int descriptor, char* to, std::size_t size,
                                    const std::filesystem::path& path);
/// All of it. Throws `Error` that names `path`.
void write_all(int descriptor, const char* from, std::size_t size,
               const std::filesystem::path& path);

/// Makes the bytes of a file durable.
void sync_file(const std::filesystem::path& path);

/// Makes names created, renamed or removed in `folder` durable.
void sync_folder(const std::filesystem::path& folder);

/// Renames a file, whose bytes are durable, over `to`; returns when the new name is durable too, so
/// that what vouches for it may be written.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// The folder that holds `path`, "." where it names none.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& path);

}  // namespace toxvol::io
