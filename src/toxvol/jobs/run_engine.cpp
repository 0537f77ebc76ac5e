#include "toxvol/jobs/run_engine.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "toxvol/catalog/market/market.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/engine/known_minutes.hpp"
#include "toxvol/engine/minute_keeper.hpp"
#include "toxvol/engine/minute_source.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/parity_run.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/engine/realistic/realistic_run.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_minutes.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/strategies.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/toxvol.hpp"
#include "toxvol/study/side_by_side.hpp"
#include "toxvol/study/stages.hpp"
#include "toxvol/study/training.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {

namespace {

using factors::MinuteFolder;

template <class Strategy>
void run_profile(Strategy& strategy, Market& market, const config::Config& config,
                 trading::Recorder& recorder, Progress& progress, MarketMinutes* minutes) {
  const engine::EngineParams params =
      config::engine_params(config, market.inputs, market.from, market.to);
  MinuteFolder folder{config.strategy.factors, market.instrument, market.inputs};
  if (engine::is_parity(config.exchange.profile)) {
    engine::ParityRun<Strategy, MinuteFolder> run{params, market.instrument, strategy, folder,
                                                  recorder};
    run.run(market.opened.data, progress);
    return;
  }
  engine::KnownMinutes* const known = minutes == nullptr ? nullptr : minutes->known();
  engine::MinuteKeeper* const keeper = minutes == nullptr ? nullptr : minutes->keeper();
  using Source = engine::MinuteSource<MinuteFolder>;
  Source source = known != nullptr ? Source{*known} : Source{folder, keeper};
  engine::RealisticRun<Strategy, Source> run{params, market.instrument, strategy,
                                             source, recorder,          known};
  run.run(market.opened.data, progress);
  if (minutes != nullptr) minutes->finish();
}

}  // namespace

config::Config fitted_in_sample(const config::Config& config, const DataSource& source,
                                const Market& market, Progress& progress) {
  const study::Window window{.instrument = market.instrument,
                             .begin = market.from - config::warmup(config),
                             .from = market.from,
                             .to = market.to};
  std::vector<study::RunSpec> specs{{.config = config, .inputs = market.inputs}};
  study::fit_in_sample(
      specs, window,
      [&](const Inputs& kinds, const auto& use) {
        catalog::OpenedMarket opened = source.open(window.begin, window.to, kinds);
        use(std::move(opened.data));
      },
      progress);
  return specs.front().config;
}

void run_engine(strategy::ToxVol& strategy, Market& market, const config::Config& config,
                trading::Recorder& recorder, Progress& progress, MarketMinutes* minutes) {
  run_profile(strategy, market, config, recorder, progress, minutes);
}

void run_engine(ScriptedStrategy& strategy, Market& market, const config::Config& config,
                trading::Recorder& recorder, Progress& progress) {
  run_profile(strategy, market, config, recorder, progress, nullptr);
}

void run_stages(std::vector<study::Stage> stages, Market& market, const config::Config& base,
                std::shared_ptr<strategy::OwnSignal> own, strategy::DecisionSink sink,
                trading::Recorder& recorder, Progress& progress, strategy::Judgement* told) {
  const study::Stage first = stages.front();
  study::Stages models{std::move(stages), market.instrument, market.inputs, config::warmup(base)};
  using Strategy = strategy::BasicToxVol<study::StagedModel>;
  Strategy strategy{study::StagedModel{models},
                    {.params = first.params,
                     .instrument = market.instrument,
                     .inputs = market.inputs,
                     .from = market.from,
                     .own = std::move(own),
                     .enters = first.enters},
                    std::move(sink)};
  strategy.tell(told);
  study::StagedFolding folding{models};
  engine::RealisticRun<Strategy, study::StagedFolding> run{
      config::engine_params(base, market.inputs, market.from, market.to), market.instrument,
      strategy, folding, recorder};
  run.run(market.opened.data, progress);
}

}  // namespace toxvol::jobs
