#pragma once

#include <optional>

#include "toxvol/config/config.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/market/data_source.hpp"

namespace toxvol::jobs {

/// The stretch of a market that a run is about, and the kinds that it uses (N1).
struct MarketWindow {
  Timestamp from{};
  Timestamp to{};
  Inputs inputs;
};

/// Settled before a run begins, by the klines and by which days there are files of:
/// 1. the asked [from, to) is cut to the klines there are; where nothing is asked, `window_for`;
/// 2. where run.inputs lists no kinds, those are used that cover at least 95 % of its days;
/// 3. `from` becomes the minute of the first price that these kinds can give.
/// An order script, of which `commands` tells the times, needs no kline: its window reaches over
/// all ticks and commands of the asked one. What was left out and why is told.
/// docs/absence.md#window. Throws `Error` where nothing is left.
[[nodiscard]] MarketWindow settle_window(const DataSource& source, std::optional<Timestamp> from,
                                         std::optional<Timestamp> to, const config::Config& config,
                                         const std::optional<TimeSpan>& commands,
                                         Progress& progress);

}  // namespace toxvol::jobs
