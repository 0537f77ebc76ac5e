#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/nautilus_ledger.hpp"
#include "toxvol/engine/nautilus_journal.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

/// NautilusTrader's own venue, seen from the strategy: commands wait to be fetched, and what it
/// reports of them is written down as the native parity profile writes down what it does itself.
class ReportedVenue {
 public:
  /// Throws `Error` where a parameter means nothing there. The journal outlives it.
  ReportedVenue(const EngineParams& params, NautilusJournal& journal);

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

  NautilusJournal& journal_;
  Duration latency_;
  Timestamp to_;
  std::vector<trading::Command> outgoing_;
  std::vector<InFlight> submits_;  // nothing is heard of them yet
  std::vector<InFlight> cancels_;
};

}  // namespace toxvol::engine
