#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::run {

/// SHA-256 over the values of a table, whatever file holds them (docs/schemas.md#fingerprint).
class TableDigest {
 public:
  explicit TableDigest(const columnar::Schema& schema);

  void put_null() {
    require(1);
    buffer_[used_++] = kAbsent;
  }
  void put_integer(std::int64_t value) { put_word(static_cast<std::uint64_t>(value)); }
  void put_real(double value) { put_word(std::bit_cast<std::uint64_t>(value)); }
  void put_text(std::string_view text);
  /// Every value of the rows of `block`, which has all columns of the schema.
  void put(const columnar::TableBlock& block);

  [[nodiscard]] std::string hex();

 private:
  static constexpr char kAbsent = '\0';
  static constexpr char kPresent = '\1';

  /// Something is here, and its eight bytes.
  void put_word(std::uint64_t word) {
    static_assert(std::endian::native == std::endian::little);  // the order of the definition
    require(1 + sizeof word);
    buffer_[used_] = kPresent;
    std::memcpy(&buffer_[used_ + 1], &word, sizeof word);
    used_ += 1 + sizeof word;
  }
  void require(std::size_t bytes) {
    if (buffer_.size() - used_ < bytes) drain();
  }
  void drain();

  io::Sha256 hash_;
  std::array<char, 1U << 14> buffer_{};  // waits to be hashed, `used_` of it
  std::size_t used_ = 0;
};

/// The rows of one source file, named by what they are and not by where they lie.
struct RunInput {
  std::string kind;  // Binance's name (core/kind.hpp)
  std::string day;   // 2024-03-30; 2024-03 for a month
  std::int64_t rows = 0;
  std::string sha256;  // of the logical rows
  friend auto operator<=>(const RunInput&, const RunInput&) = default;
};

/// A line `input <kind> <day> <rows> <sha256>` for each, sorted.
[[nodiscard]] std::string input_lines(std::vector<RunInput> inputs);

/// `signal <sha256>`: the line of a user's own signal, by its rows.
[[nodiscard]] std::string signal_line(std::string_view sha256);

/// Whether the values of this table of a run folder enter its fingerprint.
[[nodiscard]] bool is_fingerprinted(std::string_view table);

/// `digests` are (table, hex) of the tables that enter, in the order of `kTables`; `signal_sha256`
/// is of the rows of a user's own signal, where the run had one.
[[nodiscard]] std::string fingerprint(
    std::string_view config_sha256, const std::vector<RunInput>& inputs,
    const std::vector<std::pair<std::string, std::string>>& digests,
    const std::optional<std::string>& signal_sha256);

}  // namespace toxvol::run
