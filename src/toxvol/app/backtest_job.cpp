#include "toxvol/app/backtest_job.hpp"

#include <utility>
#include <vector>

#include "toxvol/app/data_folder.hpp"
#include "toxvol/app/market_source.hpp"
#include "toxvol/app/run_facts.hpp"
#include "toxvol/app/strategies.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/engine/engine.hpp"
#include "toxvol/engine/exchange/nautilus_1_221.hpp"
#include "toxvol/engine/exchange/realistic.hpp"
#include "toxvol/engine/nautilus_engine.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/run/info.hpp"
#include "toxvol/run/run_writer.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/script.hpp"
#include "toxvol/strategy/toxvol.hpp"

namespace toxvol::app {

namespace {

template <class Exchange, class Strategy>
void run_engine_on(Strategy& strategy, Market& market, const config::Config& config,
                   run::RunWriter& writer, Progress& progress) {
  factors::MinuteFolder folder{config.strategy.factors, market.instrument, market.inputs};
  engine::Engine<Strategy, factors::MinuteFolder, Exchange> engine{
      config::engine_params(config, market.inputs, market.from, market.to), market.instrument,
      strategy, folder, writer};
  engine.run(market.opened.data, progress);
}

template <class Strategy>
void run_engine(Strategy& strategy, Market& market, const config::Config& config,
                run::RunWriter& writer, Progress& progress) {
  if (config.exchange.profile == engine::Profile::Nautilus1221) {
    run_engine_on<engine::Nautilus1221>(strategy, market, config, writer, progress);
  } else {
    run_engine_on<engine::RealisticExchange>(strategy, market, config, writer, progress);
  }
}

}  // namespace

BacktestResult run_backtest(const BacktestRequest& request, Progress& progress) {
  const config::Config& config = request.config;
  check_market_folders(request.market);
  const RunClock clock;
  run::RunWriter writer{request.out, request.force};
  std::vector<strategy::ScriptCommand> script;
  if (!request.orders.empty()) script = read_script(request.orders);
  MarketOptions wanted = request.market;
  wanted.commands = span_of(script);
  Market market = open_market(wanted, config, request.out.parent_path(), progress);
  const auto sink = [&writer](const strategy::DecisionRow& row) { writer.record(row); };
  if (request.orders.empty()) {
    strategy::ToxVol strategy = make_toxvol(config, market, sink);
    run_engine(strategy, market, config, writer, progress);
  } else {
    ScriptedStrategy strategy = make_scripted(config, market, std::move(script), sink);
    run_engine(strategy, market, config, writer, progress);
  }

  run::RunInfo info = run_info(config, market);
  if (!request.orders.empty()) info.strategy = "script";
  run::RunResult result = writer.commit(info, clock.stop(request.argv, request.market.catalog));
  return {.info = std::move(info), .run = std::move(result)};
}

}  // namespace toxvol::app
