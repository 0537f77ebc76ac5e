#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/nautilus_ledger.hpp"
#include "toxvol/engine/outbox.hpp"
#include "toxvol/engine/params.hpp"
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

/// What becomes of orders, commands, fills, positions and equity in the parity profile, for the run
/// folder and for the strategy. Times are nanoseconds and are those of the datum that was handled.
class NautilusJournal {
 public:
  NautilusJournal(const EngineParams& params, const Instrument& instrument,
                  trading::Recorder& recorder);

  // ---- commands ----
  /// A new order and its command. Throws `Error` where the number is used twice.
  [[nodiscard]] NautilusOrder& submit(const trading::Submit& submit, Timestamp now,
                                      const std::optional<trading::Touch>& touch);
  /// The command's number.
  [[nodiscard]] std::size_t log(trading::CommandKind kind, trading::OrderId id, Timestamp now);
  /// The number of a cancel that goes out and the order it is for; none where NautilusTrader's
  /// strategy sends nothing, because the order is closed or its cancel is pending.
  [[nodiscard]] std::optional<std::pair<std::size_t, NautilusOrder*>> cancel(trading::OrderId id,
                                                                             Timestamp now);
  void settle(std::size_t command, trading::CommandOutcome outcome, Timestamp now);
  [[nodiscard]] NautilusOrder* find(trading::OrderId id);

  // ---- orders ----
  void accept(NautilusOrder& order, Timestamp now);
  void reject(NautilusOrder& order, trading::RejectReason reason, Timestamp now);
  void cancel(NautilusOrder& order, Timestamp now);
  void fill(NautilusOrder& order, Price price, Qty qty, Timestamp now);
  /// The same as NautilusTrader says it.
  void fill(NautilusOrder& order, Price price, Qty qty, const ReportedFill& said, Timestamp now);

  // ---- money ----
  void mark_at(Mark mark) { mark_ = mark; }
  void learn_rate(Rate rate) { last_rate_ = rate; }
  void fund(Rate rate, Timestamp now);
  void fund_reported(Money paid, Money wallet, Timestamp now);
  void sample(Timestamp now, trading::EquityCause cause);
  [[nodiscard]] const NautilusLedger& ledger() const { return ledger_; }

  // ---- the strategy ----
  [[nodiscard]] Outbox& events() { return events_; }
  void note_levels(std::int64_t position, std::optional<Price> stop,
                   std::optional<Price> take_profit);

  /// What is still in flight never acts; writes what is left.
  void finish();

 private:
  struct Holding {
    trading::PositionRecord record;
    Average entry;
    Average exit;
    std::optional<std::int64_t> lowest;  // mark, twice
    std::optional<std::int64_t> highest;
    bool slippage_known = true;
    bool open = true;
  };
  struct Entry {
    trading::CommandRecord record;
    bool known = false;
  };

  void tell(const NautilusOrder& order, trading::OrderSeen::What what, Timestamp now);
  void write_known();
  void open(const NautilusOrder& order, Timestamp now);
  void note_fill(NautilusOrder& order, const Booked& booked, Price price, Qty qty, Money fee,
                 Timestamp now);
  void observe(Holding& holding) const;
  [[nodiscard]] bool is_holding() const { return !holdings_.empty() && holdings_.back().open; }
  Holding& book(const NautilusOrder& order, const Booked& booked, Price price, Money fee,
                Timestamp now);

  trading::Recorder& recorder_;
  int leverage_;
  double maker_;
  double taker_;
  NautilusLedger ledger_;
  std::optional<Mark> mark_;
  std::optional<Rate> last_rate_;
  Money peak_;
  std::int64_t fills_ = 0;
  std::int64_t samples_ = 0;
  std::vector<Holding> holdings_;

  std::deque<NautilusOrder> orders_;                            // as submitted; addresses stay
  std::unordered_map<std::int64_t, NautilusOrder*> by_number_;  // for look-ups only
  std::deque<Entry> log_;  // commands whose record is not written yet, by seq
  std::size_t written_ = 0;
  Outbox events_;
};

}  // namespace toxvol::engine
