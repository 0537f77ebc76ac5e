// Whatever the values, their page gives them back; whatever the page, reading it harms nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/row.hpp"
#include "toxvol/columnar/page_encoding.hpp"
#include "toxvol/columnar/page_header.hpp"
#include "toxvol/columnar/varint.hpp"

namespace toxvol {

namespace {

void values_come_back(const std::vector<std::int64_t>& values) {
  columnar::Bytes page;
  for (const auto width : {columnar::Width::WholeBytes, columnar::Width::Bits}) {
    page.clear();
    columnar::put_deltas(values, width, page);
    columnar::ByteView left = page;
    std::vector<std::int64_t> again(values.size());
    fuzz::require(columnar::get_deltas(left, again) && left.empty() && again == values);
  }

  if (values.empty()) return;
  static columnar::Dictionary dictionary;
  std::vector<std::uint16_t> indices(values.size());
  dictionary.number(values, indices);
  const auto distinct = dictionary.values();
  for (std::size_t i = 0; i < values.size(); ++i) {
    fuzz::require(distinct[indices[i]] == values[i]);
  }
  page.clear();
  columnar::put_indices(indices, distinct.size(), page);
  std::vector<std::uint16_t> indices_again(indices.size());
  fuzz::require(columnar::get_indices(page, indices_again) && indices_again == indices);
}

void texts_come_back(std::string_view text) {
  std::vector<std::int64_t> sizes;
  std::string all;
  std::string_view rest = text;
  for (const char byte : text) {
    const std::size_t size = std::min<std::size_t>(byte & 7, rest.size());
    sizes.push_back(static_cast<std::int64_t>(size));
    all += rest.substr(0, size);
    rest.remove_prefix(size);
  }
  columnar::Bytes page;
  columnar::put_texts(all, sizes, page);
  std::string again;
  std::vector<std::int64_t> sizes_again(sizes.size());
  fuzz::require(columnar::get_texts(page, again, sizes_again) && again == all &&
                sizes_again == sizes);
}

void any_page_is_harmless(columnar::ByteView bytes) {
  std::vector<std::int64_t> longs(bytes.size() % 300);
  columnar::ByteView left = bytes;
  if (columnar::get_deltas(left, longs)) values_come_back(longs);
  std::vector<std::uint16_t> indices(bytes.size() % 300);
  static_cast<void>(columnar::get_indices(bytes, indices));
  std::string text;
  static_cast<void>(columnar::get_texts(bytes, text, longs));
  left = bytes;
  static_cast<void>(columnar::get_dictionary_header(left));
  left = bytes;
  static_cast<void>(columnar::get_data_header(columnar::PageEncoding::RleDictionary, left));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::int64_t> values(size / sizeof(std::int64_t));
  if (!values.empty()) std::memcpy(values.data(), data, values.size() * sizeof(std::int64_t));
  values_come_back(values);
  const std::vector<std::int64_t> small(data, data + size);
  values_come_back(small);
  texts_come_back(fuzz::text(data, size));
  any_page_is_harmless({data, size});
  return 0;
}

}  // namespace toxvol
