#include "toxvol/csv/block_cutter.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "toxvol/core/byte_source.hpp"

namespace toxvol::csv {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kKeptOfLongLine = 128;

}  // namespace

BlockCutter::BlockCutter(std::unique_ptr<ByteSource> source, std::size_t block_bytes,
                         std::size_t max_line_bytes)
    : source_{std::move(source)},
      block_bytes_{std::max(block_bytes, kByteOrderMark.size())},
      max_line_bytes_{max_line_bytes} {}

void BlockCutter::fill(TextBlock& block, std::size_t wanted) {
  if (block.bytes.size() < wanted + kPadding) block.bytes.resize(wanted + kPadding);
  while (block.size < wanted && !at_end_) {
    const std::size_t got =
        source_->read(std::span{block.bytes}.subspan(block.size, wanted - block.size));
    at_end_ = got == 0;
    block.size += got;
  }
}

void BlockCutter::skip_byte_order_mark(TextBlock& block) {
  if (!block.text().starts_with(kByteOrderMark)) return;
  block.size -= kByteOrderMark.size();
  std::memmove(block.bytes.data(), block.bytes.data() + kByteOrderMark.size(), block.size);
  block.byte = static_cast<std::int64_t>(kByteOrderMark.size());
  byte_ = block.byte;
}

void BlockCutter::keep_start_of_line(TextBlock& block) {
  block.is_start_of_line = true;
  block.length = static_cast<std::int64_t>(block.size);
  TextBlock more;
  for (std::size_t newline = std::string_view::npos; newline == std::string_view::npos;) {
    more.size = 0;
    fill(more, block_bytes_);
    if (more.size == 0) break;
    newline = more.text().find('\n');
    const std::size_t taken = newline == std::string_view::npos ? more.size : newline + 1;
    block.length += static_cast<std::int64_t>(taken);
    rest_ = more.text().substr(taken);
  }
  block.size = std::min(block.size, kKeptOfLongLine);
}

bool BlockCutter::next(TextBlock& block) {
  const std::int64_t start = byte_;
  block.size = 0;
  block.is_start_of_line = false;
  block.byte = byte_;
  if (block.bytes.size() < rest_.size() + kPadding) block.bytes.resize(rest_.size() + kPadding);
  std::memcpy(block.bytes.data(), rest_.data(), rest_.size());
  block.size = std::exchange(rest_, {}).size();
  fill(block, std::max(block_bytes_, block.size));
  if (std::exchange(at_start_, false)) skip_byte_order_mark(block);

  std::size_t end = block.text().rfind('\n');
  while (end == std::string_view::npos && !at_end_ && block.size <= max_line_bytes_) {
    fill(block, block.size + block_bytes_);
    end = block.text().rfind('\n');
  }
  if (end == std::string_view::npos && !at_end_) {
    keep_start_of_line(block);
  } else {
    if (!at_end_) {
      rest_ = block.text().substr(end + 1);
      block.size = end + 1;
    }
    block.length = static_cast<std::int64_t>(block.size);
  }
  byte_ = block.byte + block.length;
  std::memset(block.bytes.data() + block.size, 0, kPadding);
  return byte_ > start;
}

}  // namespace toxvol::csv
