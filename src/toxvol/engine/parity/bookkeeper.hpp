#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/books/books.hpp"
#include "toxvol/engine/books/command_log.hpp"
#include "toxvol/engine/books/order_list.hpp"
#include "toxvol/engine/books/outbox.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// An order in NautilusTrader's terms.
struct NautilusOrder {
  enum class Status : std::uint8_t {
    Submitted,
    Accepted,
    PartiallyFilled,
    PendingCancel,
    Filled,
    Canceled,
    Rejected
  };

  Qty quantity{};  // reduce-only orders are cut
  Qty filled{};
  std::optional<Qty> matched;  // what the exchange counts as filled; empty: nothing yet
  Status status = Status::Submitted;
  Status before_cancel = Status::Submitted;
  bool is_maker = false;
  bool is_resting = false;
  std::int64_t sort_key = 0;

  trading::OrderRecord record;
  Average average;

  [[nodiscard]] const trading::Submit& submit() const { return record.submit; }
  [[nodiscard]] bool is_closed() const { return status >= Status::Filled; }
  [[nodiscard]] bool is_open() const { return !is_closed() && status != Status::Submitted; }
};

/// The parity profile's orders in NautilusTrader's states, its ledger and the books: what becomes
/// of everything, for the run folder and for the strategy. Times are those of the datum that was
/// handled.
class Bookkeeper {
 public:
  Bookkeeper(const EngineParams& params, const Instrument& instrument, trading::Recorder& recorder,
             const Rules& rules);

  // ---- commands ----
  /// A new order and its command. Throws `Error` where the number is used twice.
  [[nodiscard]] NautilusOrder& submit(const trading::Submit& submit, Timestamp now,
                                      const std::optional<trading::Touch>& touch);
  /// The command's number.
  [[nodiscard]] std::size_t log(trading::CommandKind kind, trading::OrderId id, Timestamp now) {
    return log_.add(kind, id, now);
  }
  /// The number of a cancel that goes out and the order it is for; none where NautilusTrader's
  /// strategy sends nothing, because the order is closed or its cancel is pending.
  [[nodiscard]] std::optional<std::pair<std::size_t, NautilusOrder*>> cancel(trading::OrderId id,
                                                                             Timestamp now);
  void settle(std::size_t command, trading::CommandOutcome outcome, Timestamp now) {
    log_.settle(command, outcome, now);
  }
  [[nodiscard]] NautilusOrder* find(trading::OrderId id) { return orders_.find(id); }

  // ---- orders ----
  void accept(NautilusOrder& order, Timestamp now);
  void reject(NautilusOrder& order, trading::RejectReason reason, Timestamp now);
  void cancel(NautilusOrder& order, Timestamp now);
  void fill(NautilusOrder& order, Price price, Qty qty, Timestamp now);
  /// The same as NautilusTrader says it.
  void fill(NautilusOrder& order, Price price, Qty qty, const ReportedFill& said, Timestamp now);

  // ---- money ----
  void fund(Rate rate, Timestamp now);
  void fund_reported(Money paid, Money wallet, Timestamp now);
  void sample(Timestamp now, trading::EquityCause cause) { books_.sample(now, cause, balance()); }
  [[nodiscard]] const NautilusLedger& ledger() const { return ledger_; }
  [[nodiscard]] Books& books() { return books_; }

  // ---- the strategy ----
  [[nodiscard]] Outbox& events() { return events_; }

  /// What is still in flight never acts; writes what is left.
  void finish();

 private:
  void note_fill(NautilusOrder& order, const Booked& booked, Price price, Qty qty, Money fee,
                 Timestamp now);
  [[nodiscard]] Balance balance() const { return ledger_.balance(books_.mark(), leverage_); }

  trading::Recorder& recorder_;
  int leverage_;
  bool commission_is_decimal_;
  ExactFee maker_;
  ExactFee taker_;
  NautilusLedger ledger_;
  Outbox events_;
  Books books_;
  OrderList<NautilusOrder> orders_;
  CommandLog log_;
};

}  // namespace toxvol::engine
