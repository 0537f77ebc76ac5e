#pragma once

#include <utility>

#include <arrow/result.h>
#include <arrow/status.h>

#include "toxvol/columnar/market_file.hpp"

namespace arrow {
class Table;
}

/// Tables of a few rows that NautilusTrader writes by Arrow, and so do we: the instrument, funding.
namespace toxvol::columnar::small {

/// Throws `Error` with Arrow's message.
void check(const arrow::Status& status);

template <class T>
[[nodiscard]] T check(arrow::Result<T> result) {
  check(result.status());
  return *std::move(result);
}

/// The table as a Parquet file with statistics on `ts_init`. Same table, same bytes.
void write(const ByteSink& sink, const arrow::Table& table);

}  // namespace toxvol::columnar::small
