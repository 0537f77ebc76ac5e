#include "toxvol/minutes/minute_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/optional.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minute.hpp"
#include "toxvol/minutes/columns.hpp"

namespace toxvol::minutes {

namespace fs = std::filesystem;
using columnar::ColumnType;

namespace {

/// A few days a group: readers hold one.
constexpr std::int64_t kRowsPerGroup = 4'096;

template <class T>
constexpr ColumnType type_of() {
  if constexpr (std::is_same_v<T, BucketText>) {
    return ColumnType::Text;
  } else if constexpr (std::is_same_v<T, double>) {
    return ColumnType::Float64;
  } else if constexpr (std::is_same_v<T, bool>) {
    return ColumnType::Bool;
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return ColumnType::Timestamp;
  } else {
    return ColumnType::Int64;
  }
}

struct SchemaVisitor {
  columnar::Schema schema;

  template <class T>
  void operator()(std::string_view name, const T& /*value*/) {
    if constexpr (kIsOptional<T>) {
      schema.push_back({std::string{name}, type_of<typename T::value_type>(), true});
    } else {
      schema.push_back({std::string{name}, type_of<T>(), false});
    }
  }
};

struct PutVisitor {
  columnar::TableWriter& writer;

  template <class T>
  void operator()(std::string_view /*name*/, const T& value) {
    put(value);
  }
  template <class T>
  void put(const T& value) {
    if constexpr (kIsOptional<T>) {
      if (value) {
        put(*value);
      } else {
        writer.put_null();
      }
    } else if constexpr (std::is_same_v<T, BucketText>) {
      writer.put(value.text());
    } else if constexpr (std::is_same_v<T, Duration>) {
      writer.put(static_cast<std::int64_t>(value.count()));
    } else if constexpr (requires { value.raw(); }) {
      writer.put(value.raw());
    } else {
      writer.put(value);
    }
  }
};

/// No column that is not optional has nulls.
struct TakeVisitor {
  const columnar::TableBlock& block;
  std::size_t row;
  std::size_t column = 0;

  template <class T>
  void operator()(std::string_view name, T&& value) {
    take(name, value);
    ++column;
  }
  template <class T>
  void take(std::string_view name, T& value) {
    const columnar::ColumnBlock& from = block.columns[column];
    if constexpr (kIsOptional<T>) {
      value.reset();
      if (!from.is_null(row)) take(name, value.emplace());
    } else if constexpr (std::is_same_v<std::remove_const_t<T>, BucketText>) {
      const std::string_view text = from.text(row).value_or("");
      if (!value.parse(text)) {
        throw Error{fmt::format("column {}: '{}' is no list of buckets", name, text),
                    ErrorCode::Corrupt};
      }
    } else if constexpr (std::is_same_v<T, double>) {
      value = from.real(row).value_or(0);
    } else if constexpr (std::is_same_v<T, bool>) {
      value = from.integer(row).value_or(0) != 0;
    } else if constexpr (std::is_same_v<T, Timestamp>) {
      value = from_ns(from.integer(row).value_or(0));
    } else if constexpr (std::is_same_v<T, Duration>) {
      value = Duration{from.integer(row).value_or(0)};
    } else if constexpr (requires { T::from_raw(0); }) {
      value = T::from_raw(from.integer(row).value_or(0));
    } else {
      value = from.integer(row).value_or(0);
    }
  }
};

columnar::Schema schema_of_minutes() {
  engine::KnownMinute any;
  SchemaVisitor schema;
  columns(schema, any);
  return std::move(schema.schema);
}

}  // namespace

MinuteFileWriter::MinuteFileWriter(const fs::path& path)
    : writer_{
          path.string(), schema_of_minutes(), {.rows_per_group = kRowsPerGroup, .metadata = {}}} {}

void MinuteFileWriter::write(const engine::KnownMinute& minute) {
  engine::KnownMinute row = minute;
  PutVisitor put{writer_};
  columns(put, row);
  writer_.end_row();
}

MinuteFileReader::MinuteFileReader(const fs::path& path) : reader_{path.string()} {
  if (reader_.schema() != schema_of_minutes()) {
    throw Error{fmt::format("{}: other columns than minute rows have", path.string()),
                ErrorCode::Corrupt};
  }
}

const engine::KnownMinute* MinuteFileReader::next() {
  while (!block_ || row_ >= block_->rows) {
    block_ = reader_.next();
    row_ = 0;
    if (!block_) return nullptr;
  }
  TakeVisitor take{.block = *block_, .row = row_++};
  columns(take, minute_);
  return &minute_;
}

}  // namespace toxvol::minutes
