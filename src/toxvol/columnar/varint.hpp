#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// Numbers of few bytes where they are small, as Parquet and Thrift write them (LEB128).
namespace toxvol::columnar {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline void put_varint(std::uint64_t value, Bytes& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}
/// `page` is moved past it; nothing where it ends too early.
inline std::optional<std::uint64_t> get_varint(ByteView& page) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !page.empty(); shift += 7) {
    const std::uint8_t byte = page.front();
    page = page.subspan(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

/// Small numbers of either sign as small ones without.
constexpr std::uint64_t zigzag(std::uint64_t value) {
  return (value << 1) ^ (0 - (value >> 63));
}
constexpr std::uint64_t unzigzag(std::uint64_t value) {
  return (value >> 1) ^ (0 - (value & 1));
}

}  // namespace toxvol::columnar
