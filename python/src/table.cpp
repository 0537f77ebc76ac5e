#include "table.hpp"

#include <memory>
#include <string>
#include <vector>

#include <arrow/c/abi.h>
#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <nanobind/nanobind.h>

namespace toxvol::python {

namespace {

/// A capsule that releases what nobody took.
template <class C>
nanobind::capsule capsule_of(std::unique_ptr<C> object, const char* name) {
  return {object.release(), name, [](void* pointer) noexcept {
            const std::unique_ptr<C> owned{static_cast<C*>(pointer)};
            if (owned->release != nullptr) owned->release(owned.get());
          }};
}

}  // namespace

nanobind::capsule export_stream(const Table& table) {
  auto stream = std::make_unique<ArrowArrayStream>();
  // The reader does not keep the table, the schema and the chunks it does.
  auto batches = value_or_throw(arrow::TableBatchReader{table.data}.ToRecordBatches());
  auto reader =
      value_or_throw(arrow::RecordBatchReader::Make(std::move(batches), table.data->schema()));
  check(arrow::ExportRecordBatchReader(std::move(reader), stream.get()));
  return capsule_of(std::move(stream), "arrow_array_stream");
}

nanobind::capsule export_schema(const Table& table) {
  auto schema = std::make_unique<ArrowSchema>();
  check(arrow::ExportSchema(*table.data->schema(), schema.get()));
  return capsule_of(std::move(schema), "arrow_schema");
}

std::vector<std::string> column_names(const Table& table) {
  return table.data->ColumnNames();
}

}  // namespace toxvol::python
