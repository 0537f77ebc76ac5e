#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/folds.hpp"
#include "toxvol/study/side_by_side.hpp"

namespace toxvol::jobs {

/// Learns from `rows`, a Parquet file as `toxvol factors` writes it, what the function that it
/// gives will say. That one is shown a row at a time, so that it sees nothing later.
using SignalFit = std::function<strategy::SignalFunction(const std::filesystem::path& rows)>;

/// A user's own signal that is fitted again for each fold of a walk-forward (R57).
struct FittedSignals {
  std::vector<study::OwnRows> training;  // by fold: what it says of the window it learned from
  study::OwnRows stitched;               // of the test windows, each by its fold's fit
  study::OwnRows sample;                 // of the same hours, but learned from them
  std::string sha256;                    // of all
};

/// Fits on each training window and asks of it and of its test window. Rows are those of `base`,
/// each window warmed up on its own. Throws `Error`, `Interrupted` and what `fit` throws.
[[nodiscard]] FittedSignals fit_signals(const SignalFit& fit, const MarketOptions& market,
                                        const config::Config& base,
                                        std::span<const study::Fold> folds, Progress& progress);

/// Leaves the user's function as the only fit of a walk-forward's `design`. Throws `UsageError`
/// where the design asks for another fit or varies a key of the signal, which is fitted once.
void refuse_other_fits(study::Design& design);

}  // namespace toxvol::jobs
