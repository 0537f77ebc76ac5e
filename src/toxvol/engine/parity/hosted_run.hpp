#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/sound.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/hosted_venue.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/engine/parity/strategy_side.hpp"
#include "toxvol/engine/validate.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/concepts.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// Numbers of rows by kind.
struct RowCounts {
  std::array<std::int64_t, 5> counts{};
  std::int64_t& operator[](Kind kind) { return counts[static_cast<std::size_t>(kind)]; }
  std::int64_t operator[](Kind kind) const { return counts[static_cast<std::size_t>(kind)]; }
};

/// What a hosted run knows of its data before NautilusTrader gives them.
struct ExpectedData {
  Timestamp begin{};               // earlier rows are not of the run
  RowCounts rows;                  // that have to come
  std::optional<Bar> closing_bar;  // the one that ends at `to`; given at the end if it did not come
};

/// One run inside NautilusTrader: its data, orders and money come in, commands go out. Times are of
/// NautilusTrader's clock. (Virtual so that who hosts it need not know what trades.)
class HostedRun {
 public:
  /// Stands for a `to` that is not known: the run ends when it is told so.
  static constexpr Timestamp kOpenEnd = Timestamp::max() - kDay;

  HostedRun() = default;
  HostedRun(const HostedRun&) = delete;
  HostedRun& operator=(const HostedRun&) = delete;
  virtual ~HostedRun() = default;

  // ---- data, in NautilusTrader's order; ticks and bars after its venue has seen them. What is
  // not sound (G9) is only a time at which the venue does what is due; of quotes it sees all. ----
  virtual void on(const Quote& quote) = 0;
  virtual void on(const Trade& trade) = 0;
  /// `book`: bid + ask of the venue's book, twice its mid; empty: as far as the data tell.
  virtual void on(const Bar& bar, std::optional<std::int64_t> book) = 0;
  /// The flow of the bar that comes next: only a time at which the venue does what is due.
  virtual void flow(Timestamp now) = 0;
  virtual void on(const Metrics& metrics) = 0;
  virtual void on(const Funding& funding) = 0;
  virtual void alarm(Timestamp now) = 0;

  // ---- its orders and its account ----
  virtual void accepted(trading::OrderId id, Timestamp now) = 0;
  virtual void rejected(trading::OrderId id, trading::RejectReason reason, Timestamp now) = 0;
  virtual void canceled(trading::OrderId id, Timestamp now) = 0;
  virtual void resized(trading::OrderId id, Qty quantity) = 0;
  virtual void filled(trading::OrderId id, Price price, Qty qty, bool is_maker,
                      const ReportedFill& said, std::optional<std::int64_t> book,
                      Timestamp now) = 0;
  virtual void funded(Money paid, Money wallet, Timestamp now) = 0;

  /// What is to be sent now.
  [[nodiscard]] virtual bool has_commands() const = 0;
  [[nodiscard]] virtual std::vector<trading::Command> take() = 0;

  /// The run is over at `now`, or at its `to` if that was given: which of them it was. Throws
  /// `Error` where fewer rows came than were expected.
  virtual Timestamp finish(Timestamp now) = 0;
};

/// The run of `S`.
template <trading::Strategy S, trading::Folding F>
class HostedRunOf final : public HostedRun {
 public:
  /// `script`: the file in which the strategy finds its times, for messages. The references outlive
  /// it. Throws `Error` where parameters and instrument do not fit.
  HostedRunOf(const EngineParams& params, const Instrument& instrument, S& strategy, F& folding,
              trading::Recorder& recorder, std::optional<ExpectedData> expected, std::string script)
      : params_{(validate(params, instrument), params)},
        expected_{expected},
        script_{std::move(script)},
        bookkeeper_{params_, instrument, recorder, rules_of(params.exchange.profile)},
        venue_{params_, bookkeeper_, rules_of(params.exchange.profile)},
        strategy_side_{params_, instrument, strategy, folding, bookkeeper_, venue_} {}

  void on(const Quote& quote) override {
    if (!begins(quote, quote.ts_event)) return;
    if (is_sound(quote)) mark_ = Mark{quote.bid.raw() + quote.ask.raw()};
    give(quote);
  }
  void on(const Trade& trade) override {
    if (!is_sound(trade)) return flow(trade.ts_init);
    if (!begins(trade, trade.ts_event)) return;
    mark_ = Mark{2 * trade.price.raw()};
    give(trade);
  }
  void on(const Bar& bar, std::optional<std::int64_t> book) override {
    if (!is_sound(bar)) return flow(bar.ts_init);
    if (!begins(bar, bar.ts_event - kMinute)) return;
    last_bar_ = bar.ts_event;
    if (strategy_side_.feed() == Feed::Bars) mark_ = Mark{book.value_or(2 * bar.close.raw())};
    give(bar);
  }
  void flow(Timestamp now) override {
    reach(now);
    venue_.datum();
    venue_.drained(now);
  }
  void on(const Metrics& metrics) override {
    if (!is_sound(metrics)) return flow(metrics.ts_init);
    if (begins(metrics, metrics.ts_event)) give(metrics);
  }
  void on(const Funding& funding) override {
    if (!is_sound(funding)) return flow(funding.ts_init);
    if (begins(funding, funding.ts_event)) give(funding);
  }
  void alarm(Timestamp now) override {
    if (now < strategy_side_.now()) {
      throw Error{script_ + ": the commands of " + to_string(now) + " came when time was at " +
                  to_string(strategy_side_.now()) +
                  ": NautilusTrader overlooked their alarm, too many lie between two data; thin "
                  "the script out"};
    }
    reach(now);
    const bool is_settled = venue_.alarm(now);
    while (strategy_side_.alarm() <= now) strategy_side_.ring();
    if (!is_settled) venue_.drained(now);
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
  void filled(trading::OrderId id, Price price, Qty qty, bool is_maker, const ReportedFill& said,
              std::optional<std::int64_t> book, Timestamp now) override {
    report(now, [&] {
      if (book) mark_ = Mark{*book};
      if (mark_) bookkeeper_.books().mark_at(*mark_);
      venue_.filled(id, price, qty, is_maker, said, now);
    });
  }
  void funded(Money paid, Money wallet, Timestamp now) override {
    report(now, [&] { bookkeeper_.fund_reported(paid, wallet, now); });
  }

  [[nodiscard]] bool has_commands() const override { return venue_.has_commands(); }
  [[nodiscard]] std::vector<trading::Command> take() override { return venue_.take(); }

  Timestamp finish(Timestamp now) override {
    Timestamp end = params_.to;
    if (end == kOpenEnd) {
      end =
          std::max<Timestamp>(params_.from + kMinute, std::chrono::ceil<std::chrono::minutes>(now));
      reach(end);
      strategy_side_.end(end);
    } else {
      reach(end);
      if (expected_) complete(*expected_);
    }
    bookkeeper_.finish();
    return end;
  }

 private:
  /// Whether a row of `opens` (bars: its minute's beginning) is of the run. Then it is now.
  template <class Record>
  bool begins(const Record& row, Timestamp opens) {
    constexpr Kind kKind = KindOf<Record>::kKind;
    const Timestamp now = row.ts_init;
    if (opens >= params_.to || (expected_ && opens < expected_->begin)) return false;
    constexpr auto kIndex = static_cast<std::size_t>(kKind);
    if (row.ts_event < last_[kIndex] || now < strategy_side_.now()) {
      throw Error{std::string{name(kKind)} + " at " + to_string(now) +
                  ": earlier than what came before it; sort the data by ts_init"};
    }
    last_[kIndex] = row.ts_event;
    if (is_sound(row)) ++seen_[kKind];  // of others none is expected
    reach(now);
    venue_.datum();
    return true;
  }
  void reach(Timestamp now) {
    if (now <= strategy_side_.now()) return;
    venue_.reach(now);
    strategy_side_.reach(now);
  }
  template <class Record>
  void give(const Record& record) {
    if (mark_ && !strategy_side_.is_over()) bookkeeper_.books().mark_at(*mark_);
    strategy_side_.on(record);
    venue_.drained(strategy_side_.now());
  }
  /// What comes at `to` or later finds the exchange closed.
  template <class Work>
  void report(Timestamp now, Work work) {
    reach(now);
    if (strategy_side_.is_over()) return;
    work();
    strategy_side_.tell();
  }

  void complete(const ExpectedData& expected) {
    const std::optional<Bar>& closing = expected.closing_bar;
    const bool is_due = closing && last_bar_ != closing->ts_event;
    if (is_due && closing->ts_init >= strategy_side_.now()) on(*closing, std::nullopt);
    for (const Kind kind :
         {Kind::BookTicker, Kind::AggTrades, Kind::Klines, Kind::Metrics, Kind::Funding}) {
      const std::int64_t there = expected.rows[kind];
      if (seen_[kind] == there) continue;
      throw Error{"NautilusTrader gave " + std::to_string(seen_[kind]) + " of " +
                  std::to_string(there) + " rows of " + std::string{name(kind)} +
                  " in the window: its data configuration, its files' names or its metadata hide "
                  "the rest; `toxvol check --nautilus` says where"};
    }
  }

  EngineParams params_;
  std::optional<ExpectedData> expected_;
  std::string script_;
  Bookkeeper bookkeeper_;
  HostedVenue venue_;
  StrategySide<S, F, HostedVenue> strategy_side_;
  std::optional<Mark> mark_;
  std::optional<Timestamp> last_bar_;
  RowCounts seen_;
  std::array<Timestamp, 5> last_{Timestamp::min(), Timestamp::min(), Timestamp::min(),
                                 Timestamp::min(), Timestamp::min()};
};

}  // namespace toxvol::engine
