#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"

namespace toxvol::columnar {

namespace {

void check(const arrow::Status& status) {
  if (!status.ok()) throw Error{"writing the instrument's Parquet file: " + status.message()};
}

template <class T>
T check(arrow::Result<T> result) {
  check(result.status());
  return *std::move(result);
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
    const auto keys =
        arrow::key_value_metadata({"class", "toxvol.schema"}, {"CryptoPerpetual", "1"});
    return arrow::Table::Make(arrow::schema(fields_, keys), arrays_, 1);
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

  const auto stream = check(arrow::io::BufferOutputStream::Create());
  parquet::WriterProperties::Builder properties;
  properties.compression(arrow::Compression::ZSTD)->disable_statistics();
  parquet::ArrowWriterProperties::Builder arrow_properties;
  arrow_properties.store_schema();
  check(parquet::arrow::WriteTable(*row.table(), arrow::default_memory_pool(), stream, 1,
                                   properties.build(), arrow_properties.build()));
  const auto buffer = check(stream->Finish());
  sink({reinterpret_cast<const std::byte*>(buffer->data()),
        static_cast<std::size_t>(buffer->size())});
}

}  // namespace toxvol::columnar
