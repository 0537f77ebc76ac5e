#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/jobs/poison/known_then.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {

/// A row of a table that has many, by its hash.
struct SaidRow {
  Timestamp known{};  // see KnownThen
  Timestamp ts{};
  std::uint64_t hash = 0;
  bool is_decision = false;  // of decisions: after the warm-up, at a cadence boundary
};

/// What one run says, small enough to be held for years of minutes: decisions and equity as hashes,
/// in whole only where `wants` asks for a row by its number.
class PoisonTrace : public trading::Recorder {
 public:
  template <class Record>
  struct Many {
    std::vector<SaidRow> rows;
    std::function<bool(std::size_t, const SaidRow&)> wants;
    std::map<std::size_t, Record> kept;
  };

  explicit PoisonTrace(const KnownThen& known) : known_{known} {}

  void record(const strategy::DecisionRow& row);
  void record(const trading::OrderRecord& order) override { orders.push_back(order); }
  void record(const trading::CommandRecord& command) override { commands.push_back(command); }
  void record(const trading::FillRecord& fill) override { fills.push_back(fill); }
  void record(const trading::PositionRecord& position) override { positions.push_back(position); }
  void record(const trading::EquityRecord& sample) override;

  Many<strategy::DecisionRow> decisions;
  Many<trading::EquityRecord> equity;
  std::vector<trading::OrderRecord> orders;
  std::vector<trading::CommandRecord> commands;
  std::vector<trading::FillRecord> fills;
  std::vector<trading::PositionRecord> positions;

 private:
  KnownThen known_;
};

}  // namespace toxvol::jobs
