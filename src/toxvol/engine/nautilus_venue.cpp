#include "toxvol/engine/nautilus_venue.hpp"

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
#include "toxvol/engine/exchange/nautilus_1_221.hpp"
#include "toxvol/engine/ledger/nautilus_ledger.hpp"
#include "toxvol/engine/nautilus_journal.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

using Status = NautilusOrder::Status;
using trading::CommandKind;
using trading::CommandOutcome;

ReportedVenue::ReportedVenue(const EngineParams& params, NautilusJournal& journal)
    : journal_{journal}, latency_{params.exchange.order_latency.value}, to_{params.to} {
  require_possible(params.exchange);
}

void ReportedVenue::submit(const trading::Submit& submit, Timestamp now,
                           const std::optional<trading::Touch>& touch) {
  require_possible(submit);
  NautilusOrder& made = journal_.submit(submit, now, touch);
  const std::size_t number = journal_.log(CommandKind::Submit, submit.id, now);
  if (now >= to_) return;
  submits_.push_back({.number = number, .order = &made, .due = now + latency_});
  outgoing_.emplace_back(submit);
}

void ReportedVenue::cancel(trading::OrderId id, Timestamp now) {
  const auto cancel = journal_.cancel(id, now);
  if (!cancel || now >= to_) return;
  const auto [number, order] = *cancel;
  cancels_.push_back({.number = number, .order = order, .due = now + latency_});
  outgoing_.emplace_back(trading::Cancel{id});
}

std::vector<trading::Command> ReportedVenue::take() {
  return std::exchange(outgoing_, {});
}

NautilusOrder& ReportedVenue::order(trading::OrderId id) {
  NautilusOrder* order = journal_.find(id);
  if (order == nullptr) {
    throw Error{"NautilusTrader: it tells of order O-" +
                std::to_string(static_cast<std::int64_t>(id)) + ", which this run has not sent"};
  }
  return *order;
}

std::vector<ReportedVenue::InFlight>::iterator ReportedVenue::submit_of(
    const NautilusOrder& order) {
  return std::find_if(submits_.begin(), submits_.end(),
                      [&](const InFlight& submit) { return submit.order == &order; });
}

/// The first thing that is heard of an order says that its command has arrived.
void ReportedVenue::arrive(NautilusOrder& order, CommandOutcome outcome, Timestamp now) {
  const auto found = submit_of(order);
  if (found == submits_.end()) return;
  order.record.ts_arrive = now;
  journal_.settle(found->number, outcome, now);
  submits_.erase(found);
}

void ReportedVenue::accepted(trading::OrderId id, Timestamp now) {
  NautilusOrder& known = order(id);
  arrive(known, CommandOutcome::Accepted, now);
  journal_.accept(known, now);
}

void ReportedVenue::rejected(trading::OrderId id, trading::RejectReason reason, Timestamp now) {
  NautilusOrder& known = order(id);
  arrive(known, CommandOutcome::Rejected, now);
  journal_.reject(known, reason, now);
  if (now != known.record.ts_submit) return;
  // Denied on its way out: NautilusTrader's strategy then sends no cancel of it.
  std::erase_if(cancels_, [&](const InFlight& cancel) {
    if (cancel.order != &known) return false;
    journal_.settle(cancel.number, CommandOutcome::TooLate, now);
    return true;
  });
}

void ReportedVenue::canceled(trading::OrderId id, Timestamp now) {
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
  journal_.cancel(known, now);
}

void ReportedVenue::resized(trading::OrderId id, Qty quantity) {
  order(id).quantity = quantity;
}

void ReportedVenue::filled(trading::OrderId id, Price price, Qty qty, bool is_maker,
                           const ReportedFill& said, Timestamp now) {
  NautilusOrder& known = order(id);
  arrive(known, CommandOutcome::Accepted, now);
  known.is_maker = is_maker;
  journal_.fill(known, price, qty, said, now);
}

void ReportedVenue::drained(Timestamp now) {
  if (now >= to_) return;
  for (InFlight& submit : submits_) submit.drain(now);
  for (InFlight& cancel : cancels_) {
    // Its order was gone before it was this one's turn.
    if (!cancel.arrived) cancel.canceled.reset();
    cancel.drain(now);
  }
}

void ReportedVenue::reach(Timestamp now) {
  std::erase_if(cancels_, [&](const InFlight& cancel) {
    if (cancel.canceled && *cancel.canceled < now) {
      journal_.settle(cancel.number, CommandOutcome::Accepted, *cancel.canceled);
      return true;
    }
    if (!cancel.arrived || *cancel.arrived >= now) return false;
    NautilusOrder& known = *cancel.order;
    // Nor of an order that found no market: it is not rejected while its cancel is pending.
    if (const auto submit = submit_of(known); submit != submits_.end()) {
      arrive(known, CommandOutcome::Accepted, *submit->arrived);
    }
    journal_.settle(cancel.number, CommandOutcome::TooLate, *cancel.arrived);
    if (known.status == Status::PendingCancel) known.status = known.before_cancel;
    return true;
  });
}

}  // namespace toxvol::engine
