#include "toxvol/run/run_tables.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/hashed_table.hpp"
#include "toxvol/run/record_writer.hpp"
#include "toxvol/run/schema.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

namespace {

HashedTable open(const std::filesystem::path* folder, std::string_view table) {
  if (folder == nullptr) return HashedTable{table_schema(table)};
  return {(*folder / (std::string{table} + ".parquet")).string(), table_schema(table)};
}

}  // namespace

RunTables::RunTables(const std::filesystem::path* folder)
    : decisions_{open(folder, "decisions")},
      orders_{open(folder, "orders")},
      commands_{open(folder, "commands")},
      fills_{open(folder, "fills")},
      positions_{open(folder, "positions")},
      equity_{open(folder, "equity")} {}

void RunTables::record(const strategy::DecisionRow& row) {
  put_row(decisions_, row);
  summary_.add(row);
  if (!modes_.contains(row.factors.mode)) modes_.insert(row.factors.mode);
}

void RunTables::record(const trading::OrderRecord& order) {
  put_row(orders_, order);
  summary_.add(order);
}

void RunTables::record(const trading::CommandRecord& command) {
  put_row(commands_, command);
}

void RunTables::record(const trading::FillRecord& fill) {
  put_row(fills_, fill);
  summary_.add(fill);
}

void RunTables::record(const trading::PositionRecord& position) {
  put_row(positions_, position);
  summary_.add(position);
}

void RunTables::record(const trading::EquityRecord& sample) {
  put_row(equity_, sample);
  summary_.add(sample);
}

RunTables::Contents RunTables::close() {
  const std::pair<std::string_view, HashedTable*> tables[] = {
      {"decisions", &decisions_}, {"orders", &orders_},       {"commands", &commands_},
      {"fills", &fills_},         {"positions", &positions_}, {"equity", &equity_}};
  Contents contents;
  for (const auto& [name, table] : tables) {
    table->close();
    contents.rows.emplace_back(name, table->rows());
    if (is_fingerprinted(name)) contents.digests.emplace_back(name, table->digest_hex());
  }
  return contents;
}

}  // namespace toxvol::run
