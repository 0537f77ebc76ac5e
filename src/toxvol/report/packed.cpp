#include "toxvol/report/packed.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

constexpr std::size_t kBlock = 128;
// 2^51: then the distance of two differences is below 2^53, all that a number of the page holds.
constexpr double kLargest = 2'251'799'813'685'248.0;
constexpr int kSignificant = 4;
constexpr int kMaxDecimals = 12;

using Bytes = std::vector<unsigned char>;

void put_varint(Bytes& bytes, std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7U) {
    bytes.push_back(static_cast<unsigned char>((value & 0x7FU) | 0x80U));
  }
  bytes.push_back(static_cast<unsigned char>(value));
}

/// 0, −1, 1, −2 … as 0, 1, 2, 3 …
std::uint64_t zigzag(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return (bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0);
}

/// The least difference of a block, the bits that what is above it needs, then these bits, the
/// lowest first, filled up to a whole byte.
void put_block(Bytes& bytes, std::span<const std::int64_t> differences) {
  const auto [least, most] = std::minmax_element(differences.begin(), differences.end());
  const auto width =
      static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(*most - *least)));
  put_varint(bytes, zigzag(*least));
  bytes.push_back(static_cast<unsigned char>(width));
  unsigned used = 8;  // bits of the last byte
  for (const std::int64_t difference : differences) {
    auto rest = static_cast<std::uint64_t>(difference - *least);
    for (unsigned left = width; left > 0;) {
      if (used == 8) {
        bytes.push_back(0);
        used = 0;
      }
      const unsigned taken = std::min(left, 8 - used);
      const std::uint64_t low = rest & ((std::uint64_t{1} << taken) - 1);
      bytes.back() = static_cast<unsigned char>(bytes.back() | (low << used));
      rest >>= taken;
      used += taken;
      left -= taken;
    }
  }
}

}  // namespace

std::string base64(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) three = (three << 8U) | (k < left ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= left ? kDigits[(three >> (18U - 6U * k)) & 0x3FU] : '=';
    }
  }
  return text;
}

int decimals_for(std::span<const std::optional<double>> values) {
  double largest = 0.0;
  for (const auto& value : values) {
    if (value && std::isfinite(*value)) largest = std::max(largest, std::abs(*value));
  }
  if (largest == 0.0) return 0;
  const int first = static_cast<int>(std::floor(std::log10(largest)));
  return std::clamp(kSignificant - 1 - first, 0, kMaxDecimals);
}

Json packed(std::span<const std::optional<double>> values, int decimals) {
  double scale = 1.0;
  for (int i = 0; i < decimals; ++i) scale *= 10.0;
  Bytes bytes;
  Json nulls = Json::array();  // first, how many, first, how many …
  std::vector<std::int64_t> block;
  std::int64_t before = 0;
  std::optional<std::size_t> null_from;
  const auto end_nulls = [&](std::size_t at) {
    if (!null_from) return;
    nulls.push_back(*null_from);
    nulls.push_back(at - *null_from);
    null_from.reset();
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i] || !std::isfinite(*values[i])) {
      if (!null_from) null_from = i;
      continue;
    }
    end_nulls(i);
    const double units = std::round(*values[i] * scale);
    if (std::abs(units) > kLargest) {
      throw Error(fmt::format("the report cannot hold {} with {} decimals", *values[i], decimals));
    }
    const auto whole = static_cast<std::int64_t>(units);
    block.push_back(whole - before);
    before = whole;
    if (block.size() < kBlock) continue;
    put_block(bytes, block);
    block.clear();
  }
  end_nulls(values.size());
  if (!block.empty()) put_block(bytes, block);
  return {{"n", values.size()}, {"decimals", decimals}, {"nulls", nulls}, {"data", base64(bytes)}};
}

Json packed(const std::vector<double>& values, int decimals) {
  return packed(std::vector<std::optional<double>>(values.begin(), values.end()), decimals);
}

}  // namespace toxvol::report
