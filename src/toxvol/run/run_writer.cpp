#include "toxvol/run/run_writer.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/run/digest.hpp"
#include "toxvol/run/documents.hpp"
#include "toxvol/run/hashed_table.hpp"
#include "toxvol/run/info.hpp"
#include "toxvol/run/record_writer.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/run/tables.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

namespace {

std::string free_path(const std::filesystem::path& path, bool force) {
  if (!force && std::filesystem::exists(std::filesystem::symlink_status(path))) {
    throw Error(path.string() + " exists: choose another --out, or replace it with --force");
  }
  return path.string();
}

}  // namespace

HashedTable RunWriter::open(std::string_view table) const {
  return {(folder_.path() / (std::string{table} + ".parquet")).string(), table_schema(table)};
}

RunWriter::RunWriter(const std::filesystem::path& folder, bool force)
    : folder_{folder, force},
      decisions_{open("decisions")},
      orders_{open("orders")},
      commands_{open("commands")},
      fills_{open("fills")},
      positions_{open("positions")},
      equity_{open("equity")} {}

void RunWriter::record(const strategy::DecisionRow& row) {
  put_row(decisions_, row);
  summary_.add(row);
  if (!modes_.contains(row.factors.mode)) modes_.insert(row.factors.mode);
}

void RunWriter::record(const trading::OrderRecord& order) {
  put_row(orders_, order);
  summary_.add(order);
}

void RunWriter::record(const trading::CommandRecord& command) {
  put_row(commands_, command);
}

void RunWriter::record(const trading::FillRecord& fill) {
  put_row(fills_, fill);
  summary_.add(fill);
}

void RunWriter::record(const trading::PositionRecord& position) {
  put_row(positions_, position);
  summary_.add(position);
}

void RunWriter::record(const trading::EquityRecord& sample) {
  put_row(equity_, sample);
  summary_.add(sample);
}

RunResult RunWriter::commit(const RunInfo& info, const Timing& timing) {
  const std::pair<std::string_view, HashedTable*> tables[] = {
      {"decisions", &decisions_}, {"orders", &orders_},       {"commands", &commands_},
      {"fills", &fills_},         {"positions", &positions_}, {"equity", &equity_}};
  RunFacts facts{.modes = {modes_.begin(), modes_.end()},
                 .config_sha256 = io::sha256_hex(canonical_config(info.config_json)),
                 .rows = {},
                 .fingerprint = {}};
  std::vector<std::pair<std::string, std::string>> digests;
  for (const auto& [name, table] : tables) {
    table->close();
    facts.rows.emplace_back(name, table->rows());
    if (is_fingerprinted(name)) digests.emplace_back(name, table->digest_hex());
  }
  facts.fingerprint = fingerprint(facts.config_sha256, info.inputs, digests);
  RunResult result{.folder = folder_.target(),
                   .summary = summary_.finish(info.quality, info.kinds),
                   .fingerprint = facts.fingerprint};
  io::write_file_atomically(folder_.path() / "run.json", run_json(info, facts));
  io::write_file_atomically(folder_.path() / "summary.json", summary_json(result.summary));
  io::write_file_atomically(folder_.path() / "timing.json", timing_json(timing));
  folder_.commit();
  return result;
}

FactorsWriter::FactorsWriter(const std::filesystem::path& path, bool force)
    : table_{free_path(path, force), factors_schema()} {}

void FactorsWriter::record(const factors::FactorRow& row) {
  put_row(table_, row);
}

void FactorsWriter::commit() {
  table_.close();
}

}  // namespace toxvol::run
