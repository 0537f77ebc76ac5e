#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "toxvol/factors/factor_row.hpp"
#include "toxvol/run/hashed_table.hpp"
#include "toxvol/run/info.hpp"
#include "toxvol/run/partial_folder.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

struct RunResult {
  std::filesystem::path folder;
  Summary summary;
  std::string fingerprint;
};

/// Writes a run folder (docs/schemas.md) from records as they come: decisions, commands, fills and
/// equity while the run runs, orders and positions at its end, each in file order. The folder
/// appears at `commit`, whole; a writer destroyed before leaves nothing. Throws `Error`.
class RunWriter : public trading::Recorder {
 public:
  /// An existing `folder` is an `Error` without `force`; with it, it is replaced at `commit`.
  RunWriter(const std::filesystem::path& folder, bool force);

  void record(const strategy::DecisionRow& row);
  void record(const trading::OrderRecord& order) override;
  void record(const trading::CommandRecord& command) override;
  void record(const trading::FillRecord& fill) override;
  void record(const trading::PositionRecord& position) override;
  void record(const trading::EquityRecord& sample) override;

  /// Once, after the last record.
  RunResult commit(const RunInfo& info, const Timing& timing);

 private:
  [[nodiscard]] HashedTable open(std::string_view table) const;

  PartialFolder folder_;
  HashedTable decisions_;
  HashedTable orders_;
  HashedTable commands_;
  HashedTable fills_;
  HashedTable positions_;
  HashedTable equity_;
  SummaryBuilder summary_;
  std::set<std::string> modes_;
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
