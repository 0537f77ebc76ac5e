#include "toxvol/engine/account.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/ledger.hpp"
#include "toxvol/engine/ledger/rates.hpp"
#include "toxvol/engine/order.hpp"
#include "toxvol/engine/outbox.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {
namespace {

constexpr double kBasisPoints = 1e4;

double to_double(Mark mark) {
  return static_cast<double>(mark.twice) / (2.0 * static_cast<double>(Price::kOne));
}

std::optional<Mark> decision_mark(const trading::OrderRecord& order) {
  if (!order.bid || !order.ask) return std::nullopt;
  return Mark{order.bid->raw() + order.ask->raw()};
}

/// side · (price − mid) · qty, exact.
Money slippage(Side side, Price price, Mark mid, Qty qty) {
  const Int128 twice = Int128{2} * price.raw() - mid.twice;
  constexpr Int128 kTwo = 2 * Int128{Qty::kOne};
  return Money::from_raw(narrow_or_throw(sign(side) * twice * qty.raw() / kTwo, "a slippage"));
}

/// How far `twice` / 2 lies above `average`, in bp of it.
double excursion_bp(std::int64_t twice, Price average) {
  const auto base = 2.0 * static_cast<double>(average.raw());
  return (static_cast<double>(twice) - base) / base * kBasisPoints;
}

}  // namespace

Account::Account(const EngineParams& params, const Instrument& instrument,
                 const LatencyModel& latency, Outbox& outbox, trading::Recorder& recorder)
    : params_{params},
      instrument_{instrument},
      latency_{latency},
      outbox_{outbox},
      recorder_{recorder},
      ledger_{params.deposit, params.exchange.leverage},
      peak_{params.deposit} {}

void Account::open(const Order& order, std::int64_t ms) {
  const trading::Intent& intent = order.record.submit.intent;
  Holding& holding = holdings_.emplace_back();
  holding.record.position = static_cast<std::int64_t>(holdings_.size());
  holding.record.alpha = intent.alpha;
  holding.record.side = order.side;
  holding.record.regime_open = intent.regime;
  holding.record.sigma_open = intent.sigma;
  holding.record.ts_open = from_ms(ms);
  if (last_rate_) {  // M25: funding flows to us if its sign is against the position's
    holding.record.funding_tailwind = last_rate_->raw() * sign(order.side) < 0;
  }
}

void Account::observe(Holding& holding) const {
  if (!mark_) return;
  holding.lowest = holding.lowest ? std::min(*holding.lowest, mark_->twice) : mark_->twice;
  holding.highest = holding.highest ? std::max(*holding.highest, mark_->twice) : mark_->twice;
}

void Account::fill(Order& order, const Execution& execution) {
  TOXVOL_ASSERT(execution.qty > Qty{} && execution.qty <= order.remaining);
  const Timestamp ts = from_ms(execution.ms);
  const bool is_maker = execution.liquidity == trading::Liquidity::Maker;
  const bool is_liquidation = execution.rule == trading::FillRule::Liq;
  const Fee& fees = fee_of(instrument_, params_.costs.tier, ts);
  const Rate clearance = is_liquidation && !instrument_.clearance_fee.empty()
                             ? at(instrument_.clearance_fee, ts)
                             : Rate{};
  const Money fee =
      fee_on(notional(execution.price, execution.qty), is_maker ? fees.maker : fees.taker,
             params_.costs.bnb_discount, clearance);

  const Booked booked = ledger_.fill(order.side, execution.price, execution.qty, fee);
  if (booked.closed > Qty{}) {
    // Of a flip, the whole fee and the realised part belong to the position that it closes.
    Holding& old = holdings_.back();
    old.exit.add(execution.price, booked.closed);
    old.record.realised += booked.realised;
    old.record.fees += fee;
    observe(old);
    if (ledger_.position() == Qty{} || booked.opened > Qty{}) {
      old.open = false;
      old.record.ts_close = ts;
      old.record.exit_role = order.record.submit.intent.role;
    }
  }
  if (booked.opened > Qty{}) {
    if (!is_holding()) open(order, execution.ms);
    Holding& holding = holdings_.back();
    holding.entry.add(execution.price, booked.opened);
    const Qty size = std::max(ledger_.position(), -ledger_.position());
    holding.record.qty_max = std::max(holding.record.qty_max, size);
    if (booked.closed == Qty{}) holding.record.fees += fee;
    observe(holding);
  }
  Holding& row = holdings_.back();  // the position that the row names
  ++row.record.n_fills;

  order.remaining -= execution.qty;
  order.average.add(execution.price, execution.qty);
  order.record.filled_qty += execution.qty;
  order.record.avg_price = order.average.value();
  order.record.position = row.record.position;
  const bool is_done = order.remaining == Qty{};
  if (is_done) {
    order.working = false;
    order.record.status = trading::OrderStatus::Filled;
    order.record.ts_done = ts;
  }

  const std::optional<Mark> decided = decision_mark(order.record);
  std::optional<Money> cost;
  if (decided) {
    cost = slippage(order.side, execution.price, *decided, execution.qty);
    row.record.slippage = row.record.slippage.value_or(Money{}) + *cost;
  } else {
    row.slippage_known = false;
  }

  const auto id = static_cast<std::int64_t>(order.record.submit.id);
  const Duration delay = latency_.of_data(execution.cause_kind, execution.cause.value_or(id));
  const trading::FillSeen event{.ts_seen = outbox_.monotone(ts + delay),
                                .ts_event = ts,
                                .id = order.record.submit.id,
                                .side = order.side,
                                .price = execution.price,
                                .qty = execution.qty,
                                .fee = fee,
                                .liquidity = execution.liquidity,
                                .order_done = is_done,
                                .liquidation = is_liquidation};
  ledger_.check(mark_);
  recorder_.record(trading::FillRecord{
      .fill_id = ++fills_,
      .order = order.record.submit.id,
      .position = row.record.position,
      .ts = ts,
      .ts_init = event.ts_seen,
      .side = order.side,
      .liquidity = execution.liquidity,
      .price = execution.price,
      .qty = execution.qty,
      .fee = fee,
      .mid_decision = decided ? std::optional{to_double(*decided)} : std::nullopt,
      .mid_fill = mark_ ? std::optional{to_double(*mark_)} : std::nullopt,
      .slippage = cost,
      .position_after = ledger_.position(),
      .balance_after = ledger_.wallet(),
      .equity_after = ledger_.equity(mark_),
      .rule = execution.rule,
      .cause = execution.cause});
  sample(execution.ms, trading::EquityCause::Fill);
  outbox_.push(event, row.record.position);
}

void Account::fund(const Funding& funding, std::int64_t ms) {
  if (ledger_.position() == Qty{} || !mark_) return;
  const Money flow = ledger_.fund(funding.rate, *mark_);
  holdings_.back().record.funding += flow;
  sample(ms, trading::EquityCause::Funding);
}

void Account::close_liquidation(const Ledger& before, std::int64_t ms) {
  const Money loss = before.realised() - ledger_.realised() + ledger_.fees() - before.fees();
  ledger_.insure(std::max(Money{}, loss - before.margin()));
  sample(ms, trading::EquityCause::Liquidation);
}

void Account::sample(std::int64_t ms, trading::EquityCause cause) {
  ledger_.check(mark_);
  if (is_holding()) observe(holdings_.back());
  const Money equity = ledger_.equity(mark_);
  peak_ = std::max(peak_, equity);
  const double drawdown = peak_ > Money{} ? static_cast<double>((equity - peak_).raw()) /
                                                static_cast<double>(peak_.raw())
                                          : 0.0;
  recorder_.record(
      trading::EquityRecord{.seq = ++samples_,
                            .ts = from_ms(ms),
                            .cause = cause,
                            .mark = mark_ ? std::optional{to_double(*mark_)} : std::nullopt,
                            .position = ledger_.position(),
                            .realised = ledger_.realised(),
                            .fees = ledger_.fees(),
                            .funding = ledger_.funding(),
                            .unrealised = ledger_.unrealised(mark_),
                            .insurance = ledger_.insurance(),
                            .equity = equity,
                            .margin = ledger_.margin(),
                            .drawdown = drawdown});
}

void Account::note_levels(std::int64_t position, std::optional<Price> stop,
                          std::optional<Price> take_profit) {
  if (position <= 0) return;
  trading::PositionRecord& record = holdings_[static_cast<std::size_t>(position - 1)].record;
  if (stop) record.stop = stop;
  if (take_profit) record.take_profit = take_profit;
}

void Account::finish() {
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
