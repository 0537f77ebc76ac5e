#include "toxvol/columnar/small_table.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include <arrow/io/memory.h>
#include <arrow/status.h>
#include <arrow/table.h>
#include <arrow/type_fwd.h>
#include <arrow/util/type_fwd.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::columnar::small {

namespace {
constexpr std::int64_t kGroupRows = 65'536;
}

void check(const arrow::Status& status) {
  if (!status.ok()) throw Error{"a small Parquet table: " + status.message()};
}

void write(const ByteSink& sink, const arrow::Table& table) {
  const auto stream = check(arrow::io::BufferOutputStream::Create());
  parquet::WriterProperties::Builder properties;
  properties.compression(arrow::Compression::ZSTD)
      ->disable_statistics()
      ->enable_statistics(std::string{"ts_init"});
  parquet::ArrowWriterProperties::Builder arrow_properties;
  arrow_properties.store_schema();
  check(parquet::arrow::WriteTable(table, arrow::default_memory_pool(), stream, kGroupRows,
                                   properties.build(), arrow_properties.build()));
  const auto buffer = check(stream->Finish());
  sink({reinterpret_cast<const std::byte*>(buffer->data()),
        static_cast<std::size_t>(buffer->size())});
}

}  // namespace toxvol::columnar::small
