#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/order.hpp"
#include "toxvol/engine/outbox.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// Between the strategy and an exchange: all orders of the run, commands in flight in the order
/// given (X2), and what becomes of both.
class Desk {
 public:
  static constexpr std::int64_t kNever = INT64_MAX;
  /// Orders that the engine makes itself are numbered from here: never a strategy's number.
  static constexpr std::int64_t kFirstOwnOrder = 1'000'000'000'001;

  /// A command that arrives.
  struct Arrival {
    std::size_t command = 0;  // for `settle`
    Order* order = nullptr;   // empty: a cancel that names no order
    bool is_cancel = false;
  };

  /// `touch`: what the strategy saw last; lives as long as the desk.
  Desk(const LatencyModel& latency, const std::optional<trading::Touch>& touch, Outbox& outbox,
       trading::Recorder& recorder);

  /// Throws `Error` where an order number is used twice.
  void send(const trading::Command& command, Timestamp ts_submit);
  /// An order that acts at once at `ms`, without latency (X22 exits, X24): to be settled.
  [[nodiscard]] Arrival place_at_once(const trading::Submit& submit, Timestamp ts_submit,
                                      std::int64_t ms);
  /// An order of the engine's own (liquidation), accepted at once; it is no command.
  [[nodiscard]] Order& place_own(trading::Submit submit, std::int64_t ms);

  /// Milliseconds of the next arrival, `kNever` if none is in flight.
  [[nodiscard]] std::int64_t next_arrival() const {
    return first_ == in_flight_.size() ? kNever : in_flight_[first_].ms;
  }
  [[nodiscard]] Arrival pop();
  void settle(const Arrival& arrival, trading::CommandOutcome outcome, std::int64_t ms);

  [[nodiscard]] Order* find(trading::OrderId id);

  void accept(Order& order, std::int64_t ms);
  void reject(Order& order, trading::RejectReason reason, std::int64_t ms);
  void cancel(Order& order, std::int64_t ms);

  /// What is still in flight never acts; writes the remaining commands and all orders.
  void finish();

 private:
  struct InFlight {
    std::int64_t ms = 0;
    Arrival arrival;
  };
  struct Entry {
    trading::CommandRecord record;
    bool known = false;
  };

  Order& add(const trading::Submit& submit, Timestamp ts_submit);
  std::size_t log(trading::CommandKind kind, trading::OrderId id, Timestamp ts_sent);
  void tell(const Order& order, trading::OrderSeen::What what, std::int64_t ms);
  void write_known();

  const LatencyModel& latency_;
  const std::optional<trading::Touch>& touch_;
  Outbox& outbox_;
  trading::Recorder& recorder_;

  std::deque<Order> orders_;                            // as submitted; addresses stay
  std::unordered_map<std::int64_t, Order*> by_number_;  // for look-ups only
  std::vector<InFlight> in_flight_;
  std::size_t first_ = 0;
  std::deque<Entry> log_;  // commands whose record is not written yet, by seq
  std::size_t written_ = 0;
  std::int64_t last_arrival_ = INT64_MIN;
  std::int64_t own_orders_ = 0;
};

}  // namespace toxvol::engine
