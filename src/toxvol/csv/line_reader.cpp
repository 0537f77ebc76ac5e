#include "toxvol/csv/line_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace toxvol::csv {

namespace {

constexpr std::size_t kPiece = 256 * 1024;  // one read; stays in a core's own cache
constexpr std::size_t kKeptOfLongLine = 128;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

const char* find_newline(const char* from, std::size_t size) {
  return size == 0 ? nullptr : static_cast<const char*>(std::memchr(from, '\n', size));
}

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteSource> source, std::size_t max_line_bytes)
    : source_{std::move(source)},
      max_line_bytes_{max_line_bytes},
      buffer_(max_line_bytes + 1 + kPiece + kPadding) {
  while (end_ < kByteOrderMark.size() && refill()) {
  }
  if (buffered().starts_with(kByteOrderMark)) begin_ = kByteOrderMark.size();
}

void LineReader::discard_to(std::size_t position) {
  std::memmove(buffer_.data(), buffer_.data() + position, end_ - position);
  discarded_ += static_cast<std::int64_t>(position);
  end_ -= position;
  begin_ = 0;
}

bool LineReader::refill() {
  if (at_end_) return false;
  if (begin_ > 0) discard_to(begin_);
  const std::size_t got = source_->read(std::span{buffer_}.subspan(end_, kPiece));
  at_end_ = got == 0;
  end_ += got;
  std::memset(buffer_.data() + end_, 0, kPadding);
  return got > 0;
}

bool LineReader::next(Line& line) {
  std::size_t searched = 0;
  for (;;) {
    const std::string_view rest = buffered();
    if (const char* newline = find_newline(rest.data() + searched, rest.size() - searched)) {
      const auto length = static_cast<std::size_t>(newline - rest.data());
      line = {rest.substr(0, length), lines_ + 1, bytes(), length > max_line_bytes_};
      take_lines(length + 1, 1);
      break;
    }
    if (rest.size() > max_line_bytes_) return skip_long_line(line);
    searched = rest.size();
    if (!refill()) {
      if (rest.empty()) return false;
      line = {buffered(), lines_ + 1, bytes(), false};
      take_lines(line.text.size(), 1);
      break;
    }
  }
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  return true;
}

bool LineReader::skip_long_line(Line& line) {
  const std::int64_t byte = bytes();
  long_line_start_ = buffered().substr(0, kKeptOfLongLine);
  for (;;) {
    const std::string_view rest = buffered();
    if (const char* newline = find_newline(rest.data(), rest.size())) {
      begin_ += static_cast<std::size_t>(newline - rest.data()) + 1;
      break;
    }
    begin_ = end_;
    if (!refill()) break;
  }
  ++lines_;
  line = {long_line_start_, lines_, byte, true};
  return true;
}

}  // namespace toxvol::csv
