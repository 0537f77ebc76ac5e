#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/engine/parity/throttle.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

/// NautilusTrader's own venue, seen from the strategy: commands wait to be fetched, and what it
/// reports of them is written down as the native parity profile writes down what it does itself.
class HostedVenue {
 public:
  /// Throws `Error` where a parameter means nothing there. The bookkeeper outlives it.
  HostedVenue(const EngineParams& params, Bookkeeper& bookkeeper, const Rules& rules);

  void submit(const trading::Submit& submit, Timestamp now,
              const std::optional<trading::Touch>& touch);
  void cancel(trading::OrderId id, Timestamp now);

  /// What is to be sent, in order; taken once. Commands given at `to` or later are not among them.
  [[nodiscard]] std::vector<trading::Command> take();
  [[nodiscard]] bool has_commands() const { return !outgoing_.empty(); }

  // ---- what NautilusTrader says; an unknown order is an `Error` ----
  void accepted(trading::OrderId id, Timestamp now);
  void rejected(trading::OrderId id, trading::RejectReason reason, Timestamp now);
  void canceled(trading::OrderId id, Timestamp now);
  /// A reduce-only order was cut.
  void resized(trading::OrderId id, Qty quantity);
  void filled(trading::OrderId id, Price price, Qty qty, bool is_maker, const ReportedFill& said,
              Timestamp now);

  /// The venue now carries out what is due at `now`. Of a cancel that was too late NautilusTrader
  /// says nothing when the order is closed: it is known when time has gone on.
  void drained(Timestamp now);
  void reach(Timestamp now);
  /// A datum is at `now`, an alarm: which of the throttle's timers are noticed. Of an alarm also
  /// whether the venue's commands were carried out ahead of it, and will not be after it.
  void datum() { is_alarm_ = false; }
  [[nodiscard]] bool alarm(Timestamp now);

 private:
  struct InFlight {
    std::size_t number = 0;
    NautilusOrder* order = nullptr;
    Timestamp due{};
    std::optional<Timestamp> arrived{};   // when it was first due to be carried out
    std::optional<Timestamp> canceled{};  // a cancel: when its order was
    void drain(Timestamp now) {
      if (!arrived && due <= now) arrived = now;
    }
  };

  [[nodiscard]] NautilusOrder& order(trading::OrderId id);
  [[nodiscard]] std::vector<InFlight>::iterator submit_of(const NautilusOrder& order);
  void arrive(NautilusOrder& order, trading::CommandOutcome outcome, Timestamp now);
  void ring_throttle(Timestamp now);
  void judge(trading::OrderId id, trading::RejectReason reason, Timestamp now);

  Bookkeeper& bookkeeper_;
  Profile profile_;
  Duration latency_;
  Timestamp to_;
  // NautilusTrader's own throttle, seen from outside: its timer carries out commands too.
  bool timers_settle_;
  Throttle throttle_;
  std::vector<std::pair<trading::OrderId, Timestamp>> unjudged_;  // sent, and not denied so far
  bool is_alarm_ = false;
  Timestamp settled_{};  // by that timer
  std::vector<trading::Command> outgoing_;
  std::vector<InFlight> submits_;  // nothing is heard of them yet
  std::vector<InFlight> cancels_;
};

}  // namespace toxvol::engine
