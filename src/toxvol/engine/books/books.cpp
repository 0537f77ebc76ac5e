#include "toxvol/engine/books/books.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/books/position_book.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {
namespace {

std::optional<double> to_double(std::optional<Mark> mark) {
  if (!mark) return std::nullopt;
  return static_cast<double>(mark->twice) / (2.0 * static_cast<double>(Price::kOne));
}

/// The mid at which the order was decided.
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

}  // namespace

void Books::fill(trading::OrderRecord& order, Average& average, bool is_done,
                 const BookedFill& fill, Timestamp seen, const Balance& after) {
  const trading::Submit& submit = order.submit;
  const std::optional<Mark> decided = decision_mark(order);
  std::optional<Money> cost;
  if (decided) cost = slippage(submit.side, fill.price, *decided, fill.qty);

  const std::int64_t position = positions_.fill(submit, fill, after.position, cost, mark_);
  order.position = position;
  average.add(fill.price, fill.qty);
  order.filled_qty += fill.qty;
  order.avg_price = average.value();
  if (is_done) {
    order.status = trading::OrderStatus::Filled;
    order.ts_done = fill.ts;
  }

  recorder_.record(trading::FillRecord{.fill_id = ++fills_,
                                       .order = submit.id,
                                       .position = position,
                                       .ts = fill.ts,
                                       .ts_init = seen,
                                       .side = submit.side,
                                       .liquidity = fill.liquidity,
                                       .price = fill.price,
                                       .qty = fill.qty,
                                       .fee = fill.fee,
                                       .mid_decision = to_double(decided),
                                       .mid_fill = to_double(mark_),
                                       .slippage = cost,
                                       .position_after = after.position,
                                       .balance_after = after.wallet,
                                       .equity_after = after.equity(),
                                       .rule = fill.rule,
                                       .cause = fill.cause});
  sample(fill.ts, trading::EquityCause::Fill, after);
  outbox_.push(trading::FillSeen{.ts_seen = seen,
                                 .ts_event = fill.ts,
                                 .id = submit.id,
                                 .side = submit.side,
                                 .price = fill.price,
                                 .qty = fill.qty,
                                 .fee = fill.fee,
                                 .liquidity = fill.liquidity,
                                 .order_done = is_done,
                                 .liquidation = fill.rule == trading::FillRule::Liq},
               position);
}

void Books::fund(Money paid, Timestamp ts, const Balance& after) {
  positions_.fund(paid);
  sample(ts, trading::EquityCause::Funding, after);
}

void Books::sample(Timestamp ts, trading::EquityCause cause, const Balance& now) {
  positions_.observe(mark_);
  const Money equity = now.equity();
  peak_ = std::max(peak_, equity);
  const double drawdown = peak_ > Money{} ? static_cast<double>((equity - peak_).raw()) /
                                                static_cast<double>(peak_.raw())
                                          : 0.0;
  recorder_.record(trading::EquityRecord{.seq = ++samples_,
                                         .ts = ts,
                                         .cause = cause,
                                         .mark = to_double(mark_),
                                         .position = now.position,
                                         .realised = now.realised,
                                         .fees = now.fees,
                                         .funding = now.funding,
                                         .unrealised = now.unrealised,
                                         .insurance = now.insurance,
                                         .equity = equity,
                                         .margin = now.margin,
                                         .drawdown = drawdown});
}

}  // namespace toxvol::engine
