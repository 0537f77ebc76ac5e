#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/engine/books/command_log.hpp"
#include "toxvol/engine/books/order_list.hpp"
#include "toxvol/engine/books/outbox.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/realistic/order.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// Between the strategy and an exchange: all orders of the run, commands in flight in the order
/// given (X2), and what becomes of both.
class Desk {
 public:
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
  /// An order that acts at once at `now`, without latency (X22 exits, X24): to be settled.
  [[nodiscard]] Arrival place_at_once(const trading::Submit& submit, Timestamp ts_submit,
                                      ExchangeTime now);
  /// An order of the engine's own (liquidation), accepted at once; it is no command.
  [[nodiscard]] Order& place_own(trading::Submit submit, ExchangeTime now);

  /// When the next command arrives, `kNever` if none is in flight.
  [[nodiscard]] ExchangeTime next_arrival() const {
    return first_ == in_flight_.size() ? kNever : in_flight_[first_].at;
  }
  [[nodiscard]] Arrival pop();
  void settle(const Arrival& arrival, trading::CommandOutcome outcome, ExchangeTime now) {
    log_.settle(arrival.command, outcome, now);
  }

  [[nodiscard]] Order* find(trading::OrderId id) { return orders_.find(id); }

  void accept(Order& order, ExchangeTime now);
  void reject(Order& order, trading::RejectReason reason, ExchangeTime now);
  void cancel(Order& order, ExchangeTime now);

  /// What is still in flight never acts; writes the remaining commands and all orders.
  void finish();

 private:
  struct InFlight {
    ExchangeTime at{};
    Arrival arrival;
  };
  Order& add(const trading::Submit& submit, Timestamp ts_submit);
  void tell(const Order& order, trading::OrderSeen::What what, ExchangeTime now);

  const LatencyModel& latency_;
  const std::optional<trading::Touch>& touch_;
  Outbox& outbox_;
  trading::Recorder& recorder_;

  OrderList<Order> orders_;
  CommandLog log_;
  std::vector<InFlight> in_flight_;
  std::size_t first_ = 0;
  ExchangeTime last_arrival_ = ExchangeTime::min();
  std::int64_t own_orders_ = 0;
};

}  // namespace toxvol::engine
