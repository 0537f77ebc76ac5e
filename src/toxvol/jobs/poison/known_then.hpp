#pragma once

#include <optional>

#include "toxvol/core/time.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {

/// Which rows of a run, and which of their columns, may depend on rows of the market that can be
/// known only at a moment or later. The strategy sees a row of the market a data latency after
/// `ts_init`, so what it does belongs to the time so long before; the exchange's clock is
/// `ts_event` (X2, X3; docs/poison.md).
class KnownThen {
 public:
  explicit KnownThen(const engine::EngineParams& params);

  /// The newest row of the market that a decision may use is younger by no moment than this.
  [[nodiscard]] Timestamp of(const strategy::DecisionRow& row) const;
  [[nodiscard]] Timestamp of(const trading::CommandRecord& command) const;
  [[nodiscard]] static Timestamp of(const trading::FillRecord& fill) { return fill.ts; }
  [[nodiscard]] static Timestamp of(const trading::EquityRecord& sample) { return sample.ts; }

  /// The record as it stood before `moment`, what came later blank; nothing where all of it did.
  [[nodiscard]] std::optional<trading::CommandRecord> before(Timestamp moment,
                                                             trading::CommandRecord command) const;
  [[nodiscard]] std::optional<trading::OrderRecord> before(Timestamp moment,
                                                           trading::OrderRecord order) const;
  [[nodiscard]] std::optional<trading::FillRecord> before(Timestamp moment,
                                                          trading::FillRecord fill) const;
  [[nodiscard]] std::optional<trading::PositionRecord> before(
      Timestamp moment, trading::PositionRecord position) const;

 private:
  [[nodiscard]] Timestamp sent(Timestamp ts_sent, std::optional<Timestamp> ts_arrive) const;

  engine::LatencyModel latency_;
  Duration bar_delay_;
  Duration of_rows_;      // how much earlier the rows were known that a decision uses
  Duration of_commands_;  // the same of a command
  bool is_constant_;
};

}  // namespace toxvol::jobs
