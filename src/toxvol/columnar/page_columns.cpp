#include "toxvol/columnar/page_columns.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <system_error>

#include "toxvol/columnar/column_pages.hpp"
#include "toxvol/columnar/market_raw.hpp"
#include "toxvol/columnar/page_encoding.hpp"
#include "toxvol/columnar/page_header.hpp"

namespace toxvol::columnar {

namespace {

constexpr std::size_t kMostDistinct = std::size_t{std::numeric_limits<std::uint16_t>::max()} + 1;

}  // namespace

PageColumns::PageColumns() : dictionary_(kMostDistinct) {}

template <std::size_t kWidth, class Get>
bool PageColumns::by_dictionary(int column, std::span<std::int64_t> out, Get get) {
  if (!pages_.go_to(group_, column)) return false;
  const auto values = pages_.dictionary();
  if (!values) return false;
  const std::size_t distinct = values->values;
  if (distinct > kMostDistinct || values->bytes.size() != distinct * kWidth) return false;
  for (std::size_t i = 0; i < distinct; ++i) {
    const std::optional<std::int64_t> value = get(values->bytes.data() + i * kWidth);
    if (!value) return false;
    dictionary_[i] = *value;
  }
  const auto page = pages_.data(PageEncoding::RleDictionary);
  indices_.resize(out.size());
  if (!page || page->values != out.size() || !get_indices(page->bytes, indices_)) return false;
  bool in_dictionary = true;
  for (std::size_t i = 0; i < out.size(); ++i) {
    in_dictionary &= indices_[i] < distinct;
    out[i] = dictionary_[indices_[i]];
  }
  return in_dictionary;
}

bool PageColumns::read_fixed(int column, std::span<std::int64_t> out) {
  return by_dictionary<kRawBytes>(column, out, get_raw);
}

bool PageColumns::read_ints(int column, std::span<std::int64_t> out) {
  return by_dictionary<sizeof(std::int32_t)>(column, out, [](const std::uint8_t* from) {
    std::int32_t number = 0;
    std::memcpy(&number, from, sizeof number);
    return std::optional<std::int64_t>{number};
  });
}

bool PageColumns::read_longs(int column, std::span<std::int64_t> out) {
  if (!pages_.go_to(group_, column)) return false;
  auto page = pages_.data(PageEncoding::DeltaBinaryPacked);
  return page && page->values == out.size() && get_deltas(page->bytes, out) && page->bytes.empty();
}

bool PageColumns::read_texts(int column, std::span<std::int64_t> out) {
  if (!pages_.go_to(group_, column)) return false;
  const auto page = pages_.data(PageEncoding::DeltaByteArray);
  sizes_.resize(out.size());
  if (!page || page->values != out.size() || !get_texts(page->bytes, text_, sizes_)) return false;
  const char* begin = text_.data();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char* const end = begin + sizes_[i];
    const auto [stop, error] = std::from_chars(begin, end, out[i]);
    if (error != std::errc{} || stop != end) return false;
    begin = end;
  }
  return true;
}

}  // namespace toxvol::columnar
