#pragma once

#include <memory>
#include <string>
#include <vector>

#include <arrow/table.h>
#include <nanobind/nanobind.h>

#include "toxvol/core/error.hpp"

namespace toxvol::python {

/// Columns on their way to pandas, Polars, pyarrow or DuckDB: Python takes them by the Arrow
/// PyCapsule interface.
struct Table {
  std::shared_ptr<arrow::Table> data;
};

/// What `__arrow_c_stream__` gives: the consumer owns it.
[[nodiscard]] nanobind::capsule export_stream(const Table& table);
[[nodiscard]] nanobind::capsule export_schema(const Table& table);
[[nodiscard]] std::vector<std::string> column_names(const Table& table);

inline void check(const arrow::Status& status) {
  if (!status.ok()) throw Error{"Arrow: " + status.message()};
}
template <class T>
[[nodiscard]] T value_or_throw(arrow::Result<T> result) {
  check(result.status());
  return *std::move(result);
}

}  // namespace toxvol::python
