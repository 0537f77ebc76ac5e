#include "tests/report/unpack.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report::test {

namespace {

std::vector<bool> bits_of(const std::string& text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<bool> high_first;
  for (const char c : text) {
    if (c == '=') break;
    const std::size_t six = kDigits.find(c);
    for (int bit = 5; bit >= 0; --bit) high_first.push_back((six >> bit & 1U) != 0);
  }
  std::vector<bool> low_first;
  for (std::size_t byte = 0; byte + 8 <= high_first.size(); byte += 8) {
    for (std::size_t bit = 8; bit-- > 0;) low_first.push_back(high_first[byte + bit]);
  }
  return low_first;
}

class Bits {
 public:
  explicit Bits(const std::string& text) : bits_{bits_of(text)} {}
  std::uint64_t take(std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t bit = 0; bit < width; ++bit) {
      value |= static_cast<std::uint64_t>(bits_.at(at_++)) << bit;
    }
    return value;
  }
  void align() { at_ = (at_ + 7) / 8 * 8; }

 private:
  std::vector<bool> bits_;
  std::size_t at_ = 0;
};

}  // namespace

Json unpack(const Json& packed) {
  const auto n = packed.at("n").get<std::size_t>();
  const double scale = std::pow(10.0, packed.at("decimals").get<int>());
  Json values = Json::array();
  for (std::size_t i = 0; i < n; ++i) values.push_back(0.0);
  const Json& nulls = packed.at("nulls");
  for (std::size_t k = 0; k < nulls.size(); k += 2) {
    for (std::size_t i = 0; i < nulls[k + 1].get<std::size_t>(); ++i) {
      values[nulls[k].get<std::size_t>() + i] = nullptr;
    }
  }
  Bits bits{packed.at("data").get<std::string>()};
  std::int64_t whole = 0;
  std::int64_t least = 0;
  std::size_t width = 0;
  std::size_t in_block = 128;
  for (Json& value : values) {
    if (value.is_null()) continue;
    if (in_block == 128) {
      bits.align();
      std::uint64_t code = 0;
      for (std::size_t shift = 0;; shift += 7) {
        const std::uint64_t byte = bits.take(8);
        code |= (byte & 0x7FU) << shift;
        if (byte < 0x80U) break;
      }
      least = code % 2 == 0 ? static_cast<std::int64_t>(code / 2)
                            : -static_cast<std::int64_t>(code / 2) - 1;
      width = bits.take(8);
      in_block = 0;
    }
    whole += least + static_cast<std::int64_t>(bits.take(width));
    value = static_cast<double>(whole) / scale;
    ++in_block;
  }
  return values;
}

}  // namespace toxvol::report::test
