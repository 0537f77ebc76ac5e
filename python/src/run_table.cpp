#include "run_table.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <arrow/array.h>
#include <arrow/array/array_decimal.h>
#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::python {

namespace {

std::shared_ptr<arrow::Array> floats_of(const arrow::Decimal128Array& decimals) {
  arrow::DoubleBuilder builder;
  check(builder.Reserve(decimals.length()));
  for (std::int64_t row = 0; row < decimals.length(); ++row) {
    if (decimals.IsNull(row)) {
      builder.UnsafeAppendNull();
      continue;
    }
    const arrow::Decimal128 value{decimals.GetValue(row)};
    // decimal128(18, 8): the units of 1e-8 fit 64 bits.
    builder.UnsafeAppend(double_of_raw(static_cast<std::int64_t>(value.low_bits())));
  }
  return value_or_throw(builder.Finish());
}

std::shared_ptr<arrow::Table> with_floats(const std::shared_ptr<arrow::Table>& table) {
  auto result = table;
  for (int i = 0; i < table->num_columns(); ++i) {
    if (table->field(i)->type()->id() != arrow::Type::DECIMAL128) continue;
    arrow::ArrayVector chunks;
    for (const auto& chunk : table->column(i)->chunks()) {
      chunks.push_back(floats_of(static_cast<const arrow::Decimal128Array&>(*chunk)));
    }
    result = value_or_throw(result->SetColumn(
        i, table->field(i)->WithType(arrow::float64()),
        std::make_shared<arrow::ChunkedArray>(std::move(chunks), arrow::float64())));
  }
  return result;
}

}  // namespace

Table read_table(const std::string& path, bool exact) {
  const auto fail = [&path](const arrow::Status& status) {
    throw Error{fmt::format("{}: cannot read the table: {}", path, status.message())};
  };
  auto file = arrow::io::ReadableFile::Open(path);
  if (!file.ok()) fail(file.status());
  auto reader = parquet::arrow::OpenFile(*file, arrow::default_memory_pool());
  if (!reader.ok()) fail(reader.status());
  auto table = (*reader)->ReadTable();
  if (!table.ok()) fail(table.status());
  return {exact ? *std::move(table) : with_floats(*table)};
}

}  // namespace toxvol::python
