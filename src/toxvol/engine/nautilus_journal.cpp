#include "toxvol/engine/nautilus_journal.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/rates.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {
namespace {

using Status = NautilusOrder::Status;

constexpr double kBasisPoints = 1e4;

std::int64_t number(trading::OrderId id) {
  return static_cast<std::int64_t>(id);
}

double mid(Mark mark) {
  return static_cast<double>(mark.twice) / (2.0 * static_cast<double>(Price::kOne));
}

/// The instrument's fee as a fraction. Nine tenths of a rate still is one decimal, then a double.
double fraction(Rate rate, bool bnb_discount) {
  return bnb_discount ? static_cast<double>(rate.raw() * 9) / (10.0 * Rate::kOne)
                      : static_cast<double>(rate.raw()) / Rate::kOne;
}

Money slippage(Side side, Price price, Mark at, Qty qty) {
  const Int128 twice = Int128{2} * price.raw() - at.twice;
  constexpr Int128 kTwo = 2 * Int128{Qty::kOne};
  return Money::from_raw(narrow_or_throw(sign(side) * twice * qty.raw() / kTwo, "a slippage"));
}

double excursion_bp(std::int64_t twice, Price average) {
  const auto base = 2.0 * static_cast<double>(average.raw());
  return (static_cast<double>(twice) - base) / base * kBasisPoints;
}

}  // namespace

NautilusJournal::NautilusJournal(const EngineParams& params, const Instrument& instrument,
                                 trading::Recorder& recorder)
    : recorder_{recorder},
      leverage_{params.exchange.leverage},
      maker_{fraction(fee_of(instrument, params.costs.tier, params.from).maker,
                      params.costs.bnb_discount)},
      taker_{fraction(fee_of(instrument, params.costs.tier, params.from).taker,
                      params.costs.bnb_discount)},
      ledger_{params.deposit},
      peak_{params.deposit} {}

// ---- commands ----

NautilusOrder& NautilusJournal::submit(const trading::Submit& submit, Timestamp now,
                                       const std::optional<trading::Touch>& touch) {
  NautilusOrder& order = orders_.emplace_back();
  if (!by_number_.emplace(number(submit.id), &order).second) {
    throw Error{"orders: number O-" + std::to_string(number(submit.id)) +
                " is used twice; every submit needs its own"};
  }
  order.quantity = submit.qty;
  order.record.submit = submit;
  order.record.ts_submit = now;
  if (touch) {
    order.record.bid = touch->bid;
    order.record.ask = touch->ask;
  }
  return order;
}

std::size_t NautilusJournal::log(trading::CommandKind kind, trading::OrderId id, Timestamp now) {
  const std::size_t index = written_ + log_.size();
  log_.push_back({.record = {.seq = static_cast<std::int64_t>(index) + 1,
                             .ts_sent = now,
                             .ts_arrive = std::nullopt,
                             .kind = kind,
                             .order = id}});
  return index;
}

std::optional<std::pair<std::size_t, NautilusOrder*>> NautilusJournal::cancel(trading::OrderId id,
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

void NautilusJournal::settle(std::size_t command, trading::CommandOutcome outcome, Timestamp now) {
  Entry& entry = log_[command - written_];
  entry.record.ts_arrive = now;
  entry.record.outcome = outcome;
  entry.known = true;
  write_known();
}

void NautilusJournal::write_known() {
  while (!log_.empty() && log_.front().known) {
    recorder_.record(log_.front().record);
    log_.pop_front();
    ++written_;
  }
}

NautilusOrder* NautilusJournal::find(trading::OrderId id) {
  const auto found = by_number_.find(number(id));
  return found == by_number_.end() ? nullptr : found->second;
}

// ---- orders ----

void NautilusJournal::tell(const NautilusOrder& order, trading::OrderSeen::What what,
                           Timestamp now) {
  events_.push(trading::OrderSeen{.ts_seen = now,
                                  .ts_event = now,
                                  .id = order.submit().id,
                                  .what = what,
                                  .reject_reason = order.record.reject_reason,
                                  .filled = order.record.filled_qty});
}

void NautilusJournal::accept(NautilusOrder& order, Timestamp now) {
  order.status = Status::Accepted;
  order.record.ts_accepted = now;
  tell(order, trading::OrderSeen::What::Accepted, now);
}

void NautilusJournal::reject(NautilusOrder& order, trading::RejectReason reason, Timestamp now) {
  order.status = Status::Rejected;
  order.record.status = trading::OrderStatus::Rejected;
  order.record.reject_reason = reason;
  order.record.ts_done = now;
  tell(order, trading::OrderSeen::What::Rejected, now);
}

void NautilusJournal::cancel(NautilusOrder& order, Timestamp now) {
  order.status = Status::Canceled;
  order.record.status = trading::OrderStatus::Canceled;
  order.record.ts_done = now;
  tell(order, trading::OrderSeen::What::Canceled, now);
}

void NautilusJournal::open(const NautilusOrder& order, Timestamp now) {
  const trading::Intent& intent = order.submit().intent;
  Holding& holding = holdings_.emplace_back();
  holding.record.position = static_cast<std::int64_t>(holdings_.size());
  holding.record.alpha = intent.alpha;
  holding.record.side = order.submit().side;
  holding.record.regime_open = intent.regime;
  holding.record.sigma_open = intent.sigma;
  holding.record.ts_open = now;
  if (last_rate_) {
    holding.record.funding_tailwind = last_rate_->raw() * sign(order.submit().side) < 0;
  }
}

void NautilusJournal::observe(Holding& holding) const {
  if (!mark_) return;
  holding.lowest = holding.lowest ? std::min(*holding.lowest, mark_->twice) : mark_->twice;
  holding.highest = holding.highest ? std::max(*holding.highest, mark_->twice) : mark_->twice;
}

// Positions from flat to flat, as in the realistic profile: of a flip, the whole fee and the
// realised part belong to the position that it closes.
NautilusJournal::Holding& NautilusJournal::book(const NautilusOrder& order, const Booked& booked,
                                                Price price, Money fee, Timestamp now) {
  if (booked.closed > Qty{}) {
    Holding& old = holdings_.back();
    old.exit.add(price, booked.closed);
    old.record.realised += booked.realised;
    old.record.fees += fee;
    observe(old);
    if (ledger_.position() == Qty{} || booked.opened > Qty{}) {
      old.open = false;
      old.record.ts_close = now;
      old.record.exit_role = order.submit().intent.role;
    }
  }
  if (booked.opened > Qty{}) {
    if (!is_holding()) open(order, now);
    Holding& holding = holdings_.back();
    holding.entry.add(price, booked.opened);
    const Qty size = std::max(ledger_.position(), -ledger_.position());
    holding.record.qty_max = std::max(holding.record.qty_max, size);
    if (booked.closed == Qty{}) holding.record.fees += fee;
    observe(holding);
  }
  ++holdings_.back().record.n_fills;
  return holdings_.back();
}

void NautilusJournal::fill(NautilusOrder& order, Price price, Qty qty, Timestamp now) {
  const Money fee = NautilusLedger::commission(price, qty, order.is_maker ? maker_ : taker_);
  note_fill(order, ledger_.fill(order.submit().side, price, qty, fee), price, qty, fee, now);
}

void NautilusJournal::fill(NautilusOrder& order, Price price, Qty qty, const ReportedFill& said,
                           Timestamp now) {
  note_fill(order, ledger_.adopt(order.submit().side, qty, said), price, qty, said.fee, now);
}

void NautilusJournal::note_fill(NautilusOrder& order, const Booked& booked, Price price, Qty qty,
                                Money fee, Timestamp now) {
  const Side side = order.submit().side;
  order.filled += qty;
  order.status = order.filled < order.quantity ? Status::PartiallyFilled : Status::Filled;
  Holding& row = book(order, booked, price, fee, now);

  order.average.add(price, qty);
  order.record.filled_qty += qty;
  order.record.avg_price = order.average.value();
  order.record.position = row.record.position;
  const bool is_done = order.status == Status::Filled;
  if (is_done) {
    order.record.status = trading::OrderStatus::Filled;
    order.record.ts_done = now;
  }

  std::optional<Mark> decided;
  if (order.record.bid && order.record.ask) {
    decided = Mark{order.record.bid->raw() + order.record.ask->raw()};
  }
  std::optional<Money> cost;
  if (decided) {
    cost = slippage(side, price, *decided, qty);
    row.record.slippage = row.record.slippage.value_or(Money{}) + *cost;
  } else {
    row.slippage_known = false;
  }
  const auto liquidity = order.is_maker ? trading::Liquidity::Maker : trading::Liquidity::Taker;
  recorder_.record(
      trading::FillRecord{.fill_id = ++fills_,
                          .order = order.submit().id,
                          .position = row.record.position,
                          .ts = now,
                          .ts_init = now,
                          .side = side,
                          .liquidity = liquidity,
                          .price = price,
                          .qty = qty,
                          .fee = fee,
                          .mid_decision = decided ? std::optional{mid(*decided)} : std::nullopt,
                          .mid_fill = mark_ ? std::optional{mid(*mark_)} : std::nullopt,
                          .slippage = cost,
                          .position_after = ledger_.position(),
                          .balance_after = ledger_.wallet(),
                          .equity_after = ledger_.wallet() + ledger_.unrealised(mark_),
                          .rule = trading::FillRule::None,
                          .cause = std::nullopt});
  sample(now, trading::EquityCause::Fill);
  events_.push(trading::FillSeen{.ts_seen = now,
                                 .ts_event = now,
                                 .id = order.submit().id,
                                 .side = side,
                                 .price = price,
                                 .qty = qty,
                                 .fee = fee,
                                 .liquidity = liquidity,
                                 .order_done = is_done,
                                 .liquidation = false},
               row.record.position);
}

// ---- money ----

void NautilusJournal::fund(Rate rate, Timestamp now) {
  if (ledger_.position() == Qty{} || !mark_) return;
  holdings_.back().record.funding += ledger_.fund(rate, *mark_);
  sample(now, trading::EquityCause::Funding);
}

void NautilusJournal::fund_reported(Money paid, Money wallet, Timestamp now) {
  ledger_.adopt_funding(paid, wallet);
  if (is_holding()) holdings_.back().record.funding += paid;
  sample(now, trading::EquityCause::Funding);
}

void NautilusJournal::sample(Timestamp now, trading::EquityCause cause) {
  if (is_holding()) observe(holdings_.back());
  const Money unrealised = ledger_.unrealised(mark_);
  const Money equity = ledger_.wallet() + unrealised;
  peak_ = std::max(peak_, equity);
  const double drawdown = peak_ > Money{} ? static_cast<double>((equity - peak_).raw()) /
                                                static_cast<double>(peak_.raw())
                                          : 0.0;
  const double cost = std::abs(ledger_.position().to_double()) * ledger_.average();
  recorder_.record(
      trading::EquityRecord{.seq = ++samples_,
                            .ts = now,
                            .cause = cause,
                            .mark = mark_ ? std::optional{mid(*mark_)} : std::nullopt,
                            .position = ledger_.position(),
                            .realised = ledger_.realised(),
                            .fees = ledger_.fees(),
                            .funding = ledger_.funding(),
                            .unrealised = unrealised,
                            .insurance = Money{},
                            .equity = equity,
                            .margin = Money::from_raw(std::llround(cost / leverage_ * Money::kOne)),
                            .drawdown = drawdown});
}

// ---- the strategy ----

void NautilusJournal::note_levels(std::int64_t position, std::optional<Price> stop,
                                  std::optional<Price> take_profit) {
  if (position <= 0) return;
  trading::PositionRecord& record = holdings_[static_cast<std::size_t>(position - 1)].record;
  if (stop) record.stop = stop;
  if (take_profit) record.take_profit = take_profit;
}

void NautilusJournal::finish() {
  for (Entry& entry : log_) entry.known = true;  // outcome `never`
  write_known();
  std::vector<const NautilusOrder*> sorted;
  sorted.reserve(orders_.size());
  for (const NautilusOrder& order : orders_) sorted.push_back(&order);
  std::sort(sorted.begin(), sorted.end(), [](const NautilusOrder* a, const NautilusOrder* b) {
    return std::tuple{a->record.ts_submit, number(a->submit().id)} <
           std::tuple{b->record.ts_submit, number(b->submit().id)};
  });
  for (const NautilusOrder* order : sorted) recorder_.record(order->record);
  for (Holding& holding : holdings_) {
    trading::PositionRecord& record = holding.record;
    record.avg_entry = holding.entry.value();
    if (!holding.exit.empty()) record.avg_exit = holding.exit.value();
    if (!holding.slippage_known) record.slippage.reset();
    if (holding.lowest) {
      const double down = excursion_bp(*holding.lowest, record.avg_entry);
      const double up = excursion_bp(*holding.highest, record.avg_entry);
      const bool is_long = record.side == Side::Buy;
      record.mae_bp = std::min(0.0, is_long ? down : -up);
      record.mfe_bp = std::max(0.0, is_long ? up : -down);
    }
    recorder_.record(record);
  }
}

}  // namespace toxvol::engine
