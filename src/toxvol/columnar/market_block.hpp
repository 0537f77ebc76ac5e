#pragma once

#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

#include <fmt/format.h>
#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/types.h>

#include "toxvol/columnar/market_layout.hpp"
#include "toxvol/columnar/market_raw.hpp"
#include "toxvol/columnar/page_columns.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

/// How `MarketReader` makes a block of rows: its columns as numbers first, then the rows of them.
namespace toxvol::columnar {

[[noreturn]] inline void refuse(const std::string& path, std::string_view what) {
  throw FileError{path,
                  fmt::format("{}; is it a file of a NautilusTrader 1.x catalog (Linux)?", what),
                  ErrorCode::Corrupt};
}

/// Reads the columns of one block of rows as 64-bit numbers: by our own decoders where the block is
/// a whole row group with pages of ours, else by Arrow's. Doubles stand as their bits; a column of
/// ours that is absent is left empty.
struct ColumnsVisitor {
  const std::string& path;
  const std::vector<int>& indices;  // in the file, -1: absent or constant
  parquet::RowGroupReader& group;
  std::vector<std::shared_ptr<parquet::ColumnReader>>& readers;  // Arrow's, made when needed
  PageColumns* pages;                                            // null: part of a row group
  std::size_t rows;
  std::int64_t first_row;  // of the block in the file, from 0
  std::vector<std::vector<std::int64_t>>& columns;
  std::size_t column = 0;
  std::vector<std::int16_t> levels{};

  /// Room for the next column.
  std::span<std::int64_t> next() {
    if (columns.size() == column) columns.emplace_back();
    columns[column].resize(indices[column] < 0 ? 0 : rows);
    return columns[column++];
  }
  /// Of the column that `next` gave last.
  [[nodiscard]] int index() const { return indices[column - 1]; }

  /// Hands every value of that column to `take(row, value)`. Values that are pointers into a page
  /// live until the next batch, hence no gathering first.
  template <class Typed, class Value, class Take>
  void read(std::string_view name, Take&& take) {
    std::shared_ptr<parquet::ColumnReader>& reader = readers[column - 1];
    if (!reader) reader = group.Column(index());
    std::vector<Value> values(rows);
    levels.resize(rows);
    auto* typed = static_cast<Typed*>(reader.get());
    std::size_t done = 0;
    while (done < rows) {
      std::int64_t count = 0;
      const std::int64_t read_levels = typed->ReadBatch(
          static_cast<std::int64_t>(rows - done), levels.data(), nullptr, values.data(), &count);
      if (count != read_levels) refuse(path, fmt::format("column {} holds a null", name));
      if (count == 0) refuse(path, fmt::format("column {} ends early", name));
      for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) take(done + i, values[i]);
      done += static_cast<std::size_t>(count);
    }
  }
  [[nodiscard]] std::int64_t number_of(std::size_t i) const {
    return first_row + static_cast<std::int64_t>(i) + 1;
  }

  template <class M>
  void fixed(std::string_view name, M /*member*/) {
    const auto out = next();
    if (pages != nullptr && pages->read_fixed(index(), out)) return;
    read<parquet::FixedLenByteArrayReader, parquet::FixedLenByteArray>(
        name, [&](std::size_t i, const parquet::FixedLenByteArray& value) {
          const auto raw = get_raw(value.ptr);
          if (!raw) {
            refuse(path, fmt::format("row {}, column {}: not a whole multiple of 1e-8 below 9.2e10",
                                     number_of(i), name));
          }
          out[i] = *raw;
        });
  }
  void longs(std::string_view name) {
    const auto out = next();
    if (out.empty() || (pages != nullptr && pages->read_longs(index(), out))) return;
    read<parquet::Int64Reader, std::int64_t>(
        name, [&](std::size_t i, std::int64_t value) { out[i] = value; });
  }
  template <class M>
  void time(std::string_view name, M /*member*/) {
    longs(name);
  }
  template <class Record, class Int>
  void integer(std::string_view name, Int Record::* /*member*/) {
    longs(name);
    if constexpr (sizeof(Int) < sizeof(std::int64_t)) {
      for (const std::int64_t value : columns[column - 1]) {
        if (static_cast<Int>(value) != value) {
          refuse(path, fmt::format("column {} holds {}", name, value));
        }
      }
    }
  }
  template <class M>
  void own_integer(std::string_view name, M /*member*/) {
    longs(name);
  }
  template <class M>
  void own_time(std::string_view name, M /*member*/) {
    longs(name);
  }
  template <class M>
  void side(std::string_view name, M /*member*/) {
    const auto out = next();
    if (pages == nullptr || !pages->read_ints(index(), out)) {
      read<parquet::Int32Reader, std::int32_t>(
          name, [&](std::size_t i, std::int32_t value) { out[i] = value; });
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i] == 1 || out[i] == 2) continue;
      refuse(path, fmt::format("row {}: aggressor_side {} is neither BUYER nor SELLER",
                               number_of(i), out[i]));
    }
  }
  template <class M>
  void id_text(std::string_view name, M /*member*/) {
    const auto out = next();
    if (pages != nullptr && pages->read_texts(index(), out)) return;
    read<parquet::ByteArrayReader, parquet::ByteArray>(
        name, [&](std::size_t i, const parquet::ByteArray& text) {
          const char* begin = reinterpret_cast<const char*>(text.ptr);
          const auto result = std::from_chars(begin, begin + text.len, out[i]);
          if (result.ec != std::errc{} || result.ptr != begin + text.len) out[i] = number_of(i);
        });
  }
  template <class Take>
  void doubles(std::string_view name, Take&& take) {
    const auto out = next();
    read<parquet::DoubleReader, double>(
        name, [&](std::size_t i, double value) { out[i] = take(i, value); });
  }
  template <class Record, class Tag>
  void real(std::string_view name, Fixed<Tag> Record::* /*member*/) {
    doubles(name, [&](std::size_t i, double value) {
      const auto raw = raw_of_double(value);
      if (!raw) {
        refuse(path, fmt::format("row {}, column {}: {} has no exact value of 8 decimals",
                                 number_of(i), name, value));
      }
      return *raw;
    });
  }
  template <class Record>
  void real(std::string_view name, std::optional<double> Record::* /*member*/) {
    doubles(name,
            [](std::size_t /*i*/, double value) { return std::bit_cast<std::int64_t>(value); });
  }
  // Known beforehand; never read.
  void constant(std::string_view /*name*/, Constant /*what*/) { static_cast<void>(next()); }
};

/// Makes some rows of a block from what `ColumnsVisitor` read: few enough to stay in the cache.
template <class Record>
struct RowsVisitor {
  const std::vector<std::vector<std::int64_t>>& columns;
  std::span<Record> rows;
  std::size_t first;       // of `rows` in the block
  std::int64_t first_row;  // of the block in the file, from 0
  std::size_t column = 0;

  template <class Put>
  void put(Put&& put_value) {
    const std::int64_t* const values = columns[column++].data() + first;
    for (std::size_t i = 0; i < rows.size(); ++i) put_value(rows[i], values[i]);
  }
  /// Whether the column has no values; it is passed by then.
  [[nodiscard]] bool skip_absent() {
    const bool absent = columns[column].empty();
    if (absent) ++column;
    return absent;
  }

  template <class Tag>
  void fixed(std::string_view /*name*/, Fixed<Tag> Record::* member) {
    put([&](Record& row, std::int64_t raw) { row.*member = Fixed<Tag>::from_raw(raw); });
  }
  void time(std::string_view /*name*/, Timestamp Record::* member) {
    put([&](Record& row, std::int64_t ns) { row.*member = from_ns(ns); });
  }
  template <class Int>
  void integer(std::string_view /*name*/, Int Record::* member) {
    put([&](Record& row, std::int64_t value) { row.*member = static_cast<Int>(value); });
  }
  void own_integer(std::string_view name, std::int64_t Record::* member) {
    if (!skip_absent()) return integer(name, member);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if constexpr (std::is_same_v<Record, Trade>) {
        rows[i].*member = rows[i].agg_trade_id;
      } else {
        rows[i].*member = first_row + static_cast<std::int64_t>(first + i) + 1;
      }
    }
  }
  void own_time(std::string_view name, Timestamp Record::* member) {
    if (!skip_absent()) return time(name, member);
    for (Record& row : rows) row.*member = row.ts_event;
  }
  void side(std::string_view /*name*/, Side Record::* member) {
    put([&](Record& row, std::int64_t value) {
      row.*member = value == 1 ? Side::Buy : Side::Sell;
    });
  }
  void id_text(std::string_view name, std::int64_t Record::* member) { integer(name, member); }
  template <class Tag>
  void real(std::string_view name, Fixed<Tag> Record::* member) {
    fixed(name, member);
  }
  void real(std::string_view /*name*/, std::optional<double> Record::* member) {
    put([&](Record& row, std::int64_t bits) {
      const auto value = std::bit_cast<double>(bits);
      row.*member = std::isnan(value) ? std::nullopt : std::optional{value};
    });
  }
  void constant(std::string_view /*name*/, Constant /*what*/) { ++column; }
};

}  // namespace toxvol::columnar
