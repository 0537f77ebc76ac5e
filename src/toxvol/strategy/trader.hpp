#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/account.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/signal.hpp"
#include "toxvol/strategy/step.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {

/// What a strategy is made from beside its factor model.
struct Setup {
  StrategyParams params;
  Instrument instrument;
  Inputs inputs;     // run.inputs, resolved (G4)
  Timestamp from{};  // trading starts: rows that open earlier only warm up
  /// A user's own signal in place of A2 and A3: regime and toxicity are then not asked (R57).
  std::shared_ptr<OwnSignal> own{};
  /// Otherwise nothing is entered, whatever the signal says (R42 `flat`).
  bool enters = true;
};

/// What was made of one row (A4, A5).
struct Verdict {
  Signal signal{};  // its reason before guards, costs and position
  Qty position{};   // signed, before
  trading::Reason reason = trading::Reason::NotBoundary;
};

/// ToxVol without its factor model: rows of factors and market events in, commands out. A state
/// machine over the orders it has sent and the fills it was told; no I/O, no clock, no randomness.
/// What happens when: docs/strategy.md.
class Trader {
 public:
  explicit Trader(Setup setup);

  /// A minute closed and its factors are known. Nothing for rows that open before `from`.
  std::optional<Verdict> on(const trading::RowSeen& seen, const factors::FactorRow& row,
                            std::vector<trading::Command>& out);
  /// From the next row on by these parameters (R43): entries, sizes and guards are theirs; an open
  /// position keeps the exits it was opened with. `regime` is the new model's now, against which
  /// flips are judged from here on; where it is not known, against the first that is. `enters`: as
  /// in Setup.
  void adopt(const StrategyParams& params, std::optional<Regime> regime, bool enters = true);

  void on(const trading::QuoteSeen& seen, std::vector<trading::Command>& out);
  void on(const trading::TradeSeen& seen, std::vector<trading::Command>& out);
  void on(const trading::FundingSeen& seen);
  void on(const trading::OrderSeen& seen);
  void on(const trading::FillSeen& seen);

  /// Bars only (X22): the stop or the target was hit inside the bar. The reduce-only MARKET order
  /// for the whole position that the engine then executes. Needs an open position.
  [[nodiscard]] trading::Submit exit_on_bar(trading::Role role, Price trigger, Timestamp ts);

  [[nodiscard]] const trading::Wake& wake() const { return wake_; }
  [[nodiscard]] std::optional<Price> stop() const { return stop_; }
  [[nodiscard]] std::optional<Price> take_profit() const { return take_profit_; }
  [[nodiscard]] Qty position() const { return account_.position(); }
  [[nodiscard]] Money equity() const { return account_.equity(); }

  /// From now on `judgement`, which outlives this, says how the last row was judged.
  void tell(Judgement* judgement) { judgement_ = judgement; }

 private:
  /// An order that the exchange may still act on.
  struct Working {
    trading::OrderId id{};
    trading::Role role = trading::Role::Entry;
    trading::OrderType type = trading::OrderType::Market;
    Price price{};
    Qty qty{};
    Qty filled{};
    std::optional<trading::OrderId> replaces{};
    bool accepted = false;
    bool cancel_sent = false;
  };
  /// Whether the order can be at the exchange and not done: a LIMIT, or a MARKET that is accepted
  /// and waits for a price (N4).
  [[nodiscard]] static bool may_stay(const Working& order) {
    return order.type == trading::OrderType::Limit || order.accepted;
  }
  /// The attempt to enter that the position, if any, comes from.
  struct Plan {
    trading::Intent intent{};
    ExitParams exit{};
    std::optional<Regime> regime{};  // a flip is a change against this
    Side side = Side::Buy;
    Timestamp reprice_at{};  // LIMIT entries
    Timestamp give_up_at{};
    bool post_only = false;     // LIMIT entries
    bool watch_quotes = false;  // reprice_at has passed at an unchanged price
  };
  /// Something that can make the strategy leave: a quote, a trade or a row.
  struct Datum {
    Timestamp ts_seen{};
    Timestamp ts_event{};
    std::optional<Price> bid{}, ask{}, trade{};
    const factors::FactorRow* row = nullptr;
  };
  struct Exit {
    trading::Intent intent{};
    Qty qty{};
  };

  /// Leaves, or tends the working orders; the role of the exit that was sent.
  std::optional<trading::Role> act(const Datum& datum, std::vector<trading::Command>& out);
  [[nodiscard]] std::optional<Exit> exit_due(const Datum& datum) const;
  [[nodiscard]] std::optional<Exit> level_hit(const Datum& datum) const;
  [[nodiscard]] std::optional<Exit> row_exit(const factors::FactorRow& row) const;
  [[nodiscard]] std::optional<Exit> time_up(const Datum& datum) const;
  /// The guards in their order, then the entry.
  trading::Reason judge(const trading::RowSeen& seen, const factors::FactorRow& row,
                        const Signal& signal, Side side, bool flip_sent,
                        std::vector<trading::Command>& out);
  /// Whether to go on asking.
  bool ask_guards(const trading::RowSeen& seen, const factors::FactorRow& row, bool flip_sent,
                  Asked& ask) const;
  /// Of the day's starting equity, where that is above 0; below 0: a gain.
  [[nodiscard]] std::optional<double> day_loss_bp() const;
  /// What the entry was sent for does not hold any more.
  [[nodiscard]] bool is_withdrawn(const factors::FactorRow& row) const;
  void manage_entry(const Datum& datum, std::vector<trading::Command>& out);
  void manage_target(std::vector<trading::Command>& out);

  void submit(trading::Submit order, std::vector<trading::Command>& out);
  void track(trading::Submit& order);
  void cancel(Working& order, std::vector<trading::Command>& out);
  void cancel_all(trading::Role role, std::vector<trading::Command>& out);
  [[nodiscard]] bool exit_in_flight() const;
  [[nodiscard]] const Working* entry() const;
  [[nodiscard]] const Working* target() const;
  [[nodiscard]] std::optional<Price> target_due() const;
  [[nodiscard]] bool watches_target() const;
  void forget(trading::OrderId id);

  void refer_to(Regime regime);
  void position_changed(Qty before, const trading::FillSeen& seen);
  void see_gap(const factors::FactorRow& row);
  void roll_day(Timestamp now);
  void judge_loss(Timestamp now);
  [[nodiscard]] bool loss_blocks(Timestamp now) const { return loss_day_ == day_of(now); }
  void set_levels(Timestamp ts);
  void refresh_wake();

  [[nodiscard]] Price tick(Timestamp ts) const { return at(setup_.instrument.tick, ts); }
  [[nodiscard]] std::int64_t spread_ticks(Price bid, Price ask, Timestamp ts) const {
    return (ask - bid).raw() / tick(ts).raw();
  }
  [[nodiscard]] Qty size_of_position() const;
  [[nodiscard]] bool is_long() const { return account_.position() > Qty{}; }
  /// A time limit of an entry: on bars nothing can happen within a minute (N6).
  [[nodiscard]] Duration patience(Duration value) const {
    return has_ticks() ? value : std::max(value, kMinute);
  }
  [[nodiscard]] bool has_ticks() const { return setup_.inputs.trades || setup_.inputs.quotes; }

  Setup setup_;
  Account account_;
  std::vector<Working> orders_;
  std::int64_t next_id_ = 1;

  Plan plan_;
  bool has_plan_ = false;                // an entry was ever sent
  bool unexpected_ = false;              // the position is not, or not only, the plan's
  Timestamp opened_{};                   // first fill of the open position, exchange time
  Regime regime_ref_ = Regime::Neutral;  // a flip is a change against this
  Regime flip_to_ = Regime::Neutral;     // what the last flip order answered
  bool awaits_regime_ = false;           // of a model that was adopted without one
  std::optional<Price> stop_;
  std::optional<Price> take_profit_;

  bool toxic_ = false;  // the last row's: then nothing of ours rests
  std::optional<Timestamp> last_row_;
  std::optional<Timestamp> gap_end_;
  std::optional<Day> day_;
  Money day_equity_{};  // at the start of the UTC day
  std::optional<Day> loss_day_;

  trading::Wake wake_;
  Judgement* judgement_ = nullptr;
};

}  // namespace toxvol::strategy
