#include "toxvol/run/signal_table.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/run/hashed_table.hpp"

namespace toxvol::run {

namespace {

void put(HashedTable& table, std::span<const SignalRow> rows) {
  for (const SignalRow& row : rows) {
    table.put(row.ts_init);
    table.put(static_cast<std::int8_t>(row.direction));
    table.put(row.size);
    table.end_row();
  }
}

}  // namespace

columnar::Schema signal_schema() {
  using columnar::ColumnType;
  return {{.name = "ts_init", .type = ColumnType::Timestamp},
          {.name = "direction", .type = ColumnType::Int8},
          {.name = "size", .type = ColumnType::Float64}};
}

std::string signal_sha256(std::span<const SignalRow> rows) {
  HashedTable table{signal_schema()};
  put(table, rows);
  return table.digest_hex();
}

void write_signal(const std::filesystem::path& file, std::span<const SignalRow> rows) {
  HashedTable table{file.string(), signal_schema()};
  put(table, rows);
  table.close();
}

}  // namespace toxvol::run
