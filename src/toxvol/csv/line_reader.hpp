#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/byte_source.hpp"

namespace toxvol::csv {

struct Line {
  std::string_view text{};  // without its end; valid until the next call
  std::int64_t number = 0;
  std::int64_t byte = 0;
  bool too_long = false;  // then `text` is its beginning
};

/// Lines of a source, LF or CRLF, in one buffer that never grows. Also lends its bytes to a faster
/// parser that takes whole lines from `buffered()` and says so by `take_lines`.
class LineReader {
 public:
  /// Bytes after `buffered()` that may be read (they are no digit), so that a parser may load
  /// words.
  static constexpr std::size_t kPadding = 192;

  LineReader(std::unique_ptr<ByteSource> source, std::size_t max_line_bytes);

  /// The next line, false at the end. A byte-order mark before the first is skipped.
  [[nodiscard]] bool next(Line& line);

  /// What is read but not yet consumed; begins at a line's start.
  [[nodiscard]] std::string_view buffered() const {
    return {buffer_.data() + begin_, end_ - begin_};
  }
  /// The first `lines` lines, `size` bytes with their ends, of `buffered()` have been used.
  void take_lines(std::size_t size, std::size_t lines) {
    begin_ += size;
    lines_ += static_cast<std::int64_t>(lines);
  }
  /// Number of lines taken so far.
  [[nodiscard]] std::int64_t lines() const { return lines_; }
  [[nodiscard]] std::int64_t bytes() const {
    return discarded_ + static_cast<std::int64_t>(begin_);
  }
  [[nodiscard]] const std::string& name() const { return source_->name(); }

 private:
  /// More bytes behind the unconsumed ones; false at the end of the source.
  [[nodiscard]] bool refill();
  void discard_to(std::size_t position);
  [[nodiscard]] bool skip_long_line(Line& line);

  std::unique_ptr<ByteSource> source_;
  std::size_t max_line_bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::int64_t discarded_ = 0;  // bytes moved out of the buffer
  std::int64_t lines_ = 0;
  bool at_end_ = false;
  std::string long_line_start_;
};

}  // namespace toxvol::csv
