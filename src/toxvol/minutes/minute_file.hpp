#pragma once

#include <filesystem>
#include <optional>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/engine/known_minute.hpp"

namespace toxvol::minutes {

/// Known minutes to a Parquet file, which appears at `close`. Throws `Error`.
class MinuteFileWriter {
 public:
  explicit MinuteFileWriter(const std::filesystem::path& path);
  void write(const engine::KnownMinute& minute);
  void close() { writer_.close(); }

 private:
  columnar::TableWriter writer_;
};

/// The same back, bit for bit. Throws `Error` for a file of other columns.
class MinuteFileReader {
 public:
  explicit MinuteFileReader(const std::filesystem::path& path);
  /// Valid until the next call; null at the end.
  const engine::KnownMinute* next();

 private:
  columnar::TableReader reader_;
  std::optional<columnar::TableBlock> block_;
  std::size_t row_ = 0;
  engine::KnownMinute minute_;
};

}  // namespace toxvol::minutes
