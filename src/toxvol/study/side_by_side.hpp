#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

/// The window that all runs of a study share.
struct Window {
  Instrument instrument;
  Timestamp begin{};  // of the data: what comes before `from` warms up (G3)
  Timestamp from{};
  Timestamp to{};
};

/// The rows of a user's own signal, which all runs of a study share (R57).
struct OwnRows {
  strategy::SignalRows rows;  // in the window
  std::string sha256;         // of them
};

/// One run of a study.
struct RunSpec {
  config::Config config;
  Inputs inputs;  // some of the market's
  /// What the run is known by, where that is another configuration: of `fit = "sample"`, whose
  /// numbers `config` has.
  std::optional<config::Config> known_as{};
  /// Configurations that are known to do the same, differing in what this run does not ask for.
  std::vector<config::Config> twins{};
  std::optional<OwnRows> own{};
};

/// Whether two runs side by side can share the sums of each minute; and, of two that do, the
/// factors made of them.
[[nodiscard]] bool fold_alike(const RunSpec& a, const RunSpec& b);
[[nodiscard]] bool model_alike(const RunSpec& a, const RunSpec& b);

/// Throws `Error` for a profile other than `realistic`.
void check_can_run_in_study(const config::Config& config);

/// Is shown each row of each run in its window, in the order of time.
using RowObserver = std::function<void(std::size_t spec, const strategy::DecisionRow& row)>;

/// What was read of these kinds, once all is read: for the fingerprint.
using InputsRead = std::function<std::vector<run::RunInput>(const Inputs& kinds)>;

/// Runs all of them over one reading of the market, side by side; what several fold or compute
/// alike is folded or computed once. Each outcome is that of the separate backtest. `progress` is
/// told the minutes of one of them. Throws `Error` (`check_can_run_in_study` among them) and
/// `Interrupted`.
[[nodiscard]] std::vector<Outcome> run_side_by_side(MarketData data, const Window& window,
                                                    std::span<const RunSpec> specs, Unit unit,
                                                    const InputsRead& inputs_read,
                                                    Progress& progress,
                                                    const RowObserver& observe = {});

}  // namespace toxvol::study
