#include "toxvol/columnar/page_header.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "toxvol/columnar/varint.hpp"

namespace toxvol::columnar {

namespace {

// Types of pages; fields of a header that hold what only such a page has.
constexpr std::uint64_t kDataPage = 0;
constexpr std::uint64_t kDictionaryPage = 2;
constexpr unsigned kToDataHeader = 2;  // from the sizes
constexpr unsigned kToDictionaryHeader = 4;
constexpr std::uint64_t kRle = 3;  // of the levels, which required columns do not have

// Types of fields. A field says how far its number is from that of the one before.
constexpr unsigned kI32 = 5;
constexpr unsigned kStruct = 12;
constexpr std::uint8_t kStop = 0;

constexpr std::uint8_t head(unsigned distance, unsigned type) {
  return static_cast<std::uint8_t>(distance << 4 | type);
}

void put_field(std::uint64_t value, Bytes& out) {
  out.push_back(head(1, kI32));
  put_varint(zigzag(value), out);
}

void put_sizes(std::uint64_t type, PageSizes sizes, unsigned to_header, Bytes& out) {
  put_field(type, out);
  put_field(sizes.plain, out);
  put_field(sizes.compressed, out);
  out.push_back(head(to_header, kStruct));
  put_field(sizes.values, out);
}

bool take_byte(std::uint8_t byte, ByteView& bytes) {
  if (bytes.empty() || bytes.front() != byte) return false;
  bytes = bytes.subspan(1);
  return true;
}

/// A number that is not negative.
bool take_field(std::size_t& value, ByteView& bytes) {
  if (!take_byte(head(1, kI32), bytes)) return false;
  const auto found = get_varint(bytes);
  if (!found) return false;
  value = unzigzag(*found);
  return value <= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
}

bool take_field_of(std::uint64_t wanted, ByteView& bytes) {
  std::size_t value = 0;
  return take_field(value, bytes) && value == wanted;
}

bool take_sizes(std::uint64_t type, PageSizes& sizes, unsigned to_header, ByteView& bytes) {
  return take_field_of(type, bytes) && take_field(sizes.plain, bytes) &&
         take_field(sizes.compressed, bytes) && take_byte(head(to_header, kStruct), bytes) &&
         take_field(sizes.values, bytes);
}

bool take_stops(ByteView& bytes) {
  return take_byte(kStop, bytes) && take_byte(kStop, bytes);
}

}  // namespace

void put_dictionary_header(PageSizes sizes, Bytes& out) {
  put_sizes(kDictionaryPage, sizes, kToDictionaryHeader, out);
  put_field(static_cast<std::uint64_t>(PageEncoding::Plain), out);
  out.push_back(kStop);
  out.push_back(kStop);
}

void put_data_header(PageSizes sizes, PageEncoding encoding, Bytes& out) {
  put_sizes(kDataPage, sizes, kToDataHeader, out);
  put_field(static_cast<std::uint64_t>(encoding), out);
  put_field(kRle, out);
  put_field(kRle, out);
  out.push_back(kStop);
  out.push_back(kStop);
}

std::optional<PageSizes> get_dictionary_header(ByteView& bytes) {
  PageSizes sizes;
  const bool is_ours = take_sizes(kDictionaryPage, sizes, kToDictionaryHeader, bytes) &&
                       take_field_of(static_cast<std::uint64_t>(PageEncoding::Plain), bytes) &&
                       take_stops(bytes);
  return is_ours ? std::optional{sizes} : std::nullopt;
}

std::optional<PageSizes> get_data_header(PageEncoding encoding, ByteView& bytes) {
  PageSizes sizes;
  const bool is_ours = take_sizes(kDataPage, sizes, kToDataHeader, bytes) &&
                       take_field_of(static_cast<std::uint64_t>(encoding), bytes) &&
                       take_field_of(kRle, bytes) && take_field_of(kRle, bytes) &&
                       take_stops(bytes);
  return is_ours ? std::optional{sizes} : std::nullopt;
}

}  // namespace toxvol::columnar
