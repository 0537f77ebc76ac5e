#include "toxvol/jobs/poison.hpp"

#include <optional>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/jobs/market/data_folder.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/poison/check.hpp"
#include "toxvol/jobs/poison/known_then.hpp"
#include "toxvol/jobs/poison/rows.hpp"
#include "toxvol/jobs/poison/trace.hpp"
#include "toxvol/jobs/run_engine.hpp"
#include "toxvol/jobs/strategies.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/toxvol.hpp"

namespace toxvol::jobs {

namespace {

/// As `backtest` runs it, but that every tick is gone through: minutes that were kept are of the
/// market as it is.
void run_traced(const PoisonRequest& request, const MarketOptions& options, PoisonTrace& trace,
                Progress& progress) {
  read_ahead([&](Workers& workers) {
    const config::Config& config = request.config;
    Market market = open_market(options, config, {}, progress, &workers);
    const DataSource source{options, config.symbol, {}};
    const config::Config fitted = fitted_in_sample(config, source, market, progress);
    std::optional<SignalOfRun> signal;
    if (request.signal) signal.emplace(*request.signal, fitted, market, progress);
    const auto sink = [&trace](const strategy::DecisionRow& row) { trace.record(row); };
    strategy::ToxVol strategy = make_toxvol(fitted, market, sink, signal ? signal->own() : nullptr);
    run_engine(strategy, market, fitted, trace, progress);
  });
}

}  // namespace

PoisonResult run_poison(const PoisonRequest& request, Progress& progress) {
  if (request.trials < 1) {
    throw UsageError{fmt::format("--trials {}: at least 1 is wanted", request.trials)};
  }
  check_idle_keys(request.config, request.signal.has_value());
  check_market_folders(request.market);

  // N1 is settled once, by the market as it is.
  const Market market = open_market(request.market, request.config, {}, progress);
  PoisonRequest settled = request;
  settled.config.inputs = market.inputs;
  settled.market.from = to_string(market.from);
  settled.market.to = to_string(market.to);
  settled.market.is_settled = true;

  const PoisonPlan plan{.trials = request.trials,
                        .seed = request.seed,
                        .from = market.from,
                        .to = market.to,
                        .instrument = market.instrument,
                        .known = KnownThen{config::engine_params(request.config, market.inputs,
                                                                 market.from, market.to)}};
  return check_by_poison(
      plan,
      [&settled](const std::optional<Poison>& poison, PoisonTrace& trace, Progress& watch) {
        MarketOptions options = settled.market;
        options.poison = poison;
        run_traced(settled, options, trace, watch);
      },
      progress);
}

}  // namespace toxvol::jobs
