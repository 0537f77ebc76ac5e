#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/columnar/varint.hpp"

/// What stands before a page, in Thrift's compact protocol (parquet.thrift, PageHeader).
namespace toxvol::columnar {

enum class PageEncoding : std::uint8_t {
  Plain = 0,
  DeltaBinaryPacked = 5,
  DeltaByteArray = 7,
  RleDictionary = 8,
};

struct PageSizes {
  std::size_t values = 0;
  std::size_t plain = 0;       // bytes of the page
  std::size_t compressed = 0;  // bytes that follow the header
  friend bool operator==(const PageSizes&, const PageSizes&) = default;
};

void put_dictionary_header(PageSizes sizes, Bytes& out);
void put_data_header(PageSizes sizes, PageEncoding encoding, Bytes& out);

/// The inverses, of such headers only: nothing where `bytes` begins with another. `bytes` is moved
/// past the header.
[[nodiscard]] std::optional<PageSizes> get_dictionary_header(ByteView& bytes);
[[nodiscard]] std::optional<PageSizes> get_data_header(PageEncoding encoding, ByteView& bytes);

}  // namespace toxvol::columnar
