#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/run/hashed_table.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

/// The six tables of a run from its records as they pass, and their summary. Each kind of record
/// comes in file order. Throws `Error`.
class RunTables : public trading::Recorder {
 public:
  /// Hashed and summed up alone: what a run has to say in a study.
  RunTables() : RunTables{nullptr} {}
  /// Written into this folder as well.
  explicit RunTables(const std::filesystem::path& folder) : RunTables{&folder} {}

  void record(const strategy::DecisionRow& row);
  void record(const trading::OrderRecord& order) override;
  void record(const trading::CommandRecord& command) override;
  void record(const trading::FillRecord& fill) override;
  void record(const trading::PositionRecord& position) override;
  void record(const trading::EquityRecord& sample) override;

  /// Once, after the last record: the files are there, and what each table holds is told.
  struct Contents {
    std::vector<std::pair<std::string, std::int64_t>> rows;    // of each table
    std::vector<std::pair<std::string, std::string>> digests;  // of those that are fingerprinted
  };
  [[nodiscard]] Contents close();
  [[nodiscard]] const SummaryBuilder& summary() const { return summary_; }
  /// Modes of its minutes, sorted.
  [[nodiscard]] std::vector<std::string> modes() const { return {modes_.begin(), modes_.end()}; }

 private:
  explicit RunTables(const std::filesystem::path* folder);

  HashedTable decisions_;
  HashedTable orders_;
  HashedTable commands_;
  HashedTable fills_;
  HashedTable positions_;
  HashedTable equity_;
  SummaryBuilder summary_;
  std::set<std::string> modes_;
};

}  // namespace toxvol::run
