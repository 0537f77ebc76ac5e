#pragma once

#include <memory>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_minutes.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/strategies.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/strategy/toxvol.hpp"
#include "toxvol/study/stages.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {

/// The configuration as it is run on all of `market`, read from `source`: `thresholds.fit =
/// "sample"` first looks for its thresholds. Throws as `run_engine`.
[[nodiscard]] config::Config fitted_in_sample(const config::Config& config,
                                              const DataSource& source, const Market& market,
                                              Progress& progress);

/// Runs a strategy over `market`, to its end, in the profile that `config` says. Throws `Error` and
/// `Interrupted`. `minutes`: of that market, or null: every tick is gone through.
void run_engine(strategy::ToxVol& strategy, Market& market, const config::Config& config,
                trading::Recorder& recorder, Progress& progress, MarketMinutes* minutes = nullptr);
void run_engine(ScriptedStrategy& strategy, Market& market, const config::Config& config,
                trading::Recorder& recorder, Progress& progress);

/// The strategy with one configuration after another (R43); `base` has what is not the strategy's.
/// `own`: a user's signal on all of them, or null. `told`: see strategy::Trader::tell.
void run_stages(std::vector<study::Stage> stages, Market& market, const config::Config& base,
                std::shared_ptr<strategy::OwnSignal> own, strategy::DecisionSink sink,
                trading::Recorder& recorder, Progress& progress,
                strategy::Judgement* told = nullptr);

}  // namespace toxvol::jobs
