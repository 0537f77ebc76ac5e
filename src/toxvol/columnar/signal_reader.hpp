#pragma once

#include <string>
#include <vector>

#include "toxvol/core/signal_row.hpp"

struct ArrowArrayStream;  // of Arrow's C interface

namespace toxvol::columnar {

/// A user's own signal (R57, docs/own_signals.md): `ts_init` (timestamp[ns, UTC], or int64 ns),
/// `direction` (any integer type; -1, 0, 1) and, where it is wanted, `size` (float64; null: 1).
struct SignalRead {
  std::vector<SignalRow> rows;             // ascending
  std::vector<std::string> other_columns;  // that are not looked at
};

/// A Parquet file. Throws `Error`, one line with file, row (from 1), value and remedy, for whatever
/// is not as it must be.
[[nodiscard]] SignalRead read_signal(const std::string& path);
/// The same of a table of another program; `name` stands for the file in messages. The stream is
/// consumed.
[[nodiscard]] SignalRead read_signal(ArrowArrayStream& stream, const std::string& name);

}  // namespace toxvol::columnar
