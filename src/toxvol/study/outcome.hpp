#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/run_tables.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/study/equity_curve.hpp"
#include "toxvol/study/unit_returns.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {

/// An entry order of the strategy.
struct Entry {
  Timestamp ts_decision{};
  std::int8_t direction = 0;  // +1 buys
  friend auto operator<=>(const Entry&, const Entry&) = default;
};

/// What a run is called by: its configuration and the fingerprint of the separate backtest.
struct RunName {
  std::string config_sha256;
  std::string fingerprint;
};

/// What a run of a study leaves: its result, and what it is compared by.
struct Outcome {
  std::string config_sha256;
  std::string fingerprint;       // of the separate backtest
  std::string trial{};           // its id in the trial log (R22)
  std::vector<RunName> twins{};  // configurations that do the same without being run
  std::string body;              // what the run did, whatever its configuration is called
  std::string fills;             // what it traded and what became of its money
  run::Summary summary;
  std::int64_t orders = 0;
  RunReturns returns;
  EquityCurve curve;
  std::string decisions;  // a letter each decision row: alpha and direction of its signal
  std::vector<Entry> entries;
  std::string fitted;  // the configuration as TOML, where parts of it were fitted for the run
};

/// Collects an outcome from the records of a run as they pass.
class OutcomeRecorder : public trading::Recorder {
 public:
  explicit OutcomeRecorder(Unit unit) : returns_{unit} {}

  void record(const strategy::DecisionRow& row);
  void record(const trading::OrderRecord& order) override;
  void record(const trading::CommandRecord& command) override { tables_.record(command); }
  void record(const trading::FillRecord& fill) override;
  void record(const trading::PositionRecord& position) override;
  void record(const trading::EquityRecord& sample) override;

  /// Once, after the last record. `config_json`: the resolved configuration, `twins` those that do
  /// the same; `inputs`: what was read, of the run's kinds; `signal_sha256`: of the rows of a
  /// user's own signal.
  [[nodiscard]] Outcome finish(const std::string& config_json, const Inputs& kinds,
                               const std::vector<run::RunInput>& inputs,
                               const std::vector<std::string>& twins = {},
                               const std::optional<std::string>& signal_sha256 = {});

 private:
  run::RunTables tables_;
  ReturnsBuilder returns_;
  EquityCurveBuilder curve_;
  Outcome outcome_;
};

}  // namespace toxvol::study
