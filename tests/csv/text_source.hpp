#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "toxvol/core/byte_source.hpp"

namespace toxvol::test {

/// A text as a source that gives at most `piece` bytes a read.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string text, std::size_t piece = 1 << 20,
                      std::string name = "BTCUSDT-test.csv")
      : text_{std::move(text)}, piece_{piece}, name_{std::move(name)} {}

  std::size_t read(std::span<char> out) override {
    const std::size_t size = std::min({out.size(), piece_, text_.size() - at_});
    std::memcpy(out.data(), text_.data() + at_, size);
    at_ += size;
    return size;
  }
  const std::string& name() const override { return name_; }

 private:
  std::string text_;
  std::size_t piece_;
  std::string name_;
  std::size_t at_ = 0;
};

inline std::unique_ptr<ByteSource> source(std::string_view text, std::size_t piece = 1 << 20,
                                          std::string name = "BTCUSDT-test.csv") {
  return std::make_unique<TextSource>(std::string{text}, piece, std::move(name));
}

/// The fields of `line`, as a row parser takes them.
template <std::size_t kCount>
std::array<std::string_view, kCount> fields(std::string_view line) {
  std::array<std::string_view, kCount> result;
  for (auto& field : result) {
    const std::size_t comma = line.find(',');
    field = line.substr(0, comma);
    line.remove_prefix(comma == line.npos ? line.size() : comma + 1);
  }
  return result;
}

}  // namespace toxvol::test
