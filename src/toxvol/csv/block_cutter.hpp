#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/byte_source.hpp"

namespace toxvol::csv {

/// Bytes after a block's text that may be read (they are no digit), so that a parser may load
/// words.
inline constexpr std::size_t kPadding = 192;

/// Whole lines of a file, with their ends; the last one of the file may lack its own.
struct TextBlock {
  std::vector<char> bytes{};  // the text, padding, and room for the next use
  std::size_t size = 0;
  std::int64_t byte = 0;          // where in the file the text begins
  std::int64_t length = 0;        // bytes of the file that it stands for
  bool is_start_of_line = false;  // the text is the beginning of one line too long to be kept

  [[nodiscard]] std::string_view text() const { return {bytes.data(), size}; }
};

/// Cuts a source into blocks of whole lines. Where it cuts depends on the bytes and `block_bytes`
/// alone. Memory is bounded whatever the length of a line.
class BlockCutter {
 public:
  BlockCutter(std::unique_ptr<ByteSource> source, std::size_t block_bytes,
              std::size_t max_line_bytes);

  /// The next lines, false at the end, for ever. A byte-order mark before the first is left out.
  /// Throws `Error` when the source fails.
  [[nodiscard]] bool next(TextBlock& block);
  [[nodiscard]] const std::string& name() const { return source_->name(); }

 private:
  /// Up to `wanted` bytes in `block`; fewer only at the end of the source.
  void fill(TextBlock& block, std::size_t wanted);
  void skip_byte_order_mark(TextBlock& block);
  void keep_start_of_line(TextBlock& block);

  std::unique_ptr<ByteSource> source_;
  std::size_t block_bytes_;
  std::size_t max_line_bytes_;
  std::string rest_;  // read, but behind the last block's end
  std::int64_t byte_ = 0;
  bool at_start_ = true;
  bool at_end_ = false;
};

}  // namespace toxvol::csv
