#include "toxvol/engine/parity/hosted_venue.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/native_venue.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

using trading::CommandKind;
using trading::CommandOutcome;

namespace {
using Status = NautilusOrder::Status;
}

HostedVenue::HostedVenue(const EngineParams& params, Bookkeeper& bookkeeper, const Rules& rules)
    : bookkeeper_{bookkeeper},
      profile_{params.exchange.profile},
      latency_{params.exchange.order_latency.value},
      to_{params.to},
      timers_settle_{rules.timers_settle_the_venue},
      throttle_{rules.timers_settle_the_venue} {
  require_possible(params.exchange);
}

void HostedVenue::submit(const trading::Submit& submit, Timestamp now,
                         const std::optional<trading::Touch>& touch) {
  require_possible(submit, profile_);
  NautilusOrder& made = bookkeeper_.submit(submit, now, touch);
  const std::size_t number = bookkeeper_.log(CommandKind::Submit, submit.id, now);
  if (now >= to_) return;
  submits_.push_back({.number = number, .order = &made, .due = now + latency_});
  unjudged_.emplace_back(submit.id, now);
  outgoing_.emplace_back(submit);
}

void HostedVenue::cancel(trading::OrderId id, Timestamp now) {
  const auto cancel = bookkeeper_.cancel(id, now);
  if (!cancel || now >= to_) return;
  const auto [number, order] = *cancel;
  cancels_.push_back({.number = number, .order = order, .due = now + latency_});
  outgoing_.emplace_back(trading::Cancel{id});
}

std::vector<trading::Command> HostedVenue::take() {
  return std::exchange(outgoing_, {});
}

NautilusOrder& HostedVenue::order(trading::OrderId id) {
  NautilusOrder* order = bookkeeper_.find(id);
  if (order == nullptr) {
    throw Error{"NautilusTrader: it tells of order O-" +
                std::to_string(static_cast<std::int64_t>(id)) + ", which this run has not sent"};
  }
  return *order;
}

std::vector<HostedVenue::InFlight>::iterator HostedVenue::submit_of(const NautilusOrder& order) {
  return std::find_if(submits_.begin(), submits_.end(),
                      [&](const InFlight& submit) { return submit.order == &order; });
}

/// The first thing that is heard of an order says that its command has arrived.
void HostedVenue::arrive(NautilusOrder& order, CommandOutcome outcome, Timestamp now) {
  const auto found = submit_of(order);
  if (found == submits_.end()) return;
  order.record.ts_arrive = now;
  bookkeeper_.settle(found->number, outcome, now);
  submits_.erase(found);
}

void HostedVenue::accepted(trading::OrderId id, Timestamp now) {
  NautilusOrder& known = order(id);
  arrive(known, CommandOutcome::Accepted, now);
  bookkeeper_.accept(known, now);
}

void HostedVenue::rejected(trading::OrderId id, trading::RejectReason reason, Timestamp now) {
  NautilusOrder& known = order(id);
  judge(id, reason, now);
  arrive(known, CommandOutcome::Rejected, now);
  bookkeeper_.reject(known, reason, now);
  if (now != known.record.ts_submit) return;
  // Denied on its way out: NautilusTrader's strategy then sends no cancel of it.
  std::erase_if(cancels_, [&](const InFlight& cancel) {
    if (cancel.order != &known) return false;
    bookkeeper_.settle(cancel.number, CommandOutcome::TooLate, now);
    return true;
  });
}

/// Denials come before the next order is sent: what was not denied until then has passed.
void HostedVenue::judge(trading::OrderId id, trading::RejectReason reason, Timestamp now) {
  using trading::RejectReason;
  const bool by_throttle = reason == RejectReason::RateLimit;
  const bool by_risk =
      reason == RejectReason::Tick || reason == RejectReason::Lot || reason == RejectReason::MinQty;
  if (!by_throttle && !by_risk) return;
  std::erase_if(unjudged_, [&](const auto& sent) { return sent.first == id; });
  if (!by_throttle) return;
  for (const auto& sent : unjudged_) static_cast<void>(throttle_.admit(sent.second));
  unjudged_.clear();
  static_cast<void>(throttle_.admit(now));
}

bool HostedVenue::alarm(Timestamp now) {
  is_alarm_ = true;
  return settled_ == now && !timers_settle_;
}

void HostedVenue::canceled(trading::OrderId id, Timestamp now) {
  NautilusOrder& known = order(id);
  arrive(known, CommandOutcome::Accepted, now);
  // The venue itself cancels too: reduce-only orders while it matches, before it carries out
  // commands; IOC and FOK orders when they come.
  const bool is_brief = known.submit().tif != trading::TimeInForce::Gtc;
  const bool by_itself = is_brief && known.record.ts_arrive == now;
  const auto pending = std::find_if(cancels_.begin(), cancels_.end(), [&](const InFlight& cancel) {
    return cancel.order == &known && cancel.due <= now;
  });
  if (!by_itself && pending != cancels_.end()) pending->canceled = now;
  bookkeeper_.cancel(known, now);
}

void HostedVenue::resized(trading::OrderId id, Qty quantity) {
  order(id).quantity = quantity;
}

void HostedVenue::filled(trading::OrderId id, Price price, Qty qty, bool is_maker,
                         const ReportedFill& said, Timestamp now) {
  NautilusOrder& known = order(id);
  arrive(known, CommandOutcome::Accepted, now);
  known.is_maker = is_maker;
  bookkeeper_.fill(known, price, qty, said, now);
}

void HostedVenue::drained(Timestamp now) {
  if (now >= to_) return;
  for (InFlight& submit : submits_) submit.drain(now);
  for (InFlight& cancel : cancels_) {
    // Its order was gone before it was this one's turn.
    if (!cancel.arrived) cancel.canceled.reset();
    cancel.drain(now);
  }
}

/// The throttle's timer, if it rings at `now` or before.
void HostedVenue::ring_throttle(Timestamp now) {
  for (const auto& sent : unjudged_) static_cast<void>(throttle_.admit(sent.second));
  unjudged_.clear();
  // A timer that was set by an alarm is noticed behind the next datum.
  if (!is_alarm_) throttle_.advance(Timestamp::max());
  const Timestamp timer = throttle_.timer();
  if (timer > now) return;
  settled_ = timer;
  drained(timer);
  static_cast<void>(throttle_.rings(timer));
}

void HostedVenue::reach(Timestamp now) {
  ring_throttle(now);
  std::erase_if(cancels_, [&](const InFlight& cancel) {
    if (cancel.canceled && *cancel.canceled < now) {
      bookkeeper_.settle(cancel.number, CommandOutcome::Accepted, *cancel.canceled);
      return true;
    }
    if (!cancel.arrived || *cancel.arrived >= now) return false;
    NautilusOrder& known = *cancel.order;
    // Nor of an order that found no market: it is not rejected while its cancel is pending.
    if (const auto submit = submit_of(known); submit != submits_.end()) {
      arrive(known, CommandOutcome::Accepted, *submit->arrived);
    }
    bookkeeper_.settle(cancel.number, CommandOutcome::TooLate, *cancel.arrived);
    if (known.status == Status::PendingCancel) known.status = known.before_cancel;
    return true;
  });
}

}  // namespace toxvol::engine
