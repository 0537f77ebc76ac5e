#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "tests/engine/support.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/native_venue.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"
#include "toxvol/engine/parity/rules.hpp"

namespace toxvol::engine::test {

/// NautilusTrader's part in a run, played by the native venue with books of its own: data reach the
/// venue, then `Receiver` (a `HostedRun`), whose commands are fetched and sent; what becomes of
/// them is told one by one, as it happens, and nothing else. Like NautilusTrader it knows of no
/// end: its venue is open after `to`.
template <class Receiver>
class StandIn {
 public:
  StandIn(const EngineParams& params, const Instrument& instrument, Receiver& receiver)
      : params_{params},
        rules_{rules_of(params.exchange.profile)},
        bookkeeper_{params, instrument, tape_, rules_},
        venue_{params, instrument, bookkeeper_, rules_},
        money_{params.deposit},
        receiver_{receiver} {}

  std::int64_t resized = 0;
  std::int64_t denied = 0;
  std::int64_t funded = 0;

  /// `alarms` ascending.
  void run(const Market& market, std::span<const Timestamp> alarms) {
    alarms_ = alarms;
    const std::vector<Datum> data = merged(market);
    for (std::size_t i = 0; i < data.size(); ++i) {
      const Timestamp ts = data[i].ts;
      venue_.throttle().advance(ts);
      while (next_timer() < ts) ring();
      venue_.throttle().reach(ts);
      give(market, data[i]);
      while (next_timer() <= ts) ring();
    }
  }

 private:
  enum class Kind : std::uint8_t { Quote, Trade, Flow, Bar, Metrics, Funding };
  struct Datum {
    Timestamp ts{};
    Kind kind{};
    std::size_t index = 0;
  };

  static std::vector<Datum> merged(const Market& market) {
    std::vector<Datum> data;
    const auto add = [&](const auto& rows, Kind kind, Duration earlier = {}) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        data.push_back({rows[i].ts_init - earlier, kind, i});
      }
    };
    add(market.quotes, Kind::Quote);
    add(market.trades, Kind::Trade);
    add(market.bars, Kind::Flow, Duration{1});
    add(market.bars, Kind::Bar);
    add(market.metrics, Kind::Metrics);
    add(market.funding, Kind::Funding);
    std::sort(data.begin(), data.end(), [](const Datum& a, const Datum& b) { return a.ts < b.ts; });
    return data;
  }

  void give(const Market& market, const Datum& datum) {
    const std::size_t i = datum.index;
    switch (datum.kind) {
      case Kind::Quote:
        tick(market.quotes[i], datum.ts);
        return;
      case Kind::Trade:
        tick(market.trades[i], datum.ts);
        return;
      case Kind::Flow:
        receiver_.flow(datum.ts);
        process(datum.ts);
        return;
      case Kind::Bar:
        bar(market.bars[i], datum.ts);
        return;
      case Kind::Metrics:
        receiver_.on(market.metrics[i]);
        send(datum.ts);
        process(datum.ts);
        return;
      case Kind::Funding:
        funding(market.funding[i], datum.ts);
    }
  }

  template <class Tick>
  void tick(const Tick& row, Timestamp now) {
    venue_.on(row);
    report(now);
    receiver_.on(row);
    send(now);
    process(now);
  }

  void bar(const Bar& row, Timestamp now) {
    std::optional<std::int64_t> book;
    if (feed_of(params_.inputs) == Feed::Bars) {
      venue_.on(row);
      report(now);
      bookkeeper_.sample(now, trading::EquityCause::Minute);
      book = twice(tape_.equity.back().mark);
    }
    receiver_.on(row, book);
    send(now);
    process(now);
  }

  void funding(const Funding& row, Timestamp now) {
    receiver_.on(row);
    send(now);
    process(now);
    if (!params_.costs.funding || now < params_.from) return;
    const Money before = bookkeeper_.ledger().funding();
    const std::size_t samples = tape_.equity.size();
    bookkeeper_.fund(row.rate, now);
    if (tape_.equity.size() == samples) return;
    receiver_.funded(bookkeeper_.ledger().funding() - before, bookkeeper_.ledger().wallet(), now);
    ++funded;
  }

  [[nodiscard]] Timestamp next_timer() const {
    return std::min(alarms_.empty() ? Timestamp::max() : alarms_.front(),
                    venue_.throttle().timer());
  }

  void ring() {
    const Timestamp now = next_timer();
    venue_.throttle().reach(now);
    const bool settles_early = venue_.throttle().rings(now) && !rules_.timers_settle_the_venue;
    if (settles_early) process(now);
    if (!alarms_.empty() && alarms_.front() == now) {
      alarms_ = alarms_.subspan(1);
      receiver_.alarm(now);
      send(now);
    }
    if (!settles_early) process(now);
  }

  void send(Timestamp now) {
    for (const trading::Command& command : receiver_.take()) {
      if (const auto* submit = std::get_if<trading::Submit>(&command)) {
        venue_.submit(*submit, now, std::nullopt);
        if (!bookkeeper_.events().empty()) ++denied;
      } else {
        venue_.cancel(std::get<trading::Cancel>(command).id, now);
      }
      report(now);
    }
  }

  void process(Timestamp now) {
    venue_.process(now);
    report(now);
  }

  void report(Timestamp now) {
    while (!bookkeeper_.events().empty()) {
      const auto event = bookkeeper_.events().pop().event;
      if (const auto* fill = std::get_if<trading::FillSeen>(&event)) {
        tell(*fill, now);
      } else {
        tell(std::get<trading::OrderSeen>(event), now);
      }
    }
    // Cut to what is filled already: nothing else is told of it.
    for (const auto& [id, cut] : open_) tell_cut(id);
  }

  void tell(const trading::OrderSeen& seen, Timestamp now) {
    using What = trading::OrderSeen::What;
    if (seen.what == What::Accepted) {
      open_.emplace(seen.id, bookkeeper_.find(seen.id)->submit().qty);
      receiver_.accepted(seen.id, now);
      return;
    }
    open_.erase(seen.id);
    if (seen.what == What::Canceled) {
      receiver_.canceled(seen.id, now);
    } else {
      receiver_.rejected(seen.id, seen.reject_reason, now);
    }
  }

  void tell(const trading::FillSeen& fill, Timestamp now) {
    const trading::FillRecord& record = tape_.fills[told_++];
    open_.emplace(fill.id, bookkeeper_.find(fill.id)->submit().qty);
    if (fill.order_done) {
      tell_cut(fill.id);
      open_.erase(fill.id);
    }
    money_.fill(fill.side, fill.price, fill.qty, fill.fee);
    receiver_.filled(fill.id, fill.price, fill.qty, fill.liquidity == trading::Liquidity::Maker,
                     {.fee = fill.fee,
                      .position = record.position_after,
                      .average = money_.average(),
                      .position_pnl = money_.position_pnl(),
                      .wallet = record.balance_after},
                     twice(record.mid_fill), now);
  }

  void tell_cut(trading::OrderId id) {
    const Qty quantity = bookkeeper_.find(id)->quantity;
    if (quantity == std::exchange(open_.at(id), quantity)) return;
    receiver_.resized(id, quantity);
    ++resized;
  }

  static std::optional<std::int64_t> twice(std::optional<double> mid) {
    if (!mid) return std::nullopt;
    return std::llround(*mid * 2.0 * static_cast<double>(Price::kOne));
  }

  EngineParams params_;
  Rules rules_;
  Tape tape_;  // the venue's own, for what its events do not tell
  Bookkeeper bookkeeper_;
  NativeVenue venue_;
  NautilusLedger money_;                  // as of the event that is told
  std::size_t told_ = 0;                  // fills
  std::map<trading::OrderId, Qty> open_;  // with the quantity that was told
  Receiver& receiver_;
  std::span<const Timestamp> alarms_;
};

}  // namespace toxvol::engine::test
