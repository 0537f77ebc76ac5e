#include "toxvol/app/backtest_job.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "toxvol/app/market_source.hpp"
#include "toxvol/app/version.hpp"
#include "toxvol/catalog/input_log.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/engine.hpp"
#include "toxvol/engine/exchange/nautilus_1_221.hpp"
#include "toxvol/engine/exchange/realistic.hpp"
#include "toxvol/engine/nautilus_engine.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/run/info.hpp"
#include "toxvol/run/run_writer.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/script.hpp"
#include "toxvol/strategy/toxvol.hpp"

namespace toxvol::app {

namespace {

std::string read_text(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) {
    throw Error{fmt::format("{}: cannot read the order script: {}", path, std::strerror(errno))};
  }
  return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

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

/// Named by what they are: a day, or of funding a month.
std::vector<run::RunInput> run_inputs(const catalog::InputLog& log) {
  std::vector<run::RunInput> inputs;
  for (const auto& input : log.list()) {
    std::string day = to_string(input.day);
    if (input.kind == Kind::Funding) day.resize(7);
    inputs.push_back({.kind = std::string{name(input.kind)},
                      .day = std::move(day),
                      .rows = input.rows,
                      .sha256 = input.sha256});
  }
  return inputs;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "";
  return name.data();
}

}  // namespace

BacktestResult run_backtest(const BacktestRequest& request, Progress& progress) {
  const config::Config& config = request.config;
  const Timestamp started =
      std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto clock = std::chrono::steady_clock::now();

  run::RunWriter writer{request.out, request.force};
  const std::string script_text = request.orders.empty() ? "" : read_text(request.orders);
  Market market = open_market(request.market, config, request.out.parent_path(), progress);
  const auto sink = [&writer](const strategy::DecisionRow& row) { writer.record(row); };
  factors::FactorModel model{config.strategy.factors, market.inputs};
  const auto params = config::strategy_params(config);
  if (request.orders.empty()) {
    strategy::ToxVol strategy{std::move(model),
                              {.params = params,
                               .instrument = market.instrument,
                               .inputs = market.inputs,
                               .from = market.from},
                              sink};
    run_engine(strategy, market, config, writer, progress);
  } else {
    strategy::Scripted strategy{
        std::move(model), strategy::Script{strategy::parse_script(script_text, request.orders)},
        params, market.from, sink};
    run_engine(strategy, market, config, writer, progress);
  }

  run::RunInfo info;
  info.version = kVersion;
  info.commit = kCommit;
  if (config.exchange.profile == engine::Profile::Nautilus1221) info.profile = "nautilus_1_221";
  info.synthetic = market.synthetic;
  info.symbol = config.symbol;
  info.from = market.from;
  info.to = market.to;
  info.seed = static_cast<std::uint64_t>(config.seed);
  info.config_json = config::to_json(config, market.inputs);
  info.instrument = market.instrument;
  info.fee_tier = config.costs.tier;
  info.inputs = run_inputs(*market.opened.inputs);
  info.quality = market.quality;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - clock;
  run::Timing timing;
  timing.started = started;
  timing.duration_s = elapsed.count();
  timing.peak_rss_bytes = std::int64_t{usage.ru_maxrss} * 1024;
  timing.host = host_name();
  timing.argv = request.argv;
  timing.catalog = request.market.catalog;
  run::RunResult result = writer.commit(info, timing);
  return {.info = std::move(info), .run = std::move(result)};
}

}  // namespace toxvol::app
