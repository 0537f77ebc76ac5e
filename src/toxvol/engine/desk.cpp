#include "toxvol/engine/desk.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
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
namespace {

std::int64_t number(trading::OrderId id) {
  return static_cast<std::int64_t>(id);
}

}  // namespace

Desk::Desk(const LatencyModel& latency, const std::optional<trading::Touch>& touch, Outbox& outbox,
           trading::Recorder& recorder)
    : latency_{latency}, touch_{touch}, outbox_{outbox}, recorder_{recorder} {}

Order& Desk::add(const trading::Submit& submit, Timestamp ts_submit) {
  Order& order = orders_.emplace_back();
  if (!by_number_.emplace(number(submit.id), &order).second) {
    throw Error{"orders: number O-" + std::to_string(number(submit.id)) +
                " is used twice; every submit needs its own"};
  }
  order.side = submit.side;
  order.price = submit.price;
  order.reduce_only = submit.reduce_only;
  order.record.submit = submit;
  order.record.ts_submit = ts_submit;
  if (touch_) {
    order.record.bid = touch_->bid;
    order.record.ask = touch_->ask;
  }
  return order;
}

std::size_t Desk::log(trading::CommandKind kind, trading::OrderId id, Timestamp ts_sent) {
  const std::size_t index = written_ + log_.size();
  log_.push_back({.record = {.seq = static_cast<std::int64_t>(index) + 1,
                             .ts_sent = ts_sent,
                             .ts_arrive = std::nullopt,
                             .kind = kind,
                             .order = id}});
  return index;
}

void Desk::send(const trading::Command& command, Timestamp ts_submit) {
  Arrival arrival;
  trading::OrderId id{};
  if (const auto* submit = std::get_if<trading::Submit>(&command)) {
    id = submit->id;
    arrival.order = &add(*submit, ts_submit);
    arrival.command = log(trading::CommandKind::Submit, id, ts_submit);
  } else {
    id = std::get<trading::Cancel>(command).id;
    arrival.order = find(id);
    arrival.is_cancel = true;
    arrival.command = log(trading::CommandKind::Cancel, id, ts_submit);
  }
  // X2: submits and cancels are one sequence in the order given.
  last_arrival_ = std::max(last_arrival_, arrival_ms(ts_submit, latency_.of_order(number(id))));
  if (first_ == in_flight_.size()) {
    in_flight_.clear();
    first_ = 0;
  }
  in_flight_.push_back({last_arrival_, arrival});
}

Desk::Arrival Desk::place_at_once(const trading::Submit& submit, Timestamp ts_submit,
                                  std::int64_t ms) {
  Order& order = add(submit, ts_submit);
  order.record.ts_arrive = from_ms(ms);
  return {.command = log(trading::CommandKind::Submit, submit.id, ts_submit), .order = &order};
}

Order& Desk::place_own(trading::Submit submit, std::int64_t ms) {
  submit.id = trading::OrderId{kFirstOwnOrder + own_orders_++};
  Order& order = add(submit, from_ms(ms));
  order.record.ts_arrive = from_ms(ms);
  order.record.ts_accepted = from_ms(ms);
  order.remaining = submit.qty;
  order.working = true;
  return order;
}

Desk::Arrival Desk::pop() {
  TOXVOL_ASSERT(first_ < in_flight_.size());
  const InFlight& next = in_flight_[first_++];
  if (next.arrival.order != nullptr && !next.arrival.is_cancel) {
    next.arrival.order->record.ts_arrive = from_ms(next.ms);
  }
  return next.arrival;
}

void Desk::settle(const Arrival& arrival, trading::CommandOutcome outcome, std::int64_t ms) {
  Entry& entry = log_[arrival.command - written_];
  entry.record.ts_arrive = from_ms(ms);
  entry.record.outcome = outcome;
  entry.known = true;
  write_known();
}

void Desk::write_known() {
  while (!log_.empty() && log_.front().known) {
    recorder_.record(log_.front().record);
    log_.pop_front();
    ++written_;
  }
}

Order* Desk::find(trading::OrderId id) {
  const auto found = by_number_.find(number(id));
  return found == by_number_.end() ? nullptr : found->second;
}

void Desk::tell(const Order& order, trading::OrderSeen::What what, std::int64_t ms) {
  const Timestamp ts = from_ms(ms);
  const Duration delay = latency_.of_data(Delivery::OrderEvent, number(order.record.submit.id));
  outbox_.push(trading::OrderSeen{.ts_seen = ts + delay,
                                  .ts_event = ts,
                                  .id = order.record.submit.id,
                                  .what = what,
                                  .reject_reason = order.record.reject_reason,
                                  .filled = order.record.filled_qty});
}

void Desk::accept(Order& order, std::int64_t ms) {
  order.working = true;
  order.record.ts_accepted = from_ms(ms);
  tell(order, trading::OrderSeen::What::Accepted, ms);
}

void Desk::reject(Order& order, trading::RejectReason reason, std::int64_t ms) {
  order.working = false;
  order.record.status = trading::OrderStatus::Rejected;
  order.record.reject_reason = reason;
  order.record.ts_done = from_ms(ms);
  tell(order, trading::OrderSeen::What::Rejected, ms);
}

void Desk::cancel(Order& order, std::int64_t ms) {
  order.working = false;
  order.remaining = Qty{};
  order.record.status = trading::OrderStatus::Canceled;
  order.record.ts_done = from_ms(ms);
  tell(order, trading::OrderSeen::What::Canceled, ms);
}

void Desk::finish() {
  for (Entry& entry : log_) entry.known = true;  // outcome `never`
  write_known();
  std::vector<const Order*> sorted;
  sorted.reserve(orders_.size());
  for (const Order& order : orders_) sorted.push_back(&order);
  std::sort(sorted.begin(), sorted.end(), [](const Order* a, const Order* b) {
    return std::tuple{a->record.ts_submit, number(a->record.submit.id)} <
           std::tuple{b->record.ts_submit, number(b->record.submit.id)};
  });
  for (const Order* order : sorted) recorder_.record(order->record);
}

}  // namespace toxvol::engine
