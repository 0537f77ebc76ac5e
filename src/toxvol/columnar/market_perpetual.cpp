#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/chunked_array.h>
#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

#include "toxvol/columnar/market_file.hpp"
#include "toxvol/columnar/small_table.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/fixed.hpp"

namespace toxvol::columnar {

using small::check;

namespace {

// NautilusTrader's own adapter gives every perpetual this one, whatever the step of its quantities.
constexpr const char* kLotSize = "1";
// Where its column stands: after the multiplier.
constexpr int kLotSizeColumn = 11;

std::shared_ptr<arrow::KeyValueMetadata> footer_keys() {
  return arrow::key_value_metadata({"class", "toxvol.schema"}, {"CryptoPerpetual", "1"});
}

/// Columns of one row.
class OneRow {
 public:
  void text(const char* name, const std::optional<std::string>& value) {
    arrow::StringBuilder builder;
    check(value ? builder.Append(*value) : builder.AppendNull());
    add(name, arrow::utf8(), check(builder.Finish()));
  }
  void flag(const char* name, bool value) {
    arrow::BooleanBuilder builder;
    check(builder.Append(value));
    add(name, arrow::boolean(), check(builder.Finish()));
  }
  void small(const char* name, int value) {
    arrow::UInt8Builder builder;
    check(builder.Append(static_cast<std::uint8_t>(value)));
    add(name, arrow::uint8(), check(builder.Finish()));
  }
  void time(const char* name, std::uint64_t ns) {
    arrow::UInt64Builder builder;
    check(builder.Append(ns));
    add(name, arrow::uint64(), check(builder.Finish()));
  }
  void no_bytes(const char* name) {
    arrow::BinaryBuilder builder;
    check(builder.AppendNull());
    add(name, arrow::binary(), check(builder.Finish()));
  }
  [[nodiscard]] std::shared_ptr<arrow::Table> table() const {
    return arrow::Table::Make(arrow::schema(fields_, footer_keys()), arrays_, 1);
  }

 private:
  void add(const char* name, std::shared_ptr<arrow::DataType> type,
           std::shared_ptr<arrow::Array> array) {
    fields_.push_back(arrow::field(name, std::move(type)));
    arrays_.push_back(std::move(array));
  }
  arrow::FieldVector fields_;
  std::vector<std::shared_ptr<arrow::Array>> arrays_;
};

std::string rate_text(Rate rate) {
  return decimal_text(rate.raw(), decimals(rate.raw()));
}

}  // namespace

void write_perpetual(const ByteSink& sink, const PerpetualFile& perpetual) {
  OneRow row;
  row.text("id", perpetual.instrument_id);
  row.text("raw_symbol", perpetual.raw_symbol);
  row.text("base_currency", perpetual.base_currency);
  row.text("quote_currency", perpetual.quote_currency);
  row.text("settlement_currency", perpetual.quote_currency);
  row.flag("is_inverse", false);
  row.small("price_precision", perpetual.price_precision);
  row.small("size_precision", perpetual.size_precision);
  row.text("price_increment", decimal_text(perpetual.tick.raw(), perpetual.price_precision));
  row.text("size_increment", decimal_text(perpetual.lot.raw(), perpetual.size_precision));
  row.text("multiplier", "1");
  row.text("lot_size", kLotSize);
  row.text("max_quantity", std::nullopt);
  row.text("min_quantity", decimal_text(perpetual.min_qty.raw(), perpetual.size_precision));
  row.text("max_notional", std::nullopt);
  row.text("min_notional",
           decimal_text(perpetual.min_notional.raw(), 8) + " " + perpetual.quote_currency);
  row.text("max_price", std::nullopt);
  row.text("min_price", std::nullopt);
  row.text("margin_init", rate_text(perpetual.margin_init));
  row.text("margin_maint", rate_text(perpetual.margin_maint));
  row.text("maker_fee", rate_text(perpetual.maker_fee));
  row.text("taker_fee", rate_text(perpetual.taker_fee));
  row.no_bytes("info");
  row.time("ts_event", 0);
  row.time("ts_init", 0);

  small::write(sink, *row.table());
}

void write_upgraded_perpetual(const ByteSink& sink, const std::string& path) {
  const auto file = check(arrow::io::ReadableFile::Open(path));
  const auto reader = check(parquet::arrow::OpenFile(file, arrow::default_memory_pool()));
  std::shared_ptr<arrow::Table> table = check(reader->ReadTable());
  arrow::StringBuilder lot_size;
  check(lot_size.Append(kLotSize));
  const auto column = std::make_shared<arrow::ChunkedArray>(check(lot_size.Finish()));
  table = check(table->AddColumn(kLotSizeColumn, arrow::field("lot_size", arrow::utf8()), column));
  small::write(sink, *table->ReplaceSchemaMetadata(footer_keys()));
}

bool is_layout_1(const std::string& path) {
  try {
    const auto file = parquet::ParquetFileReader::OpenFile(path, /*memory_map=*/false);
    const auto metadata = file->metadata();
    const auto& keys = metadata->key_value_metadata();
    if (!keys || !keys->Contains("toxvol.schema")) return false;
    const auto has = [&](const char* column) {
      return metadata->schema()->ColumnIndex(std::string{column}) >= 0;
    };
    if (has("size_increment")) return !has("lot_size");
    return has("type") && !keys->Contains("type_name");
  } catch (const parquet::ParquetException&) {
    return false;
  }
}

}  // namespace toxvol::columnar
