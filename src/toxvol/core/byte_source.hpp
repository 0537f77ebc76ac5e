#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace toxvol {

/// Bytes that come one piece after another: a plain file, a member of a ZIP, a test's string.
/// Whatever their total, memory stays at what the caller's buffer holds.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Fills the front of `out` and says how much; 0 only at the end (or when `out` is empty).
  /// Throws `Error` when the bytes cannot be had or are known to be damaged.
  [[nodiscard]] virtual std::size_t read(std::span<char> out) = 0;
  /// How errors call it: the path, with the member's name for a ZIP.
  [[nodiscard]] virtual const std::string& name() const = 0;
  /// Total bytes that `read` will give, where known beforehand.
  [[nodiscard]] virtual std::optional<std::int64_t> size() const { return std::nullopt; }
};

}  // namespace toxvol
