#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "toxvol/factors/factor_row.hpp"
#include "toxvol/io/partial_folder.hpp"
#include "toxvol/run/folder_kinds.hpp"
#include "toxvol/run/hashed_table.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/run/run_tables.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

struct RunResult {
  std::filesystem::path folder;
  Summary summary;
  std::string config_sha256;
  std::string fingerprint;
};

/// A further file of a run folder.
struct Document {
  std::string name;
  std::string text;
};
/// Makes them when the rest of the folder is written, the last before it gets its name.
using MoreDocuments = std::function<std::vector<Document>(const RunResult&)>;

/// Writes a run folder (docs/schemas.md) from records as they come: decisions, commands, fills and
/// equity while the run runs, orders and positions at its end, each in file order. The folder
/// appears at `commit`, whole; a writer destroyed before leaves nothing. Throws `Error`.
class RunWriter : public trading::Recorder {
 public:
  /// An existing `folder` is an `Error` without `force`; with it, it is replaced at `commit`.
  RunWriter(const std::filesystem::path& folder, bool force)
      : folder_{folder, force, kRunFolder}, tables_{folder_.path()} {}

  void record(const strategy::DecisionRow& row) { tables_.record(row); }
  void record(const trading::OrderRecord& order) override { tables_.record(order); }
  void record(const trading::CommandRecord& command) override { tables_.record(command); }
  void record(const trading::FillRecord& fill) override { tables_.record(fill); }
  void record(const trading::PositionRecord& position) override { tables_.record(position); }
  void record(const trading::EquityRecord& sample) override { tables_.record(sample); }

  /// Once, after the last record.
  RunResult commit(const RunInfo& info, const Timing& timing, const MoreDocuments& more = {});

 private:
  io::PartialFolder folder_;
  RunTables tables_;
};

/// Writes the table of `toxvol factors`: one file, there at `commit`, whole.
class FactorsWriter {
 public:
  /// An existing `path` is an `Error` without `force`.
  FactorsWriter(const std::filesystem::path& path, bool force);
  void record(const factors::FactorRow& row);
  [[nodiscard]] std::int64_t rows() const { return table_.rows(); }
  void commit();

 private:
  HashedTable table_;
};

}  // namespace toxvol::run
