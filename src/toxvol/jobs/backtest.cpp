#include "toxvol/jobs/backtest.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/market/data_folder.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_minutes.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/run_engine.hpp"
#include "toxvol/jobs/run_facts.hpp"
#include "toxvol/jobs/strategies.hpp"
#include "toxvol/jobs/trials.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/script.hpp"
#include "toxvol/strategy/toxvol.hpp"
#include "toxvol/study/run_recorder.hpp"
#include "toxvol/study/trial.hpp"

namespace toxvol::jobs {

namespace {

BacktestResult backtest(const BacktestRequest& request, Workers& workers, Progress& progress) {
  const config::Config& config = request.config;
  if (request.signal && !request.orders.empty()) {
    throw UsageError{"--orders, --signal: name one of them"};
  }
  check_idle_keys(config, request.signal.has_value());
  check_market_folders(request.market);
  const std::filesystem::path log = trial_log(request.market, request.trials);
  const RunClock clock;
  study::RunRecorder recorder{request.out, request.force, parse_interval(request.interval)};
  std::vector<strategy::ScriptCommand> script;
  if (!request.orders.empty()) script = read_script(request.orders);
  MarketOptions wanted = request.market;
  wanted.commands = span_of(script);
  Market market = open_market(wanted, config, request.out.parent_path(), progress, &workers);
  const auto sink = [&recorder](const strategy::DecisionRow& row) { recorder.record(row); };
  std::optional<SignalOfRun> signal;
  if (request.orders.empty()) {
    const DataSource source{request.market, config.symbol, request.out.parent_path()};
    const config::Config fitted = fitted_in_sample(config, source, market, progress);
    if (request.signal) signal.emplace(*request.signal, fitted, market, progress);
    strategy::ToxVol strategy = make_toxvol(fitted, market, sink, signal ? signal->own() : nullptr);
    MarketMinutes minutes{request.market, fitted, request.minutes, market, progress};
    run_engine(strategy, market, fitted, recorder, progress, &minutes);
  } else {
    ScriptedStrategy strategy = make_scripted(config, market, std::move(script), sink);
    run_engine(strategy, market, config, recorder, progress);
  }

  run::RunInfo info = run_info(config, market);
  study::TrialKind kind = study::TrialKind::Run;
  if (signal) {
    kind = study::TrialKind::Signal;
    info.strategy = "signal";
    info.signal = signal->info();
  } else if (!request.orders.empty()) {
    kind = study::TrialKind::Script;
    info.strategy = "script";
  }
  study::RecordedRun made = recorder.commit(info, clock.stop(request.argv, request.market.catalog),
                                            {.kind = kind, .at = clock.started(), .log = log});
  if (!made.log_failure.empty()) progress.tell(not_counted(made.log_failure));
  return {.info = std::move(info),
          .run = std::move(made.run),
          .inference = made.inference,
          .trials = std::move(made.trials)};
}

}  // namespace

BacktestResult run_backtest(const BacktestRequest& request, Progress& progress) {
  BacktestResult result;
  read_ahead([&](Workers& workers) { result = backtest(request, workers, progress); });
  return result;
}

std::string default_run_folder(const MarketOptions& market, const ConfigOptions& config,
                               const std::string& word, const std::string& symbol, bool force) {
  std::string name = config.preset;
  if (name.empty()) name = std::filesystem::path{config.file}.stem().string();
  if (name.empty()) name = config::kDefaultPreset;  // as `resolve`
  if (!word.empty()) name = word;
  std::string out = fmt::format("runs/{}-{}", symbol, name);
  for (const auto& [bound, option] : {std::pair{&market.from, "--from"}, {&market.to, "--to"}}) {
    if (!bound->empty()) out += "-" + to_string(day_of(parse_time(*bound, option)));
  }
  std::string free = out;
  for (int i = 2; !force && std::filesystem::exists(free); ++i) free = fmt::format("{}-{}", out, i);
  return free;
}

}  // namespace toxvol::jobs
