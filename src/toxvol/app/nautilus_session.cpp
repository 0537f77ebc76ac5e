#include "toxvol/app/nautilus_session.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/app/arguments.hpp"
#include "toxvol/app/market_source.hpp"
#include "toxvol/app/run_facts.hpp"
#include "toxvol/app/strategies.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/instrument.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/nautilus_ledger.hpp"
#include "toxvol/engine/nautilus_journal.hpp"
#include "toxvol/engine/nautilus_listener.hpp"
#include "toxvol/engine/nautilus_venue.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/validate.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/run/info.hpp"
#include "toxvol/run/run_writer.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/script.hpp"
#include "toxvol/strategy/toxvol.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::app {

namespace {

constexpr const char* kEngineVersion = "1.221.0";

/// Rows by kind.
struct Rows {
  std::array<std::int64_t, 5> counts{};
  std::int64_t& operator[](Kind kind) { return counts[static_cast<std::size_t>(kind)]; }
};

/// What the data hold, and what of it has to be given to the strategy at the end.
struct Survey {
  Rows rows;
  std::optional<Bar> closing_bar;  // the one that ends at `to`
};

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

Survey survey(Market& market, Progress& progress) {
  progress.begin("read", 0);
  const auto nothing = [](const auto& /*row*/) {};
  MarketData& data = market.opened.data;
  Survey found;
  found.rows[Kind::AggTrades] = drain(data.trades.get(), progress, nothing);
  found.rows[Kind::BookTicker] = drain(data.quotes.get(), progress, nothing);
  found.rows[Kind::Klines] = drain(data.bars.get(), progress, [&](const Bar& bar) {
    if (bar.ts_event == market.to) found.closing_bar = bar;
  });
  found.rows[Kind::Metrics] = drain(data.metrics.get(), progress, nothing);
  found.rows[Kind::Funding] = drain(data.funding.get(), progress, nothing);
  return found;
}

/// What the end will be is not known where NautilusTrader alone knows the data.
constexpr Timestamp kOpenEnd = Timestamp::max() - std::chrono::hours{24};

/// The parts that do not depend on what trades.
struct Frame {
  RunClock clock;
  NautilusRequest request;
  Market market;
  std::optional<Survey> survey;
  std::optional<run::RunWriter> writer;
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
class Session final : public NautilusSession {
 public:
  /// `make(frame)` gives the strategy.
  template <class Make>
  Session(std::unique_ptr<Frame> frame, std::vector<Timestamp> alarms, Make make)
      : frame_{std::move(frame)},
        alarms_{std::move(alarms)},
        params_{config::engine_params(frame_->request.config, frame_->market.inputs,
                                      frame_->market.from, frame_->market.to)},
        strategy_{make(*frame_)},
        folder_{frame_->request.config.strategy.factors, frame_->market.instrument,
                frame_->market.inputs},
        journal_{params_, frame_->market.instrument, frame_->recorder()},
        venue_{params_, journal_},
        listener_{params_, frame_->market.instrument, strategy_, folder_, journal_, venue_},
        begin_{frame_->survey ? params_.from - config::warmup(frame_->request.config)
                              : Timestamp::min()} {}

  void on(const Quote& quote) override {
    if (!begins(Kind::BookTicker, quote.ts_event, quote.ts_init, quote.ts_event)) return;
    if (quote.bid_qty > Qty{} && quote.ask_qty > Qty{}) {
      mark_ = engine::Mark{quote.bid.raw() + quote.ask.raw()};
    }
    give(quote);
  }
  void on(const Trade& trade) override {
    if (!begins(Kind::AggTrades, trade.ts_event, trade.ts_init, trade.ts_event)) return;
    mark_ = engine::Mark{2 * trade.price.raw()};
    give(trade);
  }
  void on(const Bar& bar, std::optional<std::int64_t> book) override {
    if (!begins(Kind::Klines, bar.ts_event - kMinute, bar.ts_init, bar.ts_event)) return;
    last_bar_ = bar.ts_event;
    if (listener_.feed() == engine::Feed::Bars) {
      mark_ = engine::Mark{book.value_or(2 * bar.close.raw())};
    }
    give(bar);
  }
  void flow(Timestamp now) override {
    reach(now);
    venue_.drained(now);
  }
  void on(const Metrics& metrics) override {
    if (begins(Kind::Metrics, metrics.ts_event, metrics.ts_init, metrics.ts_event)) give(metrics);
  }
  void on(const Funding& funding) override {
    if (begins(Kind::Funding, funding.ts_event, funding.ts_init, funding.ts_event)) give(funding);
  }
  void alarm(Timestamp now) override {
    if (now < listener_.now()) {
      throw Error{fmt::format(
          "{}: the commands of {} came when time was at {}: NautilusTrader overlooked their alarm, "
          "too many lie between two data; thin the script out",
          frame_->request.orders, to_string(now), to_string(listener_.now()))};
    }
    reach(now);
    while (listener_.alarm() <= now) listener_.ring();
    venue_.drained(now);
  }

  void accepted(trading::OrderId id, Timestamp now) override {
    report(now, [&] { venue_.accepted(id, now); });
  }
  void rejected(trading::OrderId id, trading::RejectReason reason, Timestamp now) override {
    report(now, [&] { venue_.rejected(id, reason, now); });
  }
  void canceled(trading::OrderId id, Timestamp now) override {
    report(now, [&] { venue_.canceled(id, now); });
  }
  void resized(trading::OrderId id, Qty quantity) override { venue_.resized(id, quantity); }
  void filled(trading::OrderId id, Price price, Qty qty, bool is_maker,
              const engine::ReportedFill& said, std::optional<std::int64_t> book,
              Timestamp now) override {
    report(now, [&] {
      if (book) mark_ = engine::Mark{*book};
      if (mark_) journal_.mark_at(*mark_);
      venue_.filled(id, price, qty, is_maker, said, now);
    });
  }
  void funded(Money paid, Money wallet, Timestamp now) override {
    report(now, [&] { journal_.fund_reported(paid, wallet, now); });
  }

  [[nodiscard]] bool has_commands() const override { return venue_.has_commands(); }
  [[nodiscard]] std::vector<trading::Command> take() override { return venue_.take(); }
  [[nodiscard]] const std::vector<Timestamp>& alarms() const override { return alarms_; }
  [[nodiscard]] const Market& market() const override { return frame_->market; }
  [[nodiscard]] const config::Config& config() const override { return frame_->request.config; }

  std::string finish(Timestamp now) override {
    Market& market = frame_->market;
    if (market.to == kOpenEnd) {
      market.to =
          std::max<Timestamp>(market.from + kMinute, std::chrono::ceil<std::chrono::minutes>(now));
      reach(market.to);
      listener_.end(market.to);
    } else {
      reach(market.to);
      if (frame_->survey) {
        const auto& closing = frame_->survey->closing_bar;
        const bool is_due = closing && last_bar_ != closing->ts_event;
        if (is_due && closing->ts_init >= listener_.now()) on(*closing, std::nullopt);
        require_all();
      }
    }
    journal_.finish();
    if (!frame_->writer) return {};
    run::RunInfo info = run_info(frame_->request.config, market);
    if (!frame_->request.orders.empty()) info.strategy = "script";
    info.engine = "nautilus";
    info.engine_version = kEngineVersion;
    return frame_->writer
        ->commit(info, frame_->clock.stop(frame_->request.argv, frame_->request.market.catalog))
        .folder.string();
  }

 private:
  /// Whether a row of `opens` (bars: its minute's beginning) is of the run. Then it is now.
  bool begins(Kind kind, Timestamp opens, Timestamp now, Timestamp stamp) {
    if (opens < begin_ || opens >= params_.to) return false;
    const std::size_t index = static_cast<std::size_t>(kind);
    if (stamp < last_[index] || now < listener_.now()) {
      throw Error{
          fmt::format("{} at {}: earlier than what came before it; sort the data by ts_init",
                      name(kind), to_string(now))};
    }
    last_[index] = stamp;
    ++seen_[kind];
    reach(now);
    return true;
  }
  void reach(Timestamp now) {
    if (now <= listener_.now()) return;
    venue_.reach(now);
    listener_.reach(now);
  }
  template <class Record>
  void give(const Record& record) {
    if (mark_ && !listener_.is_over()) journal_.mark_at(*mark_);
    listener_.on(record);
    venue_.drained(listener_.now());
  }
  /// What comes at `to` or later finds the exchange closed.
  template <class Work>
  void report(Timestamp now, Work work) {
    reach(now);
    if (listener_.is_over()) return;
    work();
    listener_.tell();
  }

  void require_all() {
    for (const Kind kind :
         {Kind::BookTicker, Kind::AggTrades, Kind::Klines, Kind::Metrics, Kind::Funding}) {
      const std::int64_t there = frame_->survey->rows[kind];
      if (seen_[kind] == there) continue;
      throw Error{fmt::format(
          "NautilusTrader gave {} of {} rows of {} in the window: its data configuration, its "
          "files' names or its metadata hide the rest; `toxvol check --nautilus` says where",
          seen_[kind], there, name(kind))};
    }
  }

  std::unique_ptr<Frame> frame_;
  std::vector<Timestamp> alarms_;
  engine::EngineParams params_;
  Strategy strategy_;
  factors::MinuteFolder folder_;
  engine::NautilusJournal journal_;
  engine::ReportedVenue venue_;
  engine::NautilusListener<Strategy, factors::MinuteFolder, engine::ReportedVenue> listener_;
  Timestamp begin_;
  std::optional<engine::Mark> mark_;
  std::optional<Timestamp> last_bar_;
  Rows seen_;
  std::array<Timestamp, 5> last_{Timestamp::min(), Timestamp::min(), Timestamp::min(),
                                 Timestamp::min(), Timestamp::min()};
};

}  // namespace

std::unique_ptr<NautilusSession> open_nautilus_session(const NautilusRequest& request,
                                                       Progress& progress) {
  auto frame = std::make_unique<Frame>();
  frame->request = request;
  config::Config& config = frame->request.config;
  config.exchange.profile = engine::Profile::Nautilus1221;
  std::vector<strategy::ScriptCommand> script;
  if (!request.orders.empty()) script = read_script(request.orders);
  if (!request.out.empty()) frame->writer.emplace(request.out, request.force);
  Market& market = frame->market;
  if (!request.market.catalog.empty() || !request.market.raw.empty()) {
    MarketOptions wanted = request.market;
    wanted.commands = span_of(script);
    market =
        open_market(wanted, config, std::filesystem::path{request.out}.parent_path(), progress);
    frame->survey = survey(market, progress);
  } else {
    auto known = config::known_instrument(config.symbol);
    if (!known) {
      throw Error{fmt::format("{}: no table of this contract; name the catalog that holds it",
                              config.symbol)};
    }
    market.instrument = *std::move(known);
    market.inputs = config.inputs.value_or(request.inputs);
    market.from = request.market.from.empty()
                      ? std::chrono::floor<std::chrono::minutes>(request.starts)
                      : parse_time(request.market.from, "from");
    market.to = request.market.to.empty() ? kOpenEnd : parse_time(request.market.to, "to");
  }
  validate(config::engine_params(config, market.inputs, market.from, market.to), market.instrument);

  std::vector<Timestamp> alarms;
  for (const auto& command : script) {
    if (alarms.empty() || alarms.back() != command.ts) alarms.push_back(command.ts);
  }
  if (request.orders.empty()) {
    return std::make_unique<Session<strategy::ToxVol>>(
        std::move(frame), std::move(alarms),
        [](Frame& made) { return make_toxvol(made.request.config, made.market, made.sink()); });
  }
  return std::make_unique<Session<ScriptedStrategy>>(
      std::move(frame), std::move(alarms), [&](Frame& made) {
        return make_scripted(made.request.config, made.market, std::move(script), made.sink());
      });
}

}  // namespace toxvol::app
