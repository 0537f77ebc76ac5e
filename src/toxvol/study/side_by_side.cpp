#include "toxvol/study/side_by_side.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/realistic_run.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/strategy/toxvol.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/shared_market.hpp"
#include "toxvol/study/tape.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

namespace {

/// So long are the runs apart at most: rows of so much time are held in memory.
constexpr Duration kStride = std::chrono::minutes{10};

/// Whether both are shown the same at the same times.
bool sees_alike(const RunSpec& a, const RunSpec& b) {
  const engine::EngineParams one = config::engine_params(a.config, a.inputs, {}, {});
  const engine::EngineParams other = config::engine_params(b.config, b.inputs, {}, {});
  return a.inputs == b.inputs && one.bar_delay == other.bar_delay &&
         one.agg_delay == other.agg_delay && one.seed == other.seed &&
         one.exchange.data_latency == other.exchange.data_latency;
}

/// Counts the minutes of the run that leads; only it is heard.
class LeaderProgress final : public Progress {
 public:
  explicit LeaderProgress(Progress& progress) : progress_{progress} {}
  void advance(std::int64_t units, std::int64_t rows) override { progress_.advance(units, rows); }

 private:
  Progress& progress_;
};

/// The signal that the run follows in place of its own rules; null: its own.
std::shared_ptr<strategy::OwnSignal> own_signal(const RunSpec& spec) {
  if (!spec.own) return nullptr;
  return std::make_shared<strategy::OwnSignal>(
      std::make_shared<strategy::SignalTable>(spec.own->rows), spec.config.strategy);
}

/// One run, ready to go on.
class Run {
 public:
  using Observe = std::function<void(const strategy::DecisionRow&)>;

  Run(const RunSpec& spec, const Window& window, SharedFolder folder, SharedModel model, Unit unit,
      const Observe& observe)
      : spec_{spec},
        recorder_{unit},
        folder_{std::move(folder)},
        strategy_{std::move(model),
                  {.params = spec.config.strategy,
                   .instrument = window.instrument,
                   .inputs = spec.inputs,
                   .from = window.from,
                   .own = own_signal(spec)},
                  [this, observe](const strategy::DecisionRow& row) {
                    recorder_.record(row);
                    if (observe) observe(row);
                  }},
        engine_{config::engine_params(spec.config, spec.inputs, window.from, window.to),
                window.instrument, strategy_, folder_, recorder_} {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() = default;

  void start(MarketData data, Progress& progress) {
    data_ = std::move(data);
    if (!spec_.inputs.trades) data_.trades.reset();
    if (!spec_.inputs.quotes) data_.quotes.reset();
    if (!spec_.inputs.metrics) data_.metrics.reset();
    if (!spec_.inputs.funding) data_.funding.reset();
    engine_.start(data_, progress);
  }
  void advance(std::optional<Timestamp> until) { engine_.advance(until); }
  [[nodiscard]] Outcome finish(const InputsRead& inputs_read) {
    engine_.finish();
    std::vector<std::string> twins;
    twins.reserve(spec_.twins.size());
    for (const config::Config& twin : spec_.twins) {
      twins.push_back(config::to_json(twin, spec_.inputs));
    }
    return recorder_.finish(config::to_json(spec_.known_as.value_or(spec_.config), spec_.inputs),
                            spec_.inputs, inputs_read(spec_.inputs), twins,
                            spec_.own ? std::optional{spec_.own->sha256} : std::nullopt);
  }

 private:
  using Strategy = strategy::BasicToxVol<SharedModel>;

  const RunSpec& spec_;
  OutcomeRecorder recorder_;
  SharedFolder folder_;
  Strategy strategy_;
  engine::RealisticRun<Strategy, SharedFolder> engine_;
  MarketData data_;
};

/// The tapes of the specs so far: a spec that is like an earlier one follows it.
class Leaders {
 public:
  explicit Leaders(const Window& window) : window_{window} {}

  [[nodiscard]] SharedFolder folder_of(const RunSpec& spec) {
    for (const Folding& earlier : foldings_) {
      if (fold_alike(*earlier.spec, spec)) {
        return SharedFolder{SharedFolder::follower_of(earlier.tape)};
      }
    }
    auto tape = std::make_shared<FolderTape>(
        FolderTape{.maker = {spec.config.strategy.factors, window_.instrument, spec.inputs}});
    foldings_.push_back({.spec = &spec, .tape = tape});
    return SharedFolder{TapeEnd<FolderTape>{std::move(tape)}};
  }

  [[nodiscard]] SharedModel model_of(const RunSpec& spec) {
    for (const Modelling& earlier : modellings_) {
      if (model_alike(*earlier.spec, spec)) {
        return SharedModel{SharedModel::follower_of(earlier.tape)};
      }
    }
    auto tape = std::make_shared<ModelTape>(
        ModelTape{.maker = {spec.config.strategy.factors, spec.inputs, parts_of(spec)}});
    modellings_.push_back({.spec = &spec, .tape = tape});
    return SharedModel{TapeEnd<ModelTape>{std::move(tape)}};
  }

 private:
  struct Folding {
    const RunSpec* spec;
    std::shared_ptr<FolderTape> tape;
  };
  struct Modelling {
    const RunSpec* spec;
    std::shared_ptr<ModelTape> tape;
  };
  /// Parts of earlier models that are the same in this one.
  [[nodiscard]] factors::FactorParts parts_of(const RunSpec& spec) const {
    const factors::FactorParams& own = spec.config.strategy.factors;
    factors::FactorParts parts;
    for (const Modelling& earlier : modellings_) {
      if (!sees_alike(*earlier.spec, spec)) continue;
      parts.add_same(own, earlier.spec->config.strategy.factors, earlier.tape->maker.parts());
    }
    return parts;
  }

  const Window& window_;
  std::vector<Folding> foldings_;
  std::vector<Modelling> modellings_;
};

}  // namespace

bool fold_alike(const RunSpec& a, const RunSpec& b) {
  const factors::FactorParams& one = a.config.strategy.factors;
  const factors::FactorParams& other = b.config.strategy.factors;
  return one.pressure.ofi_ask_side == other.pressure.ofi_ask_side &&
         one.pressure.ofi_events == other.pressure.ofi_events &&
         one.toxicity.vpin_bucket == other.toxicity.vpin_bucket && sees_alike(a, b);
}

bool model_alike(const RunSpec& a, const RunSpec& b) {
  return a.config.strategy.factors == b.config.strategy.factors && sees_alike(a, b);
}

void check_can_run_in_study(const config::Config& config) {
  if (config.exchange.profile == engine::Profile::Realistic) return;
  throw Error{
      "exchange.profile: a study runs the realistic profile; set it so, or run the "
      "configuration by itself with `toxvol backtest`",
      ErrorCode::Config};
}

std::vector<Outcome> run_side_by_side(MarketData data, const Window& window,
                                      std::span<const RunSpec> specs, Unit unit,
                                      const InputsRead& inputs_read, Progress& progress,
                                      const RowObserver& observe) {
  SharedMarket market{std::move(data), specs.size()};
  Leaders leaders{window};
  std::deque<Run> runs;  // each stays where it is
  LeaderProgress counting{progress};
  Progress silent;
  for (const RunSpec& spec : specs) {
    check_can_run_in_study(spec.config);
    SharedFolder folder = leaders.folder_of(spec);
    SharedModel model = leaders.model_of(spec);
    Run::Observe shown;
    if (observe) {
      shown = [&observe, number = runs.size()](const strategy::DecisionRow& row) {
        observe(number, row);
      };
    }
    runs.emplace_back(spec, window, std::move(folder), std::move(model), unit, shown);
    Progress& told = runs.size() == 1 ? static_cast<Progress&>(counting) : silent;
    runs.back().start(market.open(runs.size() - 1), told);
  }
  // Leaders stand before their followers.
  for (Timestamp until = window.begin; until < window.to; until += kStride) {
    for (Run& run : runs) run.advance(until);
  }
  std::vector<Outcome> outcomes;
  outcomes.reserve(runs.size());
  for (Run& run : runs) run.advance(std::nullopt);
  for (Run& run : runs) outcomes.push_back(run.finish(inputs_read));
  return outcomes;
}

}  // namespace toxvol::study
