#include "toxvol/jobs/explain.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/config/config.hpp"
#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/explain/case.hpp"
#include "toxvol/explain/explanation.hpp"
#include "toxvol/explain/known_inputs.hpp"
#include "toxvol/explain/marks.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/market/data_folder.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/recorded_run.hpp"
#include "toxvol/jobs/run_engine.hpp"
#include "toxvol/jobs/strategies.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/run/record_difference.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/step.hpp"
#include "toxvol/strategy/toxvol.hpp"
#include "toxvol/study/stages.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using explain::Case;
using explain::Explanation;
using strategy::DecisionRow;

/// So long after its last fill the market is still looked at.
constexpr Duration kAfter =
    std::chrono::seconds{explain::kMarkoutSeconds.back()} + std::chrono::minutes{1};

/// The resolved configuration of run.json, and of a stitched walk-forward those of its folds.
struct Configs {
  config::Config base;
  std::vector<study::Stage> stages;

  /// The strategy's parameters at the row of a bar that ends at `ts`.
  [[nodiscard]] const strategy::StrategyParams& at(std::optional<Timestamp> ts) const {
    const strategy::StrategyParams* params = &base.strategy;
    for (const study::Stage& stage : stages) {
      if (params == &base.strategy || (ts && stage.from <= *ts - kMinute)) params = &stage.params;
    }
    return *params;
  }
};

Configs configs_of(const run::RunFolder& folder) {
  Json tables = folder.run.config;
  Configs configs;
  for (const Json& fold : tables.value("folds", Json::array())) {
    configs.stages.push_back({.from = parse_time(fold.at("from").get<std::string>(), "folds"),
                              .params = recorded_config(fold.at("config"), folder).strategy,
                              .enters = fold.value("entries", true)});
  }
  tables.erase("folds");
  configs.base = recorded_config(tables, folder);
  return configs;
}

/// A stream of which every record is seen as it is read.
template <class Record>
class Observed final : public BlockStream<Record> {
 public:
  using See = std::function<void(const Record&)>;
  Observed(std::unique_ptr<BlockStream<Record>> inner, See see)
      : inner_{std::move(inner)}, see_{std::move(see)} {}

  std::span<const Record> next() override {
    const std::span<const Record> rows = inner_->next();
    for (const Record& row : rows) see_(row);
    return rows;
  }

 private:
  std::unique_ptr<BlockStream<Record>> inner_;
  See see_;
};

template <class Record, class See>
void observe(std::unique_ptr<BlockStream<Record>>& stream, See see) {
  if (stream) stream = std::make_unique<Observed<Record>>(std::move(stream), std::move(see));
}

/// What the second run records.
class Kept final : public trading::Recorder {
 public:
  void record(const trading::OrderRecord& order) override { orders.push_back(order); }
  void record(const trading::CommandRecord& /*command*/) override {}
  void record(const trading::FillRecord& fill) override { fills.push_back(fill); }
  void record(const trading::PositionRecord& position) override { positions.push_back(position); }
  void record(const trading::EquityRecord& /*sample*/) override {}

  std::vector<trading::OrderRecord> orders;
  std::vector<trading::FillRecord> fills;
  std::vector<trading::PositionRecord> positions;
};

std::string name_of(const trading::OrderRecord& order) {
  return run::kOrderId.text(order.submit.id);
}
std::string name_of(const trading::FillRecord& fill) {
  return fmt::format("fill {}", fill.fill_id);
}
std::string name_of(const trading::PositionRecord& position) {
  return run::kPositionId.text(position.position);
}

[[noreturn]] void contradict(const run::RunFolder& folder, std::string_view table,
                             std::string_view row, std::string_view what) {
  throw Error{fmt::format("{}: {}.parquet, {}: {}; its data or its program were others: {}",
                          folder.path.string(), table, row, what, other_version(folder)),
              ErrorCode::Corrupt};
}

/// Every stored row must be one of the recomputed ones.
template <class Record>
void check(const run::RunFolder& folder, std::string_view table, std::span<const Record> stored,
           const std::vector<Record>& recomputed) {
  for (const Record& row : stored) {
    const std::string name = name_of(row);
    const auto found = std::find_if(recomputed.begin(), recomputed.end(),
                                    [&](const Record& other) { return name_of(other) == name; });
    if (found == recomputed.end()) contradict(folder, table, name, "there is none, recomputed");
    if (const auto what = run::difference(row, *found)) contradict(folder, table, name, *what);
  }
}

/// The run once more, up to where the case ends, beside what the folder says.
class Replay {
 public:
  Replay(const run::RunFolder& folder, const Configs& configs, const Case& wanted)
      : folder_{folder},
        configs_{configs},
        config_{configs.base},
        case_{wanted},
        stored_{folder.path},
        marks_{wanted.fills} {
    for (const auto& order : case_.orders) {
      if (order.submit.intent.role != trading::Role::Entry) left_at_ = order.ts_submit;
    }
  }

  void run(const MarketOptions& options, Progress& progress) {
    check_market_folders(options);
    const fs::path spill = fs::absolute(folder_.path).parent_path();
    Market market = open_market(options, config_, spill, progress);
    const DataSource source{options, config_.symbol, spill};
    const config::Config fitted =
        configs_.stages.empty() ? fitted_in_sample(config_, source, market, progress) : config_;
    std::optional<SignalOfRun> signal;  // of the whole window: a row can have the time of its end
    if (run::is_own_signal(folder_)) {
      const fs::path file = folder_.path / run::kSignalFile;
      signal.emplace(read_signal(file.string()), fitted, market, progress);
    }
    market.to = until(market);
    end_ = market.to;
    market.opened = source.open(market.from - config::warmup(config_), market.to, market.inputs);
    observe_all(market.opened.data);
    const auto sink = [this](const DecisionRow& row) { take(row); };
    Kept kept;
    const auto own = signal ? signal->own() : nullptr;
    if (configs_.stages.empty()) {
      strategy::ToxVol strategy = make_toxvol(fitted, market, sink, own);
      strategy.tell(&judgement_);
      run_engine(strategy, market, fitted, kept, progress);
    } else {
      run_stages(configs_.stages, market, config_, own, sink, kept, progress, &judgement_);
    }
    marks_.finish();
    if (!run::is_native(folder_)) return;
    check<trading::OrderRecord>(folder_, "orders", case_.orders, kept.orders);
    check<trading::FillRecord>(folder_, "fills", case_.fills, kept.fills);
    if (case_.position) {
      check<trading::PositionRecord>(folder_, "positions", {&*case_.position, 1}, kept.positions);
    }
  }

  [[nodiscard]] std::optional<explain::Decision> decision() const {
    if (!decision_) return std::nullopt;
    explain::Decision decision = *decision_;
    if (known_) decision.known = known_->list();
    return decision;
  }
  [[nodiscard]] const std::optional<DecisionRow>& last_row() const { return last_row_; }
  [[nodiscard]] std::vector<explain::Markout> markouts(const trading::FillRecord& fill) const {
    return marks_.of(fill, end_);
  }

 private:
  /// Where the run may end: of what is still open, not before its own end.
  [[nodiscard]] Timestamp until(const Market& market) const {
    const bool is_open =
        (case_.position && !case_.position->ts_close) ||
        std::any_of(case_.orders.begin(), case_.orders.end(),
                    [](const trading::OrderRecord& order) { return !order.ts_done; });
    if (is_open) return market.to;
    const Timestamp end = case_.end() + (case_.fills.empty() ? Duration{} : kAfter);
    return std::min(market.to, Timestamp{std::chrono::ceil<std::chrono::minutes>(end)});
  }

  void observe_all(MarketData& data) {
    if (case_.row) {
      for (run::RecordRows<DecisionRow> rows{folder_.path}; const auto row = rows.next();) {
        if (row->factors.ts != *case_.row) continue;
        const factors::DelayParams& delays = config_.strategy.factors.data;
        known_.emplace(row->factors.ts, row->factors.ts_init,
                       explain::KnownInputs::Delays{.bar = delays.bar_delay,
                                                    .metrics = delays.metrics_delay,
                                                    .funding = delays.funding_delay});
        break;
      }
    }
    const auto know = [this](const auto& record) {
      if (known_) known_->add(record);
    };
    observe(data.trades, know);
    observe(data.quotes, [this, know](const Quote& quote) {
      know(quote);
      marks_.add(quote);
    });
    observe(data.bars, know);
    observe(data.metrics, know);
    observe(data.funding, know);
  }

  void take(const DecisionRow& row) {
    if (row.factors.ts > case_.end()) return;  // read for the mids after the last fill alone
    const std::string when = "row of " + to_string(row.factors.ts);
    const auto said = stored_.next();
    if (!said) contradict(folder_, "decisions", when, "there is none, recomputed there is");
    if (const auto what = run::difference(*said, row)) {
      contradict(folder_, "decisions", when, *what);
    }
    // The steps say what the row says.
    const auto refused = std::ranges::find(judgement_.signal, false, &strategy::Step::holds);
    const bool is_signal = refused == judgement_.signal.end();
    TOXVOL_ASSERT(is_signal == row.direction.has_value());
    TOXVOL_ASSERT(is_signal || refused->otherwise == row.reason);
    if (case_.row == row.factors.ts) {
      decision_ = explain::Decision{.row = row, .judgement = judgement_, .known = {}};
    }
    if (left_at_ && row.factors.ts_init <= *left_at_) last_row_ = row;
  }

  const run::RunFolder& folder_;
  const Configs& configs_;
  const config::Config& config_;
  const Case& case_;
  run::RecordRows<DecisionRow> stored_;
  explain::Marks marks_;
  std::optional<explain::KnownInputs> known_;
  std::optional<Timestamp> left_at_;  // when the last exit was sent
  Timestamp end_{};
  strategy::Judgement judgement_;
  std::optional<explain::Decision> decision_;
  std::optional<DecisionRow> last_row_;
};

std::vector<explain::Order> orders_of(const Case& found, const Replay* replay) {
  std::vector<explain::Order> orders;
  for (const trading::OrderRecord& record : found.orders) {
    explain::Order order{.record = record, .commands = {}, .fills = {}};
    for (const auto& command : found.commands) {
      if (command.order == record.submit.id) order.commands.push_back(command);
    }
    for (const auto& fill : found.fills) {
      if (fill.order != record.submit.id) continue;
      order.fills.push_back({.record = fill, .markouts = {}});
      if (replay != nullptr) order.fills.back().markouts = replay->markouts(fill);
    }
    orders.push_back(std::move(order));
  }
  return orders;
}

explain::Question question_of(const ExplainRequest& request) {
  if (request.at.empty() == !request.position) {
    throw UsageError{"explain: name a time with --at, or a position with --position"};
  }
  explain::Question question{.at = {}, .position = request.position};
  if (!request.at.empty()) question.at = parse_time(request.at, "--at");
  return question;
}

}  // namespace

Explanation run_explain(const ExplainRequest& request, Progress& progress) {
  const explain::Question question = question_of(request);
  const run::RunFolder folder = run::open_run(request.run);
  const Configs configs = configs_of(folder);
  const Case found = explain::find_case(folder, question, configs.base.strategy.factors.cadence);
  const Json& exchange = folder.run.config.at("exchange");
  Explanation result{.run = request.run,
                     .symbol = folder.run.symbol,
                     .preset = folder.run.preset.value_or(""),
                     .order_latency = exchange.at("order_latency").get<std::string>(),
                     .queue = exchange.at("queue").get<std::string>(),
                     .engine = folder.run.engine,
                     .is_script = run::is_script(folder),
                     .is_own_signal = run::is_own_signal(folder),
                     .synthetic = folder.run.synthetic,
                     .asked = question.at,
                     .decision = {},
                     .orders = {},
                     .position = found.position,
                     .last_row = {},
                     .params = configs.at(found.row),
                     .remarks = {}};
  if (!found.row) {
    result.remarks.emplace_back(
        result.is_script ? "an order script sent the orders: there is no decision to explain"
                         : "no decision of the strategy opened it");
    result.orders = orders_of(found, nullptr);
    return result;
  }
  if (found.missing) {
    result.remarks.push_back(
        fmt::format("at {} no decision was made, for the bar that ends there is missing: this is "
                    "the last one before",
                    to_string(*found.missing)));
  }
  if (result.engine != "native") {
    result.remarks.push_back(fmt::format(
        "orders and fills are those that {} recorded; the decision is recomputed", result.engine));
  }
  Replay replay{folder, configs, found};
  replay.run(recorded_market(folder, request.catalog, request.raw), progress);
  result.decision = replay.decision();
  result.last_row = replay.last_row();
  result.orders = orders_of(found, &replay);
  return result;
}

}  // namespace toxvol::jobs
