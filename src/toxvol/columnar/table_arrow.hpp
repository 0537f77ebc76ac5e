#pragma once

#include <memory>
#include <string>
#include <utility>

#include <arrow/api.h>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::columnar::detail {

/// Arrow's errors end here: one line, `what` names the file and what was done.
inline void check(const arrow::Status& status, const std::string& what) {
  if (status.ok()) return;
  std::string message = status.message();
  for (char& c : message) {
    if (c == '\n') c = ' ';
  }
  throw Error(what + ": " + message);
}

template <class T>
[[nodiscard]] T value_or_throw(arrow::Result<T>&& result, const std::string& what) {
  check(result.status(), what);
  return std::move(result).ValueUnsafe();
}

[[nodiscard]] std::shared_ptr<arrow::DataType> arrow_type(ColumnType type);

}  // namespace toxvol::columnar::detail
