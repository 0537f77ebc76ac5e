#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/records.hpp"

/// One decision or position of a run and how it came about (R58): what was known, what each step
/// said, what was sent, what became of it.
namespace toxvol::explain {

/// The newest record of a kind that counted at a row.
struct KnownInput {
  Kind kind{};
  Timestamp ts_event{};
  double age_s = 0.0;  // at the bar's end
  std::vector<std::pair<std::string_view, std::string>> values;
};

/// The mid some time after a fill.
struct Markout {
  int after_s = 0;
  std::optional<double> mid;       // of the last quote, if it is young enough
  std::optional<double> drift_bp;  // for us, against the fill's price
};

struct Fill {
  trading::FillRecord record;
  std::vector<Markout> markouts;  // empty where no market was read
};

struct Order {
  trading::OrderRecord record;
  std::vector<trading::CommandRecord> commands;
  std::vector<Fill> fills;
};

/// A decision row: recomputed, and equal to the stored one.
struct Decision {
  strategy::DecisionRow row;
  strategy::Judgement judgement;
  std::vector<KnownInput> known;
};

struct Explanation {
  std::string run;  // its folder, as it was named
  std::string symbol;
  std::string preset;  // empty: a file
  std::string order_latency;
  std::string queue;
  std::string engine;
  bool is_script = false;
  bool is_own_signal = false;
  bool synthetic = false;
  std::optional<Timestamp> asked;
  std::optional<Decision> decision;
  std::vector<Order> orders;  // of the decision and of the position, as they were sent
  std::optional<trading::PositionRecord> position;
  std::optional<strategy::DecisionRow> last_row;  // the last that the exit could know
  strategy::StrategyParams params;
  std::vector<std::string> remarks;
};

}  // namespace toxvol::explain
