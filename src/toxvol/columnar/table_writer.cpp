#include "toxvol/columnar/table_writer.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/api.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/properties.h>

#include "toxvol/columnar/sink_stream.hpp"
#include "toxvol/columnar/table_arrow.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"

namespace toxvol::columnar {

namespace detail {

std::shared_ptr<arrow::DataType> arrow_type(ColumnType type) {
  switch (type) {
    case ColumnType::Timestamp:
      return arrow::timestamp(arrow::TimeUnit::NANO, "UTC");
    case ColumnType::Decimal:
      return arrow::decimal128(18, 8);
    case ColumnType::Text:
      return arrow::utf8();
    case ColumnType::Float64:
      return arrow::float64();
    case ColumnType::Int8:
      return arrow::int8();
    case ColumnType::Int16:
      return arrow::int16();
    case ColumnType::Int32:
      return arrow::int32();
    case ColumnType::Int64:
      return arrow::int64();
    case ColumnType::Bool:
      return arrow::boolean();
    case ColumnType::Date:
      return arrow::date32();
  }
  return nullptr;
}

}  // namespace detail

namespace {

constexpr int kZstdLevel = 1;  // higher levels gain 2 % on doubles and cost half the speed

std::shared_ptr<parquet::WriterProperties> properties(const Schema& schema) {
  parquet::WriterProperties::Builder builder;
  builder.compression(parquet::Compression::ZSTD)->compression_level(kZstdLevel);
  builder.enable_store_decimal_as_integer();
  builder.disable_dictionary();
  for (const Column& column : schema) {
    switch (column.type) {
      case ColumnType::Text:
        builder.enable_dictionary(column.name);
        break;
      case ColumnType::Timestamp:
      case ColumnType::Decimal:
      case ColumnType::Int8:
      case ColumnType::Int16:
      case ColumnType::Int32:
      case ColumnType::Int64:
      case ColumnType::Date:
        builder.encoding(column.name, parquet::Encoding::DELTA_BINARY_PACKED);
        break;
      case ColumnType::Float64:
      case ColumnType::Bool:
        break;
    }
  }
  return builder.build();
}

}  // namespace

class TableWriter::Impl {
 public:
  Impl(std::string path, Schema schema, const Options& options)
      : file_{std::move(path)},
        schema_{std::move(schema)},
        rows_per_group_{options.rows_per_group} {
    TOXVOL_ASSERT(!schema_.empty() && rows_per_group_ > 0);
    auto metadata = std::make_shared<arrow::KeyValueMetadata>();
    metadata->Append(std::string{kSchemaKey}, std::string{kSchemaVersion});
    for (const auto& [key, value] : options.metadata) metadata->Append(key, value);
    std::vector<std::shared_ptr<arrow::Field>> fields;
    for (const Column& column : schema_) {
      fields.push_back(arrow::field(column.name, detail::arrow_type(column.type), column.nullable));
      builders_.push_back(
          detail::value_or_throw(arrow::MakeBuilder(fields.back()->type()), doing()));
    }
    arrow_schema_ = arrow::schema(std::move(fields), std::move(metadata));
    guarded([&] {
      stream_ = std::make_shared<SinkStream>(
          [this](std::span<const std::byte> bytes) { file_.write(bytes); });
      writer_ = detail::value_or_throw(
          parquet::arrow::FileWriter::Open(
              *arrow_schema_, arrow::default_memory_pool(), stream_, properties(schema_),
              parquet::ArrowWriterProperties::Builder().store_schema()->build()),
          doing());
    });
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() = default;

  template <class Builder>
  Builder& next(ColumnType type) {
    TOXVOL_ASSERT(at_ < schema_.size() && schema_[at_].type == type);
    return static_cast<Builder&>(*builders_[at_++]);
  }

  void put_null() {
    TOXVOL_ASSERT(at_ < schema_.size() && schema_[at_].nullable);
    checked(builders_[at_++]->AppendNull());
  }

  void put_integer(std::int64_t value) {
    TOXVOL_ASSERT(at_ < schema_.size());
    switch (schema_[at_].type) {
      case ColumnType::Int8:
        narrow<arrow::Int8Builder, std::int8_t>(value);
        break;
      case ColumnType::Int16:
        narrow<arrow::Int16Builder, std::int16_t>(value);
        break;
      case ColumnType::Int32:
        narrow<arrow::Int32Builder, std::int32_t>(value);
        break;
      default:
        checked(next<arrow::Int64Builder>(ColumnType::Int64).Append(value));
        break;
    }
  }

  void put_decimal(std::int64_t raw) {
    TOXVOL_ASSERT(at_ < schema_.size());
    if (raw <= -kDecimalLimit || raw >= kDecimalLimit) {
      refuse("does not fit decimal(18, 8)", std::to_string(raw) + "e-8");
    }
    checked(next<arrow::Decimal128Builder>(ColumnType::Decimal).Append(arrow::Decimal128{raw}));
  }

  void put_real(double value) {
    TOXVOL_ASSERT(at_ < schema_.size());
    if (!std::isfinite(value)) refuse("is not a finite number", std::to_string(value));
    checked(next<arrow::DoubleBuilder>(ColumnType::Float64).Append(value));
  }

  void checked(const arrow::Status& status) const {
    if (status.ok()) return;
    if (stream_) stream_->rethrow();
    detail::check(status, doing());
  }

  void end_row() {
    TOXVOL_ASSERT(at_ == schema_.size());
    at_ = 0;
    ++rows_;
    if (++buffered_ == rows_per_group_) flush();
  }

  void close() {
    TOXVOL_ASSERT(at_ == 0 && !closed_);
    if (buffered_ > 0) flush();
    guarded([&] { checked(writer_->Close()); });
    file_.commit();
    closed_ = true;
  }

  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] const Schema& schema() const { return schema_; }

 private:
  template <class Builder, class Value>
  void narrow(std::int64_t value) {
    const auto narrowed = static_cast<Value>(value);
    if (narrowed != value) refuse("does not fit its column", std::to_string(value));
    checked(next<Builder>(schema_[at_].type).Append(narrowed));
  }

  void flush() {
    std::vector<std::shared_ptr<arrow::Array>> arrays;
    arrays.reserve(builders_.size());
    for (const auto& builder : builders_) {
      arrays.push_back(detail::value_or_throw(builder->Finish(), doing()));
    }
    guarded([&] {
      checked(
          writer_->WriteTable(*arrow::Table::Make(arrow_schema_, arrays, buffered_), buffered_));
    });
    buffered_ = 0;
  }

  /// libparquet reports some faults by exception.
  template <class Work>
  void guarded(const Work& work) const {
    try {
      work();
    } catch (const parquet::ParquetException& fault) {
      stream_->rethrow();
      throw Error(doing() + ": " + fault.what());
    }
  }

  [[noreturn]] void refuse(std::string_view why, const std::string& value) const {
    throw Error(doing() + ": row " + std::to_string(rows_ + 1) + ", column " + schema_[at_].name +
                ": " + value + " " + std::string{why});
  }

  [[nodiscard]] std::string doing() const { return "cannot write " + file_.path().string(); }

  io::AtomicFile file_;
  Schema schema_;
  std::int64_t rows_per_group_;
  std::shared_ptr<arrow::Schema> arrow_schema_;
  std::vector<std::unique_ptr<arrow::ArrayBuilder>> builders_;
  std::shared_ptr<SinkStream> stream_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
  std::size_t at_ = 0;
  std::int64_t buffered_ = 0;
  std::int64_t rows_ = 0;
  bool closed_ = false;
};

TableWriter::TableWriter(std::string path, Schema schema, const Options& options)
    : impl_{std::make_unique<Impl>(std::move(path), std::move(schema), options)} {}
TableWriter::~TableWriter() = default;

void TableWriter::put_null() {
  impl_->put_null();
}
void TableWriter::put(Timestamp ts) {
  impl_->checked(impl_->next<arrow::TimestampBuilder>(ColumnType::Timestamp).Append(to_ns(ts)));
}
void TableWriter::put(Day day) {
  impl_->checked(impl_->next<arrow::Date32Builder>(ColumnType::Date)
                     .Append(static_cast<std::int32_t>(day.time_since_epoch().count())));
}
void TableWriter::put(double value) {
  impl_->put_real(value);
}
void TableWriter::put(bool value) {
  impl_->checked(impl_->next<arrow::BooleanBuilder>(ColumnType::Bool).Append(value));
}
void TableWriter::put(std::string_view text) {
  impl_->checked(impl_->next<arrow::StringBuilder>(ColumnType::Text).Append(text));
}
void TableWriter::put_decimal(std::int64_t raw) {
  impl_->put_decimal(raw);
}
void TableWriter::put_integer(std::int64_t value) {
  impl_->put_integer(value);
}
void TableWriter::end_row() {
  impl_->end_row();
}
std::int64_t TableWriter::rows() const {
  return impl_->rows();
}
const Schema& TableWriter::schema() const {
  return impl_->schema();
}
void TableWriter::close() {
  impl_->close();
}

}  // namespace toxvol::columnar
