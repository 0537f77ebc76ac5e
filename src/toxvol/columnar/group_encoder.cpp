#include "toxvol/columnar/group_encoder.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <arrow/util/compression.h>
#include <arrow/util/type_fwd.h>
#include <fmt/format.h>

#include "toxvol/columnar/market_file.hpp"
#include "toxvol/columnar/market_layout.hpp"
#include "toxvol/columnar/market_raw.hpp"
#include "toxvol/columnar/page_encoding.hpp"
#include "toxvol/columnar/page_header.hpp"
#include "toxvol/columnar/varint.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::columnar {

namespace {

constexpr int kCompressionLevel = 1;

std::unique_ptr<arrow::util::Codec> new_codec() {
  auto codec = arrow::util::Codec::Create(arrow::Compression::ZSTD, kCompressionLevel);
  if (!codec.ok()) throw Error{"ZSTD: " + codec.status().message()};
  return *std::move(codec);
}

template <class Word>
void put_word(Word word, Bytes& out) {
  std::array<std::uint8_t, sizeof word> bytes{};
  std::memcpy(bytes.data(), &word, sizeof word);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void require(bool comes_back, std::string_view column) {
  if (comes_back) return;
  throw Error{
      fmt::format("column {}: its page does not give its rows back; the memory of this "
                  "machine or this program is at fault: run it again, and report it",
                  column)};
}

/// Puts what some rows have in each column behind the `start` rows there.
template <class Record>
struct TurningVisitor {
  std::span<const Record> rows;
  std::size_t start;
  std::vector<std::vector<std::int64_t>>& columns;
  std::size_t column = 0;

  template <class Number>
  void turn(Number&& number_of) {
    if (columns.size() == column) columns.emplace_back();
    std::vector<std::int64_t>& out = columns[column++];
    const std::size_t end = start + rows.size();
    if (out.size() < end) out.resize(std::max(end, std::min(2 * end, kGroupRows)));
    std::int64_t* const to = out.data() + start;
    for (std::size_t i = 0; i < rows.size(); ++i) to[i] = number_of(rows[i]);
  }
  template <class Tag>
  void fixed(std::string_view /*name*/, Fixed<Tag> Record::* member) {
    turn([&](const Record& row) { return (row.*member).raw(); });
  }
  void side(std::string_view /*name*/, Side Record::* member) {
    turn([&](const Record& row) { return row.*member == Side::Buy ? 1 : 2; });
  }
  void time(std::string_view /*name*/, Timestamp Record::* member) {
    turn([&](const Record& row) { return to_ns(row.*member); });
  }
  void own_time(std::string_view name, Timestamp Record::* member) { time(name, member); }
  template <class Int>
  void integer(std::string_view /*name*/, Int Record::* member) {
    turn([&](const Record& row) { return std::int64_t{row.*member}; });
  }
  void own_integer(std::string_view name, std::int64_t Record::* member) { integer(name, member); }
  void id_text(std::string_view name, std::int64_t Record::* member) { integer(name, member); }
  template <class Tag>
  void real(std::string_view name, Fixed<Tag> Record::* member) {
    turn([&](const Record& row) {
      const std::int64_t raw = (row.*member).raw();
      const double value = double_of_raw(raw);
      // The catalog is exact: a number that its double would not give back is not stored.
      if (raw_of_double(value) != raw) {
        throw InexactNumber{fmt::format("{} {} at {} has too many digits for a double", name,
                                        decimal_text(raw, Price::kDecimals),
                                        to_string(row.ts_event))};
      }
      return std::bit_cast<std::int64_t>(value);
    });
  }
  void real(std::string_view /*name*/, std::optional<double> Record::* member) {
    turn([&](const Record& row) {
      return std::bit_cast<std::int64_t>(
          (row.*member).value_or(std::numeric_limits<double>::quiet_NaN()));
    });
  }
  void constant(std::string_view /*name*/, Constant /*what*/) {}
};

}  // namespace

template <class Record>
void RowColumns<Record>::append(std::span<const Record> rows) {
  constexpr std::size_t kTile = 256;  // 16 KB of quotes
  while (!rows.empty()) {
    const auto tile = rows.first(std::min(kTile, rows.size()));
    TurningVisitor<Record> visitor{.rows = tile, .start = rows_, .columns = columns_};
    columns(std::type_identity<Record>{}, visitor);
    rows_ += tile.size();
    rows = rows.subspan(tile.size());
  }
}

template <class Record>
void RowColumns<Record>::clear() {
  rows_ = 0;
}

/// A visitor of the columns, and the buffers that it needs for each.
template <class Record>
struct GroupEncoder<Record>::State {
  std::string instrument_id;
  bool is_plain = false;
  std::unique_ptr<arrow::util::Codec> codec = new_codec();
  const RowColumns<Record>* rows = nullptr;
  std::size_t column = 0;
  EncodedGroup* group = nullptr;
  Dictionary dictionary{};
  Bytes dictionary_page{};
  Bytes page{};
  Bytes compressed{};
  std::vector<std::uint16_t> indices{};
  std::vector<std::uint16_t> indices_again{};
  std::vector<std::int64_t> sizes{};
  std::vector<std::int64_t> longs_again{};
  std::string text{};
  std::string text_again{};

  std::span<const std::int64_t> next_column() { return rows->column(column++); }

  /// `plain`, compressed, behind what the group has; `put_header` before it. Both sizes.
  template <class PutHeader>
  std::pair<std::size_t, std::size_t> put_page(const Bytes& plain, std::size_t values,
                                               PutHeader&& put_header) {
    const auto size = static_cast<std::int64_t>(plain.size());
    const std::int64_t room = codec->MaxCompressedLen(size, plain.data());
    if (static_cast<std::int64_t>(compressed.size()) < room) {
      compressed.resize(static_cast<std::size_t>(room));
    }
    const auto taken = codec->Compress(size, plain.data(), room, compressed.data());
    if (!taken.ok()) throw Error{"ZSTD: " + taken.status().message()};
    const auto bytes = static_cast<std::size_t>(*taken);
    Bytes& out = group->bytes;
    const std::size_t start = out.size();
    put_header(PageSizes{.values = values, .plain = plain.size(), .compressed = bytes});
    const std::size_t header = out.size() - start;
    out.insert(out.end(), compressed.begin(), compressed.begin() + *taken);
    return {header + bytes, header + plain.size()};
  }
  void put_data_page(PageEncoding encoding) {
    EncodedColumn& description = group->columns.emplace_back();
    description.encoding = encoding;
    std::tie(description.data_bytes, description.plain_bytes) = put_page(
        page, rows->rows(),
        [&](PageSizes page_sizes) { put_data_header(page_sizes, encoding, group->bytes); });
  }
  /// `dictionary_page` of `distinct` values, and `page` of indices.
  void put_dictionary_column(std::size_t distinct) {
    const auto [bytes, plain] = put_page(dictionary_page, distinct, [&](PageSizes page_sizes) {
      put_dictionary_header(page_sizes, group->bytes);
    });
    put_data_page(PageEncoding::RleDictionary);
    group->columns.back().dictionary_bytes = bytes;
    group->columns.back().plain_bytes += plain;
  }

  /// Values of `kWidth` bytes by a dictionary. `put(value, to)` and `get(from)`, which is nothing
  /// where the bytes are no such value, are each other's inverse.
  template <std::size_t kWidth, class Put, class Get>
  void by_dictionary(std::string_view name, Put&& put, Get&& get) {
    const auto values = next_column();
    indices.resize(values.size());
    dictionary.number(values, indices);
    const auto distinct = dictionary.values();
    page.clear();
    put_indices(indices, distinct.size(), page);
    dictionary_page.resize(distinct.size() * kWidth);
    for (std::size_t i = 0; i < distinct.size(); ++i) {
      put(distinct[i], dictionary_page.data() + i * kWidth);
    }
    // Both pages read back.
    indices_again.resize(values.size());
    bool comes_back = get_indices(page, indices_again);
    longs_again.resize(std::size_t{1} << 16);  // for any index
    for (std::size_t i = 0; i < distinct.size(); ++i) {
      const auto again = get(dictionary_page.data() + i * kWidth);
      comes_back &= again.has_value();
      longs_again[i] = again.value_or(0);
    }
    bool in_dictionary = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
      in_dictionary &= indices_again[i] < distinct.size();
      comes_back &= longs_again[indices_again[i]] == values[i];
    }
    require(comes_back && in_dictionary, name);
    put_dictionary_column(distinct.size());
  }
  template <class M>
  void fixed(std::string_view name, M /*member*/) {
    by_dictionary<kRawBytes>(name, put_raw, get_raw);
  }
  template <class M>
  void side(std::string_view name, M /*member*/) {
    by_dictionary<sizeof(std::int32_t)>(
        name,
        [](std::int64_t value, std::uint8_t* to) {
          const auto number = static_cast<std::int32_t>(value);
          std::memcpy(to, &number, sizeof number);
        },
        [](const std::uint8_t* from) {
          std::int32_t number = 0;
          std::memcpy(&number, from, sizeof number);
          return std::optional<std::int64_t>{number};
        });
  }

  void constant(std::string_view /*name*/, Constant what) {
    const std::string_view value =
        what == Constant::InstrumentId ? std::string_view{instrument_id} : class_name<Record>();
    indices.assign(rows->rows(), 0);
    page.clear();
    put_indices(indices, 1, page);
    dictionary_page.clear();
    put_word(static_cast<std::uint32_t>(value.size()), dictionary_page);
    dictionary_page.insert(dictionary_page.end(), value.begin(), value.end());
    put_dictionary_column(1);
  }

  void by_differences(std::string_view name, Width width) {
    const auto values = next_column();
    page.clear();
    put_deltas(values, width, page);
    longs_again.resize(values.size());
    ByteView left = page;
    require(get_deltas(left, longs_again) && left.empty() &&
                std::equal(values.begin(), values.end(), longs_again.begin()),
            name);
    put_data_page(PageEncoding::DeltaBinaryPacked);
    if (name != "ts_init") return;
    const auto [least, most] = least_and_most(values);
    group->columns.back().range = EncodedColumn::Range{.least = least, .most = most};
  }
  template <class M>
  void integer(std::string_view name, M /*member*/) {
    by_differences(name, Width::Bits);
  }
  template <class M>
  void time(std::string_view name, M /*member*/) {
    by_differences(name, Width::WholeBytes);
  }
  template <class M>
  void own_time(std::string_view name, M member) {
    own([&] { time(name, member); });
  }
  template <class M>
  void own_integer(std::string_view name, M member) {
    own([&] { integer(name, member); });
  }
  /// A trailing column of ours.
  template <class Put>
  void own(Put&& put) {
    if (is_plain) {
      static_cast<void>(next_column());
    } else {
      put();
    }
  }

  template <class M>
  void id_text(std::string_view name, M /*member*/) {
    const auto values = next_column();
    std::array<char, std::numeric_limits<std::int64_t>::digits10 + 2> digits{};
    text.clear();
    sizes.clear();
    for (const std::int64_t value : values) {
      const char* const end =
          std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
      sizes.push_back(end - digits.data());
      text.append(digits.data(), static_cast<std::size_t>(sizes.back()));
    }
    page.clear();
    put_texts(text, sizes, page);
    longs_again.resize(sizes.size());
    require(get_texts(page, text_again, longs_again) && text_again == text && longs_again == sizes,
            name);
    put_data_page(PageEncoding::DeltaByteArray);
  }

  /// PLAIN: the numbers as they are, so there is nothing to compare.
  template <class M>
  void real(std::string_view /*name*/, M /*member*/) {
    const auto values = next_column();
    page.resize(values.size_bytes());
    std::memcpy(page.data(), values.data(), page.size());
    put_data_page(PageEncoding::Plain);
  }
};

template <class Record>
GroupEncoder<Record>::GroupEncoder(std::string instrument_id, bool plain)
    : state_{std::make_unique<State>()} {
  state_->instrument_id = std::move(instrument_id);
  state_->is_plain = plain;
}
template <class Record>
GroupEncoder<Record>::~GroupEncoder() = default;

template <class Record>
void GroupEncoder<Record>::encode(const RowColumns<Record>& rows, EncodedGroup& out) {
  out.rows = rows.rows();
  out.bytes.clear();
  out.columns.clear();
  state_->rows = &rows;
  state_->column = 0;
  state_->group = &out;
  columns(std::type_identity<Record>{}, *state_);
}

template class RowColumns<Trade>;
template class RowColumns<Quote>;
template class RowColumns<Bar>;
template class RowColumns<KlineFlow>;
template class RowColumns<Metrics>;
template class RowColumns<Funding>;
template class GroupEncoder<Trade>;
template class GroupEncoder<Quote>;
template class GroupEncoder<Bar>;
template class GroupEncoder<KlineFlow>;
template class GroupEncoder<Metrics>;
template class GroupEncoder<Funding>;

}  // namespace toxvol::columnar
