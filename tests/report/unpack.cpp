#include "tests/report/unpack.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <zlib.h>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report::test {

namespace {

using Bytes = std::vector<unsigned char>;
using Units = std::vector<std::optional<std::int64_t>>;

Bytes from_base64(const std::string& text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Bytes bytes;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    held = (held << 6U) | static_cast<std::uint32_t>(kDigits.find(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<unsigned char>(held >> bits & 0xFFU));
  }
  return bytes;
}

Bytes inflated(Bytes bytes) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::runtime_error("zlib");
  stream.next_in = bytes.data();
  stream.avail_in = static_cast<uInt>(bytes.size());
  Bytes out;
  int state = Z_OK;
  while (state == Z_OK) {
    Bytes part(1U << 16U);
    stream.next_out = part.data();
    stream.avail_out = static_cast<uInt>(part.size());
    state = inflate(&stream, Z_NO_FLUSH);
    out.insert(out.end(), part.begin(), part.end() - static_cast<std::ptrdiff_t>(stream.avail_out));
  }
  const bool is_whole = state == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (!is_whole) throw std::runtime_error("columns do not inflate");
  return out;
}

/// Which rows have a value.
std::vector<bool> presence(const Json& packed) {
  std::vector<bool> is_there(packed.at("n").get<std::size_t>(), true);
  const Json& nulls = packed.at("nulls");
  for (std::size_t k = 0; k < nulls.size(); k += 2) {
    for (std::size_t i = 0; i < nulls[k + 1].get<std::size_t>(); ++i) {
      is_there.at(nulls[k].get<std::size_t>() + i) = false;
    }
  }
  return is_there;
}

std::size_t size_of(const Json& packed) {
  const std::vector<bool> is_there = presence(packed);
  const auto present = std::count(is_there.begin(), is_there.end(), true);
  return static_cast<std::size_t>(present) * packed.at("planes").get<std::size_t>();
}

void give_bytes(Json& value, const Bytes& columns) {
  if (value.is_object() && value.contains("planes")) {
    const auto begin = value.at("data").get<std::size_t>();
    const std::size_t size = size_of(value);
    if (begin + size > columns.size()) throw std::out_of_range("data");
    const auto at = columns.begin() + static_cast<std::ptrdiff_t>(begin);
    value["data"] = Json::binary(Bytes(at, at + static_cast<std::ptrdiff_t>(size)));
  }
  if (value.is_structured()) {
    for (Json& member : value) give_bytes(member, columns);
  }
}

Units units(const Json& packed) {
  const std::vector<bool> is_there = presence(packed);
  const Bytes& bytes = packed.at("data").get_binary();
  const auto planes = packed.at("planes").get<std::size_t>();
  const std::size_t present = planes == 0 ? 0 : bytes.size() / planes;
  std::vector<Units> of;
  if (packed.contains("of")) {
    for (const Json& one : packed.at("of")) of.push_back(units(one));
  }
  Units found(is_there.size());
  std::int64_t running = 0;
  std::size_t next = 0;
  for (std::size_t row = 0; row < found.size(); ++row) {
    if (!is_there[row]) continue;
    std::uint64_t code = 0;
    for (std::size_t plane = 0; plane < planes; ++plane) {
      code |= std::uint64_t{bytes.at(plane * present + next)} << (8U * plane);
    }
    ++next;
    std::int64_t number = code % 2 == 0 ? static_cast<std::int64_t>(code / 2)
                                        : -static_cast<std::int64_t>(code / 2) - 1;
    if (packed.at("order") == 1) number = running += number;
    if (!of.empty()) {
      const bool is_before = packed.at("near") == "before";
      std::vector<std::int64_t> said;
      for (std::size_t one = 0; one < (is_before ? 1 : of.size()); ++one) {
        if (is_before && row == 0) continue;
        if (const auto unit = of[one].at(is_before ? row - 1 : row)) said.push_back(*unit);
      }
      std::sort(said.begin(), said.end());
      if (!said.empty()) number += packed.at("near") == "most" ? said.back() : said.front();
    }
    found[row] = number;
  }
  return found;
}

}  // namespace

Json unpack(const Json& packed) {
  const double scale = std::pow(10.0, packed.at("decimals").get<int>());
  Json values = Json::array();
  for (const auto& unit : units(packed)) {
    values.push_back(unit ? Json(static_cast<double>(*unit) / scale) : Json(nullptr));
  }
  return values;
}

Bytes columns_of(const Json& page) {
  const auto text = page.at("columns").get<std::string>();
  return text.empty() ? Bytes{} : inflated(from_base64(text));
}

Json whole_page(const std::string& text) {
  Json page = Json::parse(text);
  const Bytes rest = inflated(from_base64(page.at("rest").get<std::string>()));
  page.erase("rest");
  page.update(Json::parse(rest));
  return page;
}

Json page_json(const std::string& text) {
  Json page = whole_page(text);
  const Bytes columns = columns_of(page);
  page.erase("columns");
  give_bytes(page, columns);
  return page;
}

const Json& find(const Json& list, const char* key, std::string_view value) {
  for (const Json& one : list) {
    if (one.at(key) == value) return one;
  }
  throw std::runtime_error("no entry " + std::string{value});
}

}  // namespace toxvol::report::test
