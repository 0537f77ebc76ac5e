#include "toxvol/jobs/nautilus_session.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/instrument.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/hosted_run.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/run_facts.hpp"
#include "toxvol/jobs/strategies.hpp"
#include "toxvol/jobs/trials.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/script.hpp"
#include "toxvol/strategy/toxvol.hpp"
#include "toxvol/study/run_recorder.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {

namespace {

/// The profile that imitates this release: the run's, whatever the configuration says.
engine::Profile profile_of(std::string_view release) {
  std::string known;
  for (const engine::ProfileFacts& one : engine::kProfiles) {
    if (one.release.empty()) continue;
    if (one.release == release) return one.profile;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", one.release);
  }
  throw Error{
      fmt::format("NautilusTrader {}: its fills were not verified; use one of {}", release, known)};
}

class NoRecorder final : public trading::Recorder {
 public:
  void record(const trading::OrderRecord& /*order*/) override {}
  void record(const trading::CommandRecord& /*command*/) override {}
  void record(const trading::FillRecord& /*fill*/) override {}
  void record(const trading::PositionRecord& /*position*/) override {}
  void record(const trading::EquityRecord& /*sample*/) override {}
};

/// Reads a stream to its end, which also hashes its rows.
template <class Record, class Each>
std::int64_t drain(BlockStream<Record>* stream, Progress& progress, Each each) {
  std::int64_t rows = 0;
  while (stream != nullptr) {
    const auto block = stream->next();
    if (block.empty()) break;
    rows += std::ssize(block);
    progress.advance(0, std::ssize(block));
    each(block.back());
  }
  return rows;
}

/// What the data hold, and what of it has to be given to the strategy at the end.
engine::ExpectedData survey(Market& market, const config::Config& config, Progress& progress) {
  progress.begin("read", 0);
  const auto nothing = [](const auto& /*row*/) {};
  const MarketData& data = market.opened.data;
  engine::ExpectedData found;
  found.begin = market.from - config::warmup(config);
  found.rows[Kind::AggTrades] = drain(data.trades.get(), progress, nothing);
  found.rows[Kind::BookTicker] = drain(data.quotes.get(), progress, nothing);
  found.rows[Kind::Klines] = drain(data.bars.get(), progress, [&](const Bar& bar) {
    if (bar.ts_event == market.to) found.closing_bar = bar;
  });
  found.rows[Kind::Metrics] = drain(data.metrics.get(), progress, nothing);
  found.rows[Kind::Funding] = drain(data.funding.get(), progress, nothing);
  return found;
}

/// The parts that do not depend on what trades.
struct Frame {
  RunClock clock;
  NautilusRequest request;
  Market market;
  std::optional<engine::ExpectedData> expected;
  std::filesystem::path trials;  // the trial log, or none
  std::optional<study::RunRecorder> writer;
  NoRecorder nowhere;

  [[nodiscard]] trading::Recorder& recorder() {
    if (writer) return *writer;
    return nowhere;
  }
  [[nodiscard]] strategy::DecisionSink sink() {
    if (!writer) return [](const strategy::DecisionRow& /*row*/) {};
    return [&out = *writer](const strategy::DecisionRow& row) { out.record(row); };
  }
};

template <class Strategy>
class SessionOf final : public NautilusSession {
 public:
  /// `make(frame)` gives the strategy.
  template <class Make>
  SessionOf(std::unique_ptr<Frame> frame, std::vector<Timestamp> alarms, Make make)
      : frame_{std::move(frame)},
        alarms_{std::move(alarms)},
        strategy_{make(*frame_)},
        folder_{frame_->request.config.strategy.factors, frame_->market.instrument,
                frame_->market.inputs},
        run_{config::engine_params(frame_->request.config, frame_->market.inputs,
                                   frame_->market.from, frame_->market.to),
             frame_->market.instrument,
             strategy_,
             folder_,
             frame_->recorder(),
             frame_->expected,
             frame_->request.orders} {}

  [[nodiscard]] engine::HostedRun& run() override { return run_; }
  [[nodiscard]] const std::vector<Timestamp>& alarms() const override { return alarms_; }
  [[nodiscard]] const Market& market() const override { return frame_->market; }
  [[nodiscard]] const config::Config& config() const override { return frame_->request.config; }

  std::string finish(Timestamp now) override {
    frame_->market.to = run_.finish(now);
    auto& writer = frame_->writer;
    if (!writer) return {};
    run::RunInfo info = run_info(frame_->request.config, frame_->market);
    if (!frame_->request.orders.empty()) info.strategy = "script";
    info.engine = "nautilus";
    info.engine_version = frame_->request.release;
    const bool is_script = !frame_->request.orders.empty();
    const study::RecordedRun made = writer->commit(
        info, frame_->clock.stop(frame_->request.argv, frame_->request.market.catalog),
        {.kind = is_script ? study::TrialKind::Script : study::TrialKind::Nautilus,
         .at = frame_->clock.started(),
         .log = frame_->trials});
    if (!made.log_failure.empty()) warning_ = not_counted(made.log_failure);
    return made.run.folder.string();
  }
  [[nodiscard]] const std::string& warning() const override { return warning_; }

 private:
  std::unique_ptr<Frame> frame_;
  std::vector<Timestamp> alarms_;
  Strategy strategy_;
  factors::MinuteFolder folder_;
  engine::HostedRunOf<Strategy, factors::MinuteFolder> run_;
  std::string warning_;
};

}  // namespace

std::unique_ptr<NautilusSession> open_nautilus_session(const NautilusRequest& request,
                                                       Progress& progress) {
  auto frame = std::make_unique<Frame>();
  frame->request = request;
  config::Config& config = frame->request.config;
  config.exchange.profile = profile_of(request.release);
  std::vector<strategy::ScriptCommand> script;
  if (!request.orders.empty()) script = read_script(request.orders);
  frame->trials = trial_log(request.market, request.trials);
  if (!request.out.empty()) frame->writer.emplace(request.out, request.force);
  Market& market = frame->market;
  if (!request.market.catalog.empty() || !request.market.raw.empty()) {
    MarketOptions wanted = request.market;
    wanted.commands = span_of(script);
    market =
        open_market(wanted, config, std::filesystem::path{request.out}.parent_path(), progress);
    frame->expected = survey(market, config, progress);
  } else {
    auto known = config::known_instrument(config.symbol);
    if (!known) {
      throw Error{fmt::format("{}: no table of this contract; name the catalog that holds it",
                              config.symbol),
                  ErrorCode::NotFound};
    }
    market.instrument = *std::move(known);
    market.inputs = config.inputs.value_or(request.inputs);
    market.from = request.market.from.empty()
                      ? std::chrono::floor<std::chrono::minutes>(request.starts)
                      : parse_time(request.market.from, "from");
    market.to = request.market.to.empty() ? engine::HostedRun::kOpenEnd
                                          : parse_time(request.market.to, "to");
  }

  std::vector<Timestamp> alarms;
  for (const auto& command : script) {
    if (alarms.empty() || alarms.back() != command.ts) alarms.push_back(command.ts);
  }
  if (request.orders.empty()) {
    return std::make_unique<SessionOf<strategy::ToxVol>>(
        std::move(frame), std::move(alarms),
        [](Frame& made) { return make_toxvol(made.request.config, made.market, made.sink()); });
  }
  return std::make_unique<SessionOf<ScriptedStrategy>>(
      std::move(frame), std::move(alarms), [&](Frame& made) {
        return make_scripted(made.request.config, made.market, std::move(script), made.sink());
      });
}

}  // namespace toxvol::jobs
