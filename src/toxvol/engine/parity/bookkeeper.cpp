#include "toxvol/engine/parity/bookkeeper.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/costs.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {
namespace {

using Status = NautilusOrder::Status;

ExactFee kept(Rate rate, bool bnb_discount) {
  static_assert(ExactFee::kOne == trading::kTenths * Rate::kOne);
  return {rate.raw() * trading::kept_tenths(bnb_discount)};
}

}  // namespace

Bookkeeper::Bookkeeper(const EngineParams& params, const Instrument& instrument,
                       trading::Recorder& recorder, const Rules& rules)
    : recorder_{recorder},
      leverage_{params.exchange.leverage},
      commission_is_decimal_{rules.commission_is_decimal},
      maker_{kept(trading::fee_at(instrument, params.costs, params.from).maker,
                  params.costs.bnb_discount)},
      taker_{kept(trading::fee_at(instrument, params.costs, params.from).taker,
                  params.costs.bnb_discount)},
      ledger_{params.deposit},
      books_{params.deposit, events_, recorder},
      log_{recorder} {}

// ---- commands ----

NautilusOrder& Bookkeeper::submit(const trading::Submit& submit, Timestamp now,
                                  const std::optional<trading::Touch>& touch) {
  NautilusOrder& order = orders_.add(submit, now, touch);
  order.quantity = submit.qty;
  return order;
}

std::optional<std::pair<std::size_t, NautilusOrder*>> Bookkeeper::cancel(trading::OrderId id,
                                                                         Timestamp now) {
  const std::size_t number = log(trading::CommandKind::Cancel, id, now);
  NautilusOrder* order = find(id);
  if (order == nullptr || order->is_closed() || order->status == Status::PendingCancel) {
    settle(number, trading::CommandOutcome::TooLate, now);
    return std::nullopt;
  }
  order->before_cancel = order->status;
  order->status = Status::PendingCancel;
  return std::pair{number, order};
}

// ---- orders ----

void Bookkeeper::accept(NautilusOrder& order, Timestamp now) {
  order.status = Status::Accepted;
  order.record.ts_accepted = now;
  events_.tell(order.record, trading::OrderSeen::What::Accepted, now);
}

void Bookkeeper::reject(NautilusOrder& order, trading::RejectReason reason, Timestamp now) {
  order.status = Status::Rejected;
  order.record.status = trading::OrderStatus::Rejected;
  order.record.reject_reason = reason;
  order.record.ts_done = now;
  events_.tell(order.record, trading::OrderSeen::What::Rejected, now);
}

void Bookkeeper::cancel(NautilusOrder& order, Timestamp now) {
  order.status = Status::Canceled;
  order.record.status = trading::OrderStatus::Canceled;
  order.record.ts_done = now;
  events_.tell(order.record, trading::OrderSeen::What::Canceled, now);
}

void Bookkeeper::fill(NautilusOrder& order, Price price, Qty qty, Timestamp now) {
  const ExactFee rate = order.is_maker ? maker_ : taker_;
  const Money fee = commission_is_decimal_ ? NautilusLedger::decimal_commission(price, qty, rate)
                                           : NautilusLedger::commission(price, qty, rate);
  note_fill(order, ledger_.fill(order.submit().side, price, qty, fee), price, qty, fee, now);
}

void Bookkeeper::fill(NautilusOrder& order, Price price, Qty qty, const ReportedFill& said,
                      Timestamp now) {
  note_fill(order, ledger_.adopt(order.submit().side, qty, said), price, qty, said.fee, now);
}

void Bookkeeper::note_fill(NautilusOrder& order, const Booked& booked, Price price, Qty qty,
                           Money fee, Timestamp now) {
  order.filled += qty;
  order.status = order.filled < order.quantity ? Status::PartiallyFilled : Status::Filled;
  books_.fill(order.record, order.average, order.status == Status::Filled,
              {.ts = now,
               .price = price,
               .qty = qty,
               .fee = fee,
               .liquidity = order.is_maker ? trading::Liquidity::Maker : trading::Liquidity::Taker,
               .booked = booked},
              now, balance());
}

// ---- money ----

void Bookkeeper::fund(Rate rate, Timestamp now) {
  const std::optional<Mark>& mark = books_.mark();
  if (ledger_.position() == Qty{} || !mark) return;
  const Money paid = ledger_.fund(rate, *mark);
  books_.fund(paid, now, balance());
}

void Bookkeeper::fund_reported(Money paid, Money wallet, Timestamp now) {
  ledger_.adopt_funding(paid, wallet);
  books_.fund(paid, now, balance());
}

void Bookkeeper::finish() {
  log_.finish();
  orders_.write(recorder_);
  books_.finish();
}

}  // namespace toxvol::engine
