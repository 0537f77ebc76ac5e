#include "toxvol/run/audit.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/violations.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

namespace {

using trading::EquityCause;
using trading::FillRecord;
using trading::OrderRecord;
using trading::OrderStatus;

constexpr double kDrawdownTolerance = 1e-12;  // of a quotient of two exact integers

std::string text(trading::OrderId id) {
  return fmt::format("O-{}", static_cast<std::int64_t>(id));
}

template <class Tag>
std::string text(Fixed<Tag> value) {
  return decimal_text(value.raw());
}

std::string text(Int128 raw) {
  const auto narrowed = narrow(raw);
  return narrowed ? decimal_text(*narrowed) : "a number beyond 64 bits";
}

/// Σq and Σp·q of an order's fills.
struct Filled {
  Int128 qty = 0;
  Int128 value = 0;
};

void audit_order(const OrderRecord& order, const Filled& filled, Violations& violations) {
  const auto complain = [&](std::string line) {
    violations.add("orders", text(order.submit.id) + ": " + std::move(line));
  };
  if (filled.qty != order.filled_qty.raw()) {
    complain(fmt::format("filled_qty is {}, its fills sum to {}", text(order.filled_qty),
                         text(filled.qty)));
  }
  // ⌊Σp·q / Σq⌋ (docs/engine.md, "Ledger").
  const std::optional<std::int64_t> average =
      filled.qty > 0 ? narrow(div_floor(filled.value, filled.qty)) : std::nullopt;
  const std::optional<std::int64_t> said =
      order.avg_price ? std::optional{order.avg_price->raw()} : std::nullopt;
  if (average != said) {
    complain(fmt::format("avg_price is {}, its fills average {}",
                         said ? decimal_text(*said) : "null",
                         average ? decimal_text(*average) : "null"));
  }
  if (order.filled_qty > order.submit.qty) {
    complain(fmt::format("filled_qty {} is more than qty {}", text(order.filled_qty),
                         text(order.submit.qty)));
  }
  const bool is_rejected = order.status == OrderStatus::Rejected;
  if (is_rejected != (order.reject_reason != trading::RejectReason::None)) {
    complain("reject_reason must stand if and only if status is rejected");
  }
  // A MARKET that waited for a price was accepted, and may be refused once there is one (N4).
  const bool waited = order.ts_accepted && order.submit.type == trading::OrderType::Market;
  if (is_rejected && !waited && (order.ts_accepted || order.ts_done != order.ts_arrive)) {
    complain("a rejected order was never accepted and is done when it arrives");
  }
  if (is_rejected && order.filled_qty > Qty{}) complain("a rejected order has fills");
  if (order.status == OrderStatus::Filled && !(order.filled_qty > Qty{})) {
    complain("status is filled, filled_qty is 0");
  }
  if ((order.status == OrderStatus::Open) == order.ts_done.has_value()) {
    complain("ts_done must be null if and only if status is open");
  }
  // Exchange times are whole milliseconds, and X24 acts in the one of its decision.
  if ((order.ts_arrive && *order.ts_arrive < from_ms(floor_ms(order.ts_submit))) ||
      (order.ts_accepted && order.ts_arrive && *order.ts_accepted < *order.ts_arrive) ||
      (order.ts_done && order.ts_arrive && *order.ts_done < *order.ts_arrive)) {
    complain("its times do not ascend: ts_submit, ts_arrive, ts_accepted, ts_done");
  }
}

/// side · (price − mid) · qty of the order's bid and ask, which the ledger's rule keeps exact.
std::optional<std::int64_t> slippage(const OrderRecord& order, const FillRecord& fill) {
  if (!order.bid || !order.ask) return std::nullopt;
  const Int128 twice = Int128{2} * fill.price.raw() - order.bid->raw() - order.ask->raw();
  return narrow(sign(fill.side) * twice * fill.qty.raw() / (2 * Int128{Qty::kOne}));
}

void audit_fill(const FillRecord& fill, const OrderRecord& order, Violations& violations) {
  const auto complain = [&](std::string line) {
    violations.add("fills", fmt::format("fill {}: {}", fill.fill_id, line));
  };
  if (fill.side != order.submit.side) complain("its side is not its order's");
  if (!(fill.qty > Qty{})) complain("qty is not positive");
  if (order.ts_arrive && fill.ts < *order.ts_arrive) complain("it precedes its order's arrival");
  if (fill.ts_init < fill.ts) complain("ts_init precedes ts");
  if (order.submit.type == trading::OrderType::Limit &&
      sign(fill.side) * (fill.price.raw() - order.submit.price.raw()) > 0) {
    complain(fmt::format("price {} is worse than the limit {}", text(fill.price),
                         text(order.submit.price)));
  }
  const std::optional<std::int64_t> cost = slippage(order, fill);
  const std::optional<std::int64_t> said =
      fill.slippage ? std::optional{fill.slippage->raw()} : std::nullopt;
  if (cost != said) {
    complain(fmt::format("slippage is {}, its order's bid and ask make it {}",
                         said ? decimal_text(*said) : "null", cost ? decimal_text(*cost) : "null"));
  }
}

}  // namespace

void audit_orders(const std::vector<OrderRecord>& orders,
                  const std::vector<trading::CommandRecord>& commands,
                  const std::vector<FillRecord>& fills, Violations& violations) {
  std::map<trading::OrderId, std::pair<const OrderRecord*, Filled>> by_id;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const OrderRecord& order = orders[i];
    if (!by_id.emplace(order.submit.id, std::pair{&order, Filled{}}).second) {
      violations.add("orders", text(order.submit.id) + " stands twice");
    }
    if (i > 0 && std::pair{orders[i - 1].ts_submit, orders[i - 1].submit.id} >
                     std::pair{order.ts_submit, order.submit.id}) {
      violations.add("orders", text(order.submit.id) + " is not in the order of ts_submit, number");
    }
  }
  for (std::size_t i = 0; i < fills.size(); ++i) {
    const FillRecord& fill = fills[i];
    if (fill.fill_id != static_cast<std::int64_t>(i) + 1) {
      violations.add("fills", fmt::format("row {} has fill_id {}", i + 1, fill.fill_id));
    }
    if (i > 0 && fill.ts < fills[i - 1].ts) {
      violations.add("fills", fmt::format("fill {} precedes the one before it", fill.fill_id));
    }
    const auto found = by_id.find(fill.order);
    if (found == by_id.end()) {
      violations.add("fills", fmt::format("fill {}: no order {}", fill.fill_id, text(fill.order)));
      continue;
    }
    found->second.second.qty += fill.qty.raw();
    found->second.second.value += Int128{fill.price.raw()} * fill.qty.raw();
    audit_fill(fill, *found->second.first, violations);
  }
  for (const auto& [id, entry] : by_id) audit_order(*entry.first, entry.second, violations);

  std::set<trading::OrderId> submitted;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const trading::CommandRecord& command = commands[i];
    if (i > 0 && command.seq <= commands[i - 1].seq) {
      violations.add("commands", fmt::format("seq {} does not ascend", command.seq));
    }
    if (!by_id.contains(command.order)) {
      violations.add("commands",
                     fmt::format("seq {}: no order {}", command.seq, text(command.order)));
    }
    if (command.kind == trading::CommandKind::Submit && !submitted.insert(command.order).second) {
      violations.add("commands",
                     fmt::format("seq {}: {} submitted twice", command.seq, text(command.order)));
    }
  }
}

void audit_positions(const std::vector<trading::PositionRecord>& positions,
                     const std::vector<FillRecord>& fills, const trading::EquityRecord& last,
                     Violations& violations) {
  struct Sums {
    Int128 fees = 0;
    Int128 slippage = 0;
    std::int32_t fills = 0;
    bool slippage_known = true;
  };
  std::map<std::int64_t, Sums> by_id;
  std::int64_t holder = 0;  // the position open before the fill
  Qty held{};
  for (const FillRecord& fill : fills) {
    Sums& named = by_id[fill.position];
    ++named.fills;
    if (fill.slippage) {
      named.slippage += fill.slippage->raw();
    } else {
      named.slippage_known = false;
    }
    // Of a flip, one row with the new position's id, the whole fee belongs to the one closed.
    const bool is_flip = holder != fill.position && held != Qty{};
    by_id[is_flip ? holder : fill.position].fees += fill.fee.raw();
    holder = fill.position;
    held = fill.position_after;
  }

  Int128 realised = 0;
  Int128 fees = 0;
  Int128 funding = 0;
  std::optional<Timestamp> opened;
  for (const trading::PositionRecord& position : positions) {
    const auto complain = [&](std::string line) {
      violations.add("positions", fmt::format("P-{}: {}", position.position, line));
    };
    const Sums& sums = by_id[position.position];
    if (sums.fees != position.fees.raw()) {
      complain(
          fmt::format("fees is {}, its fills sum to {}", text(position.fees), text(sums.fees)));
    }
    if (sums.fills != position.n_fills) {
      complain(fmt::format("n_fills is {}, it has {}", position.n_fills, sums.fills));
    }
    if (position.slippage.has_value() != sums.slippage_known ||
        (position.slippage && position.slippage->raw() != sums.slippage)) {
      complain(fmt::format("slippage is not the {} of its fills",
                           sums.slippage_known ? text(sums.slippage) : "null"));
    }
    if (opened && position.ts_open < *opened) complain("it opens before the one above it");
    if (position.ts_close && *position.ts_close < position.ts_open) complain("closed before open");
    opened = position.ts_open;
    realised += position.realised.raw();
    fees += position.fees.raw();
    funding += position.funding.raw();
  }
  if (by_id.size() != positions.size()) {
    violations.add("positions",
                   fmt::format("{} rows, the fills name {}", positions.size(), by_id.size()));
  }
  const auto compare = [&](const char* what, Int128 sum, Money said) {
    if (sum == said.raw()) return;
    violations.add("positions", fmt::format("{} sums to {}, the last equity row says {}", what,
                                            text(sum), text(said)));
  };
  compare("realised", realised, last.realised);
  compare("fees", fees, last.fees);
  compare("funding", funding, last.funding);
}

void LedgerAudit::take_fill(const trading::EquityRecord& row) {
  if (next_fill_ >= fills_.size()) {
    violations_.add("equity", fmt::format("seq {}: no fill for it", row.seq));
    return;
  }
  const FillRecord& fill = fills_[next_fill_++];
  traded_ += sign(fill.side) * Int128{fill.price.raw()} * fill.qty.raw();
  fees_ += fill.fee.raw();
  position_ += sign(fill.side) * Int128{fill.qty.raw()};
  const auto complain = [&](const char* column, auto said, auto is) {
    violations_.add("fills", fmt::format("fill {}: {} is {}, the equity row says {}", fill.fill_id,
                                         column, text(said), text(is)));
  };
  if (fill.ts != row.ts) {
    violations_.add("equity",
                    fmt::format("seq {}: not at the time of fill {}", row.seq, fill.fill_id));
  }
  if (fill.position_after != row.position) {
    complain("position_after", fill.position_after, row.position);
  }
  if (fill.equity_after != row.equity) complain("equity_after", fill.equity_after, row.equity);
  const Money wallet = row.equity - row.unrealised;
  if (fill.balance_after != wallet) complain("balance_after", fill.balance_after, wallet);
}

void LedgerAudit::add(const trading::EquityRecord& row) {
  const auto complain = [&](const char* column, auto said, auto is) {
    violations_.add("equity", fmt::format("seq {}: {} is {}, should be {}", row.seq, column,
                                          text(said), text(is)));
  };
  if (!has_started_) {
    if (row.cause != EquityCause::Start) {
      violations_.add("equity", fmt::format("seq {}: the first cause is not start", row.seq));
    }
    deposit_ = row.equity;
    peak_ = row.equity;
  } else if (row.seq <= before_.seq || row.ts < before_.ts) {
    violations_.add("equity", fmt::format("seq {}: seq and ts do not ascend", row.seq));
  }
  if (row.cause == EquityCause::Fill) take_fill(row);

  if (position_ != row.position.raw()) complain("position", row.position, position_);
  if (fees_ != row.fees.raw()) complain("fees", row.fees, fees_);
  if (has_started_ && row.cause != EquityCause::Funding && row.funding != before_.funding) {
    complain("funding", row.funding, before_.funding);
  }
  if (has_started_ && row.cause != EquityCause::Liquidation && row.insurance != before_.insurance) {
    complain("insurance", row.insurance, before_.insurance);
  }
  if (has_started_ && row.cause != EquityCause::Fill && row.realised != before_.realised) {
    complain("realised", row.realised, before_.realised);
  }
  // I1: equity = D + R − F + G + I + Q·mark − C.
  const Int128 flows =
      Int128{deposit_.raw()} - row.fees.raw() + row.funding.raw() + row.insurance.raw();
  const Int128 first = flows + row.realised.raw() + row.unrealised.raw();
  if (first != row.equity.raw()) complain("equity", row.equity, first);
  // I2: equity = D − Σ s·p·q − F + G + I + Q·mark, without R and C; in units of 1e-16.
  if (row.mark || row.position == Qty{}) {
    constexpr Int128 kOne = Money::kOne;
    const std::int64_t mark =
        row.mark ? std::llround(*row.mark * static_cast<double>(Price::kOne)) : 0;
    const Int128 second = flows * kOne - traded_ + Int128{row.position.raw()} * mark;
    // Rounded: a unit and a half a fill (its notional's average, its profit), as much for the mark.
    const Int128 slack = is_exact_ ? 0 : 2 * kOne * static_cast<std::int64_t>(next_fill_ + 1);
    const Int128 gap = second - Int128{row.equity.raw()} * kOne;
    if (gap > slack || gap < -slack) {
      violations_.add(
          "equity", fmt::format("seq {}: equity is {}, the fills and the mark make it {}", row.seq,
                                text(row.equity), text(div_floor(second, kOne))));
    }
  }
  peak_ = std::max(peak_, row.equity);
  const double drawdown = peak_ > Money{} ? static_cast<double>((row.equity - peak_).raw()) /
                                                static_cast<double>(peak_.raw())
                                          : 0.0;
  if (!(std::abs(drawdown - row.drawdown) <= kDrawdownTolerance)) {
    violations_.add("equity", fmt::format("seq {}: drawdown is {}, should be {}", row.seq,
                                          row.drawdown, drawdown));
  }
  before_ = row;
  has_started_ = true;
}

void LedgerAudit::finish() {
  if (!has_started_) {
    violations_.add("equity.parquet", "it has no row");
  } else if (before_.cause != EquityCause::End) {
    violations_.add("equity.parquet", "the last cause is not end");
  }
  if (next_fill_ < fills_.size()) {
    violations_.add("equity.parquet", fmt::format("{} of {} fills have no row",
                                                  fills_.size() - next_fill_, fills_.size()));
  }
}

}  // namespace toxvol::run
