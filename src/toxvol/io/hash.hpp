#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace toxvol::io {

/// SHA-256 of bytes as they come.
class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void update(std::span<const std::byte> bytes);
  void update(std::string_view bytes);
  /// 64 lower-case hexadecimal digits of everything so far; more may follow.
  [[nodiscard]] std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
/// XXH3, 64 bits: 16 lower-case hexadecimal digits.
[[nodiscard]] std::string xxh3_hex(std::string_view bytes);

/// Hashes of a whole file, read in pieces. Throw `Error` when it cannot be read.
[[nodiscard]] std::string sha256_hex_of_file(const std::filesystem::path& path);
[[nodiscard]] std::string xxh3_hex_of_file(const std::filesystem::path& path);

/// XXH3 of a file as its bytes are read.
class Xxh3 {
 public:
  Xxh3();
  Xxh3(const Xxh3&) = delete;
  Xxh3& operator=(const Xxh3&) = delete;
  Xxh3(Xxh3&&) noexcept;
  Xxh3& operator=(Xxh3&&) noexcept;
  ~Xxh3();
  void update(std::string_view bytes);
  /// 16 lower-case hexadecimal digits of everything so far.
  [[nodiscard]] std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// As the manifest has it: `sha256:…` of a ZIP as published, `xxh3:…` of a plain CSV.
[[nodiscard]] std::string source_hash(const std::filesystem::path& path);
/// The same of a plain CSV all of whose bytes `hash` has seen.
[[nodiscard]] std::string source_hash(const Xxh3& hash);

}  // namespace toxvol::io
