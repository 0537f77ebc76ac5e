#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/study/folds.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/run_recorder.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {

/// What a stitched run came to, as a whole and in each of its folds (R44).
struct StitchedOutcome {
  Outcome whole;
  /// A fold's hours, and the money that was booked in them; a position counts where it closes, an
  /// order where it was sent. Without fingerprints.
  std::vector<Outcome> folds;
};

/// Collects them from the records of a run as they pass, on their way into its folder.
class FoldOutcomes final : public trading::Recorder {
 public:
  /// `run` outlives this.
  FoldOutcomes(const std::vector<Fold>& folds, Unit unit, RunRecorder& run);

  void record(const strategy::DecisionRow& row);
  void record(const trading::OrderRecord& order) override;
  void record(const trading::CommandRecord& command) override;
  void record(const trading::FillRecord& fill) override;
  void record(const trading::PositionRecord& position) override;
  void record(const trading::EquityRecord& sample) override;

  /// As OutcomeRecorder::finish.
  [[nodiscard]] StitchedOutcome finish(const std::string& config_json, const Inputs& kinds,
                                       const std::vector<run::RunInput>& inputs);

 private:
  struct Part {
    Timestamp from{};
    Timestamp to{};
    run::SummaryBuilder summary;
    ReturnsBuilder returns;
    std::int64_t orders = 0;
    trading::EquityRecord start{};  // what was booked before
    Money peak{};
  };

  [[nodiscard]] Part& part_at(Timestamp ts);
  /// Goes on to the next part with the sample that the one before ends with.
  void enter_next();
  void put(Part& part, trading::EquityRecord sample);

  RunRecorder& run_;
  OutcomeRecorder whole_;
  std::vector<Part> parts_;
  std::size_t current_ = 0;
  std::optional<trading::EquityRecord> sampled_;  // the last one that returns are made of
};

}  // namespace toxvol::study
