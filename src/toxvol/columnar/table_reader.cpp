#include "toxvol/columnar/table_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include "toxvol/columnar/table_arrow.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::columnar {

namespace {

std::optional<ColumnType> column_type(const arrow::DataType& type) {
  static constexpr ColumnType kAll[] = {
      ColumnType::Timestamp, ColumnType::Decimal, ColumnType::Text,  ColumnType::Float64,
      ColumnType::Int8,      ColumnType::Int16,   ColumnType::Int32, ColumnType::Int64,
      ColumnType::Bool,      ColumnType::Date};
  for (const ColumnType candidate : kAll) {
    if (detail::arrow_type(candidate)->Equals(type)) return candidate;
  }
  return std::nullopt;
}

template <class ArrowArray>
void append_integers(const arrow::Array& chunk, std::vector<std::int64_t>& out) {
  const auto& array = static_cast<const ArrowArray&>(chunk);
  for (std::int64_t i = 0; i < array.length(); ++i) {
    out.push_back(array.IsNull(i) ? 0 : static_cast<std::int64_t>(array.Value(i)));
  }
}

void append_decimals(const arrow::Array& chunk, std::vector<std::int64_t>& out) {
  const auto& array = static_cast<const arrow::Decimal128Array&>(chunk);
  for (std::int64_t i = 0; i < array.length(); ++i) {
    // 18 digits: the low word, sign included, is the value.
    out.push_back(array.IsNull(i)
                      ? 0
                      : static_cast<std::int64_t>(arrow::Decimal128{array.GetValue(i)}.low_bits()));
  }
}

}  // namespace

std::optional<std::int64_t> ColumnBlock::integer(std::size_t row) const {
  TOXVOL_ASSERT(type_ != ColumnType::Float64 && type_ != ColumnType::Text);
  if (is_null(row)) return std::nullopt;
  return integers_[row];
}

std::optional<double> ColumnBlock::real(std::size_t row) const {
  TOXVOL_ASSERT(type_ == ColumnType::Float64);
  if (is_null(row)) return std::nullopt;
  return reals_[row];
}

std::optional<std::string_view> ColumnBlock::text(std::size_t row) const {
  TOXVOL_ASSERT(type_ == ColumnType::Text);
  if (is_null(row)) return std::nullopt;
  return texts_[row];
}

class TableReader::Impl {
 public:
  explicit Impl(std::string path) : path_{std::move(path)} {
    guarded([&] {
      auto file = detail::value_or_throw(arrow::io::ReadableFile::Open(path_), doing());
      parquet::arrow::FileReaderBuilder builder;
      detail::check(builder.Open(file), doing());
      reader_ = detail::value_or_throw(builder.Build(), doing());
      std::shared_ptr<arrow::Schema> schema;
      detail::check(reader_->GetSchema(&schema), doing());
      for (const auto& field : schema->fields()) {
        const auto type = column_type(*field->type());
        if (!type) {
          throw Error(doing() + ": column " + field->name() + " has type " +
                          field->type()->ToString() + ", which toxvol never writes",
                      ErrorCode::Corrupt);
        }
        schema_.push_back({field->name(), *type, field->nullable()});
        selected_.push_back(static_cast<int>(selected_.size()));
      }
      const auto pairs = reader_->parquet_reader()->metadata()->key_value_metadata();
      for (std::int64_t i = 0; pairs && i < pairs->size(); ++i) {
        if (pairs->key(i) != "ARROW:schema") metadata_.emplace_back(pairs->key(i), pairs->value(i));
      }
    });
  }

  [[nodiscard]] std::optional<TableBlock> next() {
    std::optional<TableBlock> block;
    if (group_ >= reader_->num_row_groups()) return block;
    guarded([&] {
      const std::shared_ptr<arrow::Table> table =
          detail::value_or_throw(reader_->ReadRowGroup(group_, selected_), doing());
      detail::check(table->ValidateFull(), doing());
      block.emplace();
      block->rows = static_cast<std::size_t>(table->num_rows());
      for (const int index : selected_) {
        const Column& column = schema_[static_cast<std::size_t>(index)];
        const auto values = table->GetColumnByName(column.name);
        if (!values) throw Error(doing() + ": no column " + column.name, ErrorCode::Corrupt);
        block->columns.push_back(copy(column, *values));
      }
    });
    ++group_;
    return block;
  }

  void select(const std::vector<std::string>& names) {
    selected_.clear();
    for (const std::string& wanted : names) {
      int found = -1;
      for (std::size_t i = 0; i < schema_.size(); ++i) {
        if (schema_[i].name == wanted) found = static_cast<int>(i);
      }
      if (found < 0) throw Error(doing() + ": no column " + wanted);
      selected_.push_back(found);
    }
  }

  [[nodiscard]] std::int64_t rows() const {
    return reader_->parquet_reader()->metadata()->num_rows();
  }
  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& metadata() const {
    return metadata_;
  }
  [[nodiscard]] const std::vector<int>& selected() const { return selected_; }

 private:
  static ColumnBlock copy(const Column& column, const arrow::ChunkedArray& values) {
    ColumnBlock block;
    block.type_ = column.type;
    block.valid_.reserve(static_cast<std::size_t>(values.length()));
    for (const auto& chunk : values.chunks()) {
      for (std::int64_t i = 0; i < chunk->length(); ++i) {
        block.valid_.push_back(chunk->IsNull(i) ? 0 : 1);
      }
      switch (column.type) {
        case ColumnType::Timestamp:
          append_integers<arrow::TimestampArray>(*chunk, block.integers_);
          break;
        case ColumnType::Decimal:
          append_decimals(*chunk, block.integers_);
          break;
        case ColumnType::Int8:
          append_integers<arrow::Int8Array>(*chunk, block.integers_);
          break;
        case ColumnType::Int16:
          append_integers<arrow::Int16Array>(*chunk, block.integers_);
          break;
        case ColumnType::Int32:
          append_integers<arrow::Int32Array>(*chunk, block.integers_);
          break;
        case ColumnType::Int64:
          append_integers<arrow::Int64Array>(*chunk, block.integers_);
          break;
        case ColumnType::Bool:
          append_integers<arrow::BooleanArray>(*chunk, block.integers_);
          break;
        case ColumnType::Date:
          append_integers<arrow::Date32Array>(*chunk, block.integers_);
          break;
        case ColumnType::Float64: {
          const auto& array = static_cast<const arrow::DoubleArray&>(*chunk);
          for (std::int64_t i = 0; i < array.length(); ++i) {
            block.reals_.push_back(array.IsNull(i) ? 0.0 : array.Value(i));
          }
          break;
        }
        case ColumnType::Text: {
          const auto& array = static_cast<const arrow::StringArray&>(*chunk);
          for (std::int64_t i = 0; i < array.length(); ++i) {
            block.texts_.emplace_back(array.IsNull(i) ? std::string_view{} : array.GetView(i));
          }
          break;
        }
      }
    }
    return block;
  }

  template <class Work>
  void guarded(const Work& work) const {
    try {
      work();
    } catch (const parquet::ParquetException& fault) {
      throw Error(doing() + ": " + fault.what(), ErrorCode::Corrupt);
    }
  }

  [[nodiscard]] std::string doing() const { return "cannot read " + path_; }

  std::string path_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  Schema schema_;
  std::vector<std::pair<std::string, std::string>> metadata_;
  std::vector<int> selected_;
  int group_ = 0;
};

TableReader::TableReader(std::string path) : impl_{std::make_unique<Impl>(std::move(path))} {}
TableReader::~TableReader() = default;

const Schema& TableReader::schema() const {
  return impl_->schema();
}
std::int64_t TableReader::rows() const {
  return impl_->rows();
}
const std::vector<std::pair<std::string, std::string>>& TableReader::metadata() const {
  return impl_->metadata();
}
std::optional<std::string> TableReader::metadata(std::string_view key) const {
  for (const auto& [name, value] : impl_->metadata()) {
    if (name == key) return value;
  }
  return std::nullopt;
}
void TableReader::select(const std::vector<std::string>& names) {
  impl_->select(names);
}
std::optional<TableBlock> TableReader::next() {
  return impl_->next();
}

TableBlock TableReader::read_all() {
  TableBlock all;
  for (const int index : impl_->selected()) {
    ColumnBlock column;
    column.type_ = impl_->schema()[static_cast<std::size_t>(index)].type;
    all.columns.push_back(std::move(column));
  }
  while (auto block = next()) {
    all.rows += block->rows;
    for (std::size_t i = 0; i < block->columns.size(); ++i) {
      ColumnBlock& to = all.columns[i];
      ColumnBlock& from = block->columns[i];
      to.valid_.insert(to.valid_.end(), from.valid_.begin(), from.valid_.end());
      to.integers_.insert(to.integers_.end(), from.integers_.begin(), from.integers_.end());
      to.reals_.insert(to.reals_.end(), from.reals_.begin(), from.reals_.end());
      to.texts_.insert(to.texts_.end(), std::make_move_iterator(from.texts_.begin()),
                       std::make_move_iterator(from.texts_.end()));
    }
  }
  return all;
}

}  // namespace toxvol::columnar
