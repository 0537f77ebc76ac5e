#include "toxvol/engine/realistic/desk.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <variant>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/books/outbox.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/realistic/order.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

Desk::Desk(const LatencyModel& latency, const std::optional<trading::Touch>& touch, Outbox& outbox,
           trading::Recorder& recorder)
    : latency_{latency}, touch_{touch}, outbox_{outbox}, recorder_{recorder}, log_{recorder} {}

Order& Desk::add(const trading::Submit& submit, Timestamp ts_submit) {
  Order& order = orders_.add(submit, ts_submit, touch_);
  order.side = submit.side;
  order.price = submit.price;
  order.reduce_only = submit.reduce_only;
  return order;
}

void Desk::send(const trading::Command& command, Timestamp ts_submit) {
  Arrival arrival;
  trading::OrderId id{};
  if (const auto* submit = std::get_if<trading::Submit>(&command)) {
    id = submit->id;
    arrival.order = &add(*submit, ts_submit);
    arrival.command = log_.add(trading::CommandKind::Submit, id, ts_submit);
  } else {
    id = std::get<trading::Cancel>(command).id;
    arrival.order = find(id);
    arrival.is_cancel = true;
    arrival.command = log_.add(trading::CommandKind::Cancel, id, ts_submit);
  }
  // X2: submits and cancels are one sequence in the order given.
  last_arrival_ = std::max(
      last_arrival_, arrival_time(ts_submit, latency_.of_order(static_cast<std::int64_t>(id))));
  if (first_ == in_flight_.size()) {
    in_flight_.clear();
    first_ = 0;
  }
  in_flight_.push_back({last_arrival_, arrival});
}

Desk::Arrival Desk::place_at_once(const trading::Submit& submit, Timestamp ts_submit,
                                  ExchangeTime now) {
  Order& order = add(submit, ts_submit);
  order.record.ts_arrive = now;
  return {.command = log_.add(trading::CommandKind::Submit, submit.id, ts_submit), .order = &order};
}

Order& Desk::place_own(trading::Submit submit, ExchangeTime now) {
  submit.id = trading::OrderId{kFirstOwnOrder + own_orders_++};
  Order& order = add(submit, now);
  order.record.ts_arrive = now;
  order.record.ts_accepted = now;
  order.remaining = submit.qty;
  order.working = true;
  return order;
}

Desk::Arrival Desk::pop() {
  TOXVOL_ASSERT(first_ < in_flight_.size());
  const InFlight& next = in_flight_[first_++];
  if (next.arrival.order != nullptr && !next.arrival.is_cancel) {
    next.arrival.order->record.ts_arrive = next.at;
  }
  return next.arrival;
}

void Desk::tell(const Order& order, trading::OrderSeen::What what, ExchangeTime now) {
  const auto id = static_cast<std::int64_t>(order.record.submit.id);
  outbox_.tell(order.record, what, now, latency_.of_data(Delivery::OrderEvent, id));
}

void Desk::accept(Order& order, ExchangeTime now) {
  order.working = true;
  order.record.ts_accepted = now;
  tell(order, trading::OrderSeen::What::Accepted, now);
}

void Desk::reject(Order& order, trading::RejectReason reason, ExchangeTime now) {
  order.working = false;
  order.record.status = trading::OrderStatus::Rejected;
  order.record.reject_reason = reason;
  order.record.ts_done = now;
  tell(order, trading::OrderSeen::What::Rejected, now);
}

void Desk::cancel(Order& order, ExchangeTime now) {
  order.working = false;
  order.remaining = Qty{};
  order.record.status = trading::OrderStatus::Canceled;
  order.record.ts_done = now;
  tell(order, trading::OrderSeen::What::Canceled, now);
}

void Desk::finish() {
  log_.finish();
  orders_.write(recorder_);
}

}  // namespace toxvol::engine
