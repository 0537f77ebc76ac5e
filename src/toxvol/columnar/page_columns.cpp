#include "toxvol/columnar/page_columns.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>

#include <parquet/column_page.h>
#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/types.h>

#include "toxvol/columnar/market_raw.hpp"
#include "toxvol/columnar/page_encoding.hpp"

namespace toxvol::columnar {

namespace {

constexpr std::size_t kMostDistinct = std::size_t{std::numeric_limits<std::uint16_t>::max()} + 1;

ByteView bytes_of(const parquet::Page& page) {
  return {page.data(), static_cast<std::size_t>(page.size())};
}

/// The next page, if it is a data page of so many values in this encoding.
std::shared_ptr<parquet::Page> data_page(parquet::PageReader& pages, std::size_t values,
                                         parquet::Encoding::type encoding) {
  const std::shared_ptr<parquet::Page> page = pages.NextPage();
  if (!page || page->type() != parquet::PageType::DATA_PAGE) return nullptr;
  const auto& data = static_cast<const parquet::DataPageV1&>(*page);
  const bool fits =
      data.encoding() == encoding && data.num_values() == static_cast<std::int64_t>(values);
  return fits ? page : nullptr;
}

}  // namespace

PageColumns::PageColumns() : dictionary_(kMostDistinct) {}

template <std::size_t kWidth, class Get>
bool PageColumns::by_dictionary(int column, std::span<std::int64_t> out, Get get) {
  const auto pages = group_->GetColumnPageReader(column);
  const auto first = pages->NextPage();
  if (!first || first->type() != parquet::PageType::DICTIONARY_PAGE) return false;
  const auto& values = static_cast<const parquet::DictionaryPage&>(*first);
  const auto distinct = static_cast<std::size_t>(values.num_values());
  if (distinct > kMostDistinct || bytes_of(values).size() != distinct * kWidth) return false;
  for (std::size_t i = 0; i < distinct; ++i) {
    const std::optional<std::int64_t> value = get(values.data() + i * kWidth);
    if (!value) return false;
    dictionary_[i] = *value;
  }
  const auto page = data_page(*pages, out.size(), parquet::Encoding::RLE_DICTIONARY);
  indices_.resize(out.size());
  if (!page || !get_indices(bytes_of(*page), indices_)) return false;
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
  const auto pages = group_->GetColumnPageReader(column);
  const auto page = data_page(*pages, out.size(), parquet::Encoding::DELTA_BINARY_PACKED);
  if (!page) return false;
  ByteView bytes = bytes_of(*page);
  return get_deltas(bytes, out) && bytes.empty();
}

bool PageColumns::read_texts(int column, std::span<std::int64_t> out) {
  const auto pages = group_->GetColumnPageReader(column);
  const auto page = data_page(*pages, out.size(), parquet::Encoding::DELTA_BYTE_ARRAY);
  sizes_.resize(out.size());
  if (!page || !get_texts(bytes_of(*page), text_, sizes_)) return false;
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
