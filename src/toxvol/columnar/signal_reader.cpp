#include "toxvol/columnar/signal_reader.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/api.h>
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>

#include "toxvol/columnar/table_arrow.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::columnar {

namespace {

using std::chrono::January;

constexpr Timestamp kFirst = Day{std::chrono::year{2017} / January / 1};
constexpr Timestamp kEnd = Day{std::chrono::year{2101} / January / 1};

constexpr const char* kTime = "ts_init";
constexpr const char* kDirection = "direction";
constexpr const char* kSize = "size";

/// The values of a column, row by row; nothing where they are null.
template <class T>
using Values = std::vector<std::optional<T>>;

template <class ArrowArray, class T>
void append(const arrow::Array& chunk, Values<T>& values) {
  const auto& array = static_cast<const ArrowArray&>(chunk);
  for (std::int64_t i = 0; i < array.length(); ++i) {
    if (array.IsNull(i)) {
      values.emplace_back();
    } else {
      values.emplace_back(static_cast<T>(array.Value(i)));
    }
  }
}

/// What is beyond a signed integer is the largest one: no direction either.
void append_unsigned(const arrow::Array& chunk, Values<std::int64_t>& values) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto& array = static_cast<const arrow::UInt64Array&>(chunk);
  for (std::int64_t i = 0; i < array.length(); ++i) {
    if (array.IsNull(i)) {
      values.emplace_back();
    } else {
      values.emplace_back(static_cast<std::int64_t>(std::min(array.Value(i), kMost)));
    }
  }
}

class SignalTable {
 public:
  SignalTable(std::shared_ptr<arrow::Table> table, std::string name)
      : table_{std::move(table)}, name_{std::move(name)} {}

  [[nodiscard]] SignalRead read() const {
    SignalRead signal;
    for (const std::string& column : table_->ColumnNames()) {
      if (column == kTime || column == kDirection || column == kSize) continue;
      signal.other_columns.push_back(printable(column));
    }
    const Values<std::int64_t> times = read_times(required(kTime));
    const Values<std::int64_t> directions = read_directions(required(kDirection));
    const auto column = find(kSize);
    const Values<double> sizes = column ? read_sizes(*column) : Values<double>(times.size());
    signal.rows.reserve(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      const SignalRow row{.ts_init = time(i, times[i]),
                          .direction = direction(i, directions[i]),
                          .size = size(i, sizes[i])};
      if (i > 0 && row.ts_init <= signal.rows.back().ts_init) {
        refuse(i, fmt::format("ts_init {} is not after that of the row before, {}; sort the rows, "
                              "one for each time",
                              toxvol::to_string(row.ts_init),
                              toxvol::to_string(signal.rows.back().ts_init)));
      }
      signal.rows.push_back(row);
    }
    return signal;
  }

 private:
  [[noreturn]] void refuse(std::size_t row, const std::string& what) const {
    throw Error{fmt::format("{}: row {}: {}", name_, row + 1, what), ErrorCode::Corrupt};
  }
  [[noreturn]] void refuse_type(const char* column, const arrow::DataType& is,
                                std::string_view wanted) const {
    throw Error{
        fmt::format("{}: column {} is {}; {}", name_, column, printable(is.ToString()), wanted),
        ErrorCode::Corrupt};
  }

  [[nodiscard]] std::optional<std::shared_ptr<arrow::ChunkedArray>> find(const char* name) const {
    const std::vector<int> places = table_->schema()->GetAllFieldIndices(name);
    if (places.empty()) return std::nullopt;
    if (places.size() > 1) {
      throw Error{
          fmt::format("{}: {} columns are called {}; one is wanted", name_, places.size(), name),
          ErrorCode::Corrupt};
    }
    return table_->column(places.front());
  }
  [[nodiscard]] std::shared_ptr<arrow::ChunkedArray> required(const char* name) const {
    if (auto column = find(name)) return *std::move(column);
    throw Error{fmt::format("{}: no column {}; a signal has ts_init, direction and, where it is "
                            "wanted, size, and this has {}",
                            name_, name,
                            printable(fmt::format("{}", fmt::join(table_->ColumnNames(), ", ")))),
                ErrorCode::Corrupt};
  }

  [[nodiscard]] Values<std::int64_t> read_times(
      const std::shared_ptr<arrow::ChunkedArray>& column) const {
    constexpr std::string_view kWanted =
        "timestamp[ns, tz=UTC] or int64 nanoseconds are wanted (pandas: .dt.as_unit(\"ns\"), "
        "Polars: .dt.cast_time_unit(\"ns\"))";
    const arrow::DataType& type = *column->type();
    const bool is_time = type.id() == arrow::Type::TIMESTAMP;
    if (!is_time && type.id() != arrow::Type::INT64) refuse_type(kTime, type, kWanted);
    if (is_time) {
      const auto& time = static_cast<const arrow::TimestampType&>(type);
      const std::string& zone = time.timezone();
      if (zone.empty()) {
        refuse_type(kTime, type, "without a timezone; give it UTC (pandas: .dt.tz_localize)");
      }
      if (zone != "UTC" && zone != "Etc/UTC" && zone != "+00:00") {
        refuse_type(kTime, type, "another timezone than UTC; convert it (pandas: .dt.tz_convert)");
      }
      if (time.unit() != arrow::TimeUnit::NANO) refuse_type(kTime, type, kWanted);
    }
    Values<std::int64_t> values;
    for (const auto& chunk : column->chunks()) {
      if (is_time) {
        append<arrow::TimestampArray>(*chunk, values);
      } else {
        append<arrow::Int64Array>(*chunk, values);
      }
    }
    return values;
  }

  [[nodiscard]] Values<std::int64_t> read_directions(
      const std::shared_ptr<arrow::ChunkedArray>& column) const {
    Values<std::int64_t> values;
    for (const auto& chunk : column->chunks()) {
      switch (chunk->type_id()) {
        case arrow::Type::INT8:
          append<arrow::Int8Array>(*chunk, values);
          break;
        case arrow::Type::INT16:
          append<arrow::Int16Array>(*chunk, values);
          break;
        case arrow::Type::INT32:
          append<arrow::Int32Array>(*chunk, values);
          break;
        case arrow::Type::INT64:
          append<arrow::Int64Array>(*chunk, values);
          break;
        case arrow::Type::UINT8:
          append<arrow::UInt8Array>(*chunk, values);
          break;
        case arrow::Type::UINT16:
          append<arrow::UInt16Array>(*chunk, values);
          break;
        case arrow::Type::UINT32:
          append<arrow::UInt32Array>(*chunk, values);
          break;
        case arrow::Type::UINT64:
          append_unsigned(*chunk, values);
          break;
        default:
          break;
      }
    }
    if (!arrow::is_integer(column->type()->id())) {
      refuse_type(kDirection, *column->type(), "an integer type is wanted, such as int8");
    }
    return values;
  }

  [[nodiscard]] Values<double> read_sizes(
      const std::shared_ptr<arrow::ChunkedArray>& column) const {
    Values<double> values;
    if (column->type()->id() == arrow::Type::NA) {  // what a column of nulls alone may be
      values.resize(static_cast<std::size_t>(column->length()));
      return values;
    }
    if (column->type()->id() != arrow::Type::DOUBLE) {
      refuse_type(kSize, *column->type(), "float64 is wanted");
    }
    for (const auto& chunk : column->chunks()) append<arrow::DoubleArray>(*chunk, values);
    return values;
  }

  [[nodiscard]] Timestamp time(std::size_t row, const std::optional<std::int64_t>& value) const {
    if (!value) refuse(row, "ts_init is null; each row needs the time from which it is known");
    const Timestamp ts = from_ns(*value);
    if (ts < kFirst || ts >= kEnd) {
      refuse(row, fmt::format("ts_init {} is {}, outside 2017 to 2100; nanoseconds since 1970 are "
                              "wanted (are these milli- or microseconds?)",
                              *value, toxvol::to_string(ts)));
    }
    return ts;
  }
  [[nodiscard]] int direction(std::size_t row, const std::optional<std::int64_t>& value) const {
    if (!value) refuse(row, "direction is null; -1, 0 or 1 is wanted");
    if (*value < -1 || *value > 1) {
      refuse(row, fmt::format("direction {}: -1, 0 or 1 is wanted", *value));
    }
    return static_cast<int>(*value);
  }
  [[nodiscard]] double size(std::size_t row, const std::optional<double>& value) const {
    if (!value) return 1.0;
    if (std::isnan(*value)) refuse(row, "size is NaN; a number is wanted, or null for 1");
    if (!(*value > 0.0 && *value <= kMostSignalSize)) {
      refuse(row,
             fmt::format("size {}: above 0 and at most {} is wanted", *value, kMostSignalSize));
    }
    return *value;
  }

  std::shared_ptr<arrow::Table> table_;
  std::string name_;
};

SignalRead read(std::shared_ptr<arrow::Table> table, const std::string& name) {
  detail::check(table->ValidateFull(), "cannot read " + name);
  return SignalTable{std::move(table), name}.read();
}

}  // namespace

SignalRead read_signal(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    throw Error{path + ": no such file; a Parquet file is wanted", ErrorCode::NotFound};
  }
  const std::string doing = "cannot read " + path;
  try {
    auto file = detail::value_or_throw(arrow::io::ReadableFile::Open(path), doing);
    parquet::arrow::FileReaderBuilder builder;
    detail::check(builder.Open(std::move(file)), doing);
    const auto reader = detail::value_or_throw(builder.Build(), doing);
    return read(detail::value_or_throw(reader->ReadTable(), doing), path);
  } catch (const parquet::ParquetException& fault) {
    throw Error{doing + ": " + fault.what(), ErrorCode::Corrupt};
  }
}

SignalRead read_signal(ArrowArrayStream& stream, const std::string& name) {
  const std::string doing = "cannot read " + name;
  const auto reader = detail::value_or_throw(arrow::ImportRecordBatchReader(&stream), doing);
  return read(detail::value_or_throw(reader->ToTable(), doing), name);
}

}  // namespace toxvol::columnar
