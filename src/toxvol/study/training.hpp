#pragma once

#include <functional>
#include <span>

#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/side_by_side.hpp"

/// What of a configuration is estimated before it is run (R41), from the rows that a run of it
/// makes.
namespace toxvol::study {

/// Opens these kinds of a window's market, from the beginning of its warm-up, and lends them.
using LendMarket =
    std::function<void(const Inputs& kinds, const std::function<void(MarketData)>& use)>;

/// Fits each of `specs` on the rows of `window` and writes what it found into their
/// configurations. What rests on something else that is fitted comes after it: bucket and HAR
/// first, then z-scores, then theta and quantiles. Throws `Error` and `Interrupted`.
void fit(std::span<RunSpec> specs, std::span<const WalkForward::Fit> fits, const Window& window,
         const LendMarket& lend, Progress& progress);

/// `thresholds.fit = "sample"` (R36): finds the thresholds of those of `specs` that ask for it on
/// the very window that they are run on. They stay known by what they asked.
void fit_in_sample(std::span<RunSpec> specs, const Window& window, const LendMarket& lend,
                   Progress& progress);

}  // namespace toxvol::study
