#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/engine/parity/throttle.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

/// Throw `Error` where NautilusTrader has nothing of the kind.
void require_possible(const ExchangeParams& params);
void require_possible(const trading::Submit& submit, Profile profile);

/// NautilusTrader's simulated venue for one instrument on an L1 book, oddities included: risk
/// checks, commands in flight, matching. Order types MARKET and LIMIT. The names of the parts are
/// its own, so that both can be read side by side. `Rules` is all that depends on the release.
/// docs/parity.md.
class NativeVenue {
 public:
  /// Throws `Error` where a parameter means nothing there. The references outlive it.
  NativeVenue(const EngineParams& params, const Instrument& instrument, Bookkeeper& bookkeeper,
              const Rules& rules);

  // ---- commands: checked at once, then in flight ----
  void submit(const trading::Submit& submit, Timestamp now,
              const std::optional<trading::Touch>& touch);
  void cancel(trading::OrderId id, Timestamp now);

  // ---- the datum at `ts_init` ----
  void on(const Quote& quote);
  void on(const Trade& trade);
  /// Where bars are all there is, a bar is four trades at its `ts_init`.
  void on(const Bar& bar);
  /// Carries out the commands that are due.
  void process(Timestamp now);

  [[nodiscard]] Throttle& throttle() { return throttle_; }
  [[nodiscard]] const Throttle& throttle() const { return throttle_; }

 private:
  struct Level {
    Price price{};
    Qty qty{};
    bool present = false;
  };
  /// What orders are matched against; follows the book, but not always.
  struct Core {
    Price bid{};
    Price ask{};
    Price last{};
    bool has_bid = false;
    bool has_ask = false;
    bool has_last = false;
    void set_bid(Price price) { bid = price, has_bid = true; }
    void set_ask(Price price) { ask = price, has_ask = true; }
    void set_last(Price price) { last = price, has_last = true; }
  };
  struct Command {
    Timestamp due{};
    std::size_t number = 0;
    NautilusOrder* order = nullptr;
    bool is_cancel = false;
  };
  struct Fill {
    Price price{};
    Qty qty{};
  };

  [[nodiscard]] trading::RejectReason check(const trading::Submit& submit, Timestamp now);
  void require_grid(Price price, Qty qty, const char* what, Timestamp at) const;
  void drain(Timestamp now);

  void collapse(Price price, Qty qty);
  void follow_book();
  void move_one_side(const Trade& trade);
  void move_both_sides(const Trade& trade);
  [[nodiscard]] std::pair<Qty, Qty> bar_sizes(Qty volume) const;
  void match();
  void process_order(NautilusOrder& order);
  [[nodiscard]] bool process_cancel(NautilusOrder& order);
  [[nodiscard]] bool is_limit_matched(const NautilusOrder& order) const;
  void fill_market_order(NautilusOrder& order);
  void fill_limit_order(NautilusOrder& order);
  [[nodiscard]] std::optional<Fill> simulate(const NautilusOrder& order,
                                             std::optional<Price> limit) const;
  [[nodiscard]] std::optional<Fill> market_fill(const NautilusOrder& order);
  [[nodiscard]] std::optional<Fill> limit_fill(const NautilusOrder& order);
  void apply_fills(NautilusOrder& order, std::optional<Fill> fill);
  [[nodiscard]] bool reduce(NautilusOrder& order, Qty& qty, Qty& left) const;
  void fill_order(NautilusOrder& order, Price price, Qty qty);
  void cancel_order(NautilusOrder& order);
  void add(NautilusOrder& order);
  void remove(NautilusOrder& order);
  [[nodiscard]] Price worse(Side side, Price price) const {
    return side == Side::Buy ? price + tick_ : price - tick_;
  }

  Bookkeeper& bookkeeper_;
  Rules rules_;
  Profile profile_;
  Price tick_;
  Qty min_qty_;
  std::int64_t price_unit_;  // 1e-8 units of the last decimal that a price may have
  std::int64_t qty_unit_;
  Qty lot_;
  Duration latency_;
  bool trade_execution_;

  Throttle throttle_;
  std::deque<Command> in_flight_;
  Timestamp now_{};
  Level bid_;
  Level ask_;
  Core core_;
  std::optional<Quote> quote_;   // the last one
  std::optional<Qty> met_;       // the size of the trade that resting orders are met by
  std::optional<Core> targets_;  // to be restored after a fill through a limit
  std::vector<NautilusOrder*> bids_;
  std::vector<NautilusOrder*> asks_;
  std::vector<NautilusOrder*> snapshot_;
};

}  // namespace toxvol::engine
