// The explanation's text: orders, fills and the position.
#include <chrono>
#include <cstddef>
#include <optional>
#include <ratio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/explain/explanation.hpp"
#include "toxvol/explain/text.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/sizing.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/fill_rule_meaning.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::explain {

namespace {

using Lines = std::vector<std::string>;
using trading::OrderRecord;
using trading::PositionRecord;
using trading::Role;

template <class Tag>
std::string words_of(Fixed<Tag> value) {
  return decimal_text(value.raw());
}
template <class T>
std::string words_of(const std::optional<T>& value) {
  return value ? words_of(*value) : "unknown";
}

std::string milliseconds(Timestamp from, Timestamp to) {
  const std::chrono::duration<double, std::milli> d = to - from;
  return fmt::format("{:g} ms", d.count());
}

std::string order_head(const OrderRecord& order) {
  const trading::Submit& submit = order.submit;
  std::string words = fmt::format(
      "order {} ({}): {} {}{} {}", run::kOrderId.text(submit.id), trading::name(submit.intent.role),
      run::kBuySell.text(submit.side), submit.post_only ? "post-only " : "",
      trading::name(submit.type), words_of(submit.qty));
  if (submit.type == trading::OrderType::Limit) words += " at " + words_of(submit.price);
  if (submit.reduce_only) words += ", reduce only";
  if (submit.replaces) words += ", for " + run::kOrderId.text(*submit.replaces);
  return words;
}

/// From the submission to its end.
std::string order_course(const OrderRecord& order) {
  std::string words = fmt::format("  sent {} at bid {} ask {}", to_string(order.ts_submit),
                                  words_of(order.bid), words_of(order.ask));
  if (!order.ts_arrive) return words + "; it never arrived";
  words += fmt::format("; arrived after {}", milliseconds(order.ts_submit, *order.ts_arrive));
  if (order.queue_ahead)
    words += fmt::format("; {} ahead of it in the queue", words_of(order.queue_ahead));
  words += fmt::format("; {}", trading::name(order.status));
  if (order.reject_reason != trading::RejectReason::None) {
    words += fmt::format(" ({})", trading::name(order.reject_reason));
  }
  if (order.ts_done) words += " " + to_string(*order.ts_done);
  return words;
}

using Fills = std::span<const Fill>;

/// Of several fills the mid is told against their average price.
void add_markouts(Fills fills, double average, Lines& lines) {
  std::string words = "    the mid after it, in bp for us:";
  bool is_known = false;
  for (const Markout& markout : fills.front().markouts) {
    std::optional<double> drift = markout.drift_bp;
    if (drift && markout.mid && fills.size() > 1) {
      drift = kBasisPoints * sign(fills.front().record.side) * (*markout.mid - average) / average;
    }
    is_known = is_known || drift;
    words +=
        fmt::format("  {} s {}", markout.after_s, drift ? fmt::format("{:+.2f}", *drift) : "-");
  }
  if (is_known) lines.push_back(words);
}

/// Fills of one instant by one rule, as of an order that walks through the book, in one line.
void add_fills(Fills fills, Lines& lines) {
  const trading::FillRecord& first = fills.front().record;
  const trading::FillRecord& last = fills.back().record;
  Qty qty;
  Money fee;
  Money slippage;
  double notional = 0.0;
  for (const Fill& fill : fills) {
    qty += fill.record.qty;
    fee += fill.record.fee;
    slippage += fill.record.slippage.value_or(Money{});
    notional += fill.record.price.to_double() * fill.record.qty.to_double();
  }
  const bool is_one = fills.size() == 1;
  const auto pair = [is_one](const char* between, const std::string& from, const std::string& to) {
    return is_one || from == to ? from : from + between + to;
  };
  lines.push_back(fmt::format(
      "  fill{} {}: {} at {} as {}, {}; fee {}, slippage {}", is_one ? "" : "s",
      pair(" to ", std::to_string(first.fill_id), std::to_string(last.fill_id)), words_of(qty),
      pair(" to ", words_of(first.price), words_of(last.price)), trading::name(first.liquidity),
      to_string(first.ts), words_of(fee), first.slippage ? words_of(slippage) : "unknown"));
  const std::string_view rule = trading::name(first.rule);
  lines.push_back(fmt::format("    {}{}", rule.empty() ? "" : fmt::format("{}: ", rule),
                              trading::meaning_of(first.rule)));
  add_markouts(fills, notional / qty.to_double(), lines);
}

void add_fills_of(const Order& order, Lines& lines) {
  const Fills all{order.fills};
  std::size_t begin = 0;
  for (std::size_t end = 1; end <= all.size(); ++end) {
    const trading::FillRecord& first = all[begin].record;
    if (end < all.size() && all[end].record.ts == first.ts && all[end].record.rule == first.rule &&
        all[end].record.liquidity == first.liquidity &&
        all[end].record.slippage.has_value() == first.slippage.has_value()) {
      continue;
    }
    add_fills(all.subspan(begin, end - begin), lines);
    begin = end;
  }
}

/// The order that closed the position, or the last that reduced it.
const OrderRecord* exit_of(const Explanation& explanation) {
  const OrderRecord* exit = nullptr;
  for (const Order& order : explanation.orders) {
    if (explanation.position && order.record.position == explanation.position->position &&
        order.record.submit.intent.role != Role::Entry && order.record.filled_qty > Qty{}) {
      exit = &order.record;
    }
  }
  return exit;
}

std::string trigger_words(const OrderRecord& exit) {
  const trading::Intent& intent = exit.submit.intent;
  if (!intent.trigger_price) return "";
  return fmt::format(
      "{} {} at {}", trading::name(intent.trigger_kind), words_of(*intent.trigger_price),
      intent.trigger_ts ? to_string(*intent.trigger_ts) : std::string{"an unknown time"});
}

/// Why the position was left.
std::string exit_words(const Explanation& explanation, const PositionRecord& position,
                       const OrderRecord& exit) {
  const strategy::ExitParams& params = explanation.params.exit;
  const auto& row = explanation.last_row;
  const auto regime = [](const std::optional<Regime>& r) {
    return r ? trading::name(*r) : std::string_view{"unknown"};
  };
  switch (exit.submit.intent.role) {
    case Role::Stop:
      return fmt::format("{} reached the stop {}", trigger_words(exit), words_of(position.stop));
    case Role::TakeProfit:
      if (exit.submit.type == trading::OrderType::Limit) {
        return fmt::format("an order rested at the target {}", words_of(position.take_profit));
      }
      return fmt::format("{} reached the target {}", trigger_words(exit),
                         words_of(position.take_profit));
    case Role::TimeStop:
      return fmt::format("it was held for exit.max_hold, {:g} min",
                         std::chrono::duration<double, std::ratio<60>>(params.max_hold).count());
    case Role::Flip:
      return fmt::format("the regime changed: {} when it was opened, {} at the row of {}",
                         regime(position.regime_open),
                         row ? regime(row->factors.crowding.regime) : "unknown",
                         row ? to_string(row->factors.ts) : "an unknown time");
    case Role::Opposite:
      if (row && row->factors.pressure.p) {
        return fmt::format("pressure turned against it: p {:.6g} at the row of {}",
                           *row->factors.pressure.p, to_string(row->factors.ts));
      }
      return "pressure turned against it";
    case Role::Guard:
      return "the day's loss reached guards.daily_loss_bp, or the position was not the one that was "
             "planned";
    case Role::Liquidation:
      return "it was liquidated";
    case Role::Script:
      return "the order script said so";
    case Role::Entry:
      break;
  }
  return "";
}

void add_levels(const Explanation& explanation, const PositionRecord& position, Lines& lines) {
  if (!position.stop || !position.take_profit) {
    lines.emplace_back("  levels   none");
    return;
  }
  const strategy::ExitParams& exit = explanation.params.exit;
  const double sigma = position.sigma_open.value_or(0.0);
  const double distance = strategy::stop_distance(position.avg_entry.to_double(), sigma, exit);
  lines.push_back(fmt::format(
      "  levels   stop {}, {:.6g} away = {:g} x sigma {:.6g} x sqrt({:g} min) x {}; target {}, "
      "{:g} times as far; to the tick away from the entry",
      words_of(*position.stop), distance, exit.k_stop, sigma,
      std::chrono::duration<double, std::ratio<60>>(exit.stop_horizon).count(),
      words_of(position.avg_entry), words_of(*position.take_profit), exit.k_tp));
}

}  // namespace

void add_orders(const Explanation& explanation, std::vector<std::string>& lines) {
  if (explanation.orders.empty()) return;
  lines.push_back(
      fmt::format("orders (latency {}, queue {})", explanation.order_latency, explanation.queue));
  for (const Order& order : explanation.orders) {
    lines.push_back(order_head(order.record));
    lines.push_back(order_course(order.record));
    add_fills_of(order, lines);
  }
}

void add_position(const Explanation& explanation, std::vector<std::string>& lines) {
  if (!explanation.position) {
    if (!explanation.orders.empty()) lines.emplace_back("no position came of it");
    return;
  }
  const PositionRecord& position = *explanation.position;
  lines.push_back(fmt::format(
      "position {}: {} {} at most, {} fills", run::kPositionId.text(position.position),
      run::kLongShort.text(position.side), words_of(position.qty_max), position.n_fills));
  lines.push_back(fmt::format("  opened   {} at {} on average", to_string(position.ts_open),
                              words_of(position.avg_entry)));
  if (!explanation.is_script) add_levels(explanation, position, lines);
  if (position.ts_close) {
    const std::chrono::duration<double> held = *position.ts_close - position.ts_open;
    lines.push_back(fmt::format("  closed   {} at {} on average, after {:.0f} s",
                                to_string(*position.ts_close), words_of(position.avg_exit),
                                held.count()));
  } else {
    lines.emplace_back("  closed   never: it was open when the run ended");
  }
  if (const OrderRecord* exit = exit_of(explanation)) {
    lines.push_back(fmt::format("  exit     {}: {}", trading::name(exit->submit.intent.role),
                                exit_words(explanation, position, *exit)));
  }
  const Money slippage = position.slippage.value_or(Money{});
  lines.push_back(fmt::format(
      "  money    net {} = price {}{} - fees {} + funding {}", words_of(run::net(position)),
      words_of(position.realised),
      position.slippage ? fmt::format(" (gross {} - slippage {})",
                                      words_of(position.realised + slippage), words_of(slippage))
                        : std::string{},
      words_of(position.fees), words_of(position.funding)));
  if (position.mae_bp && position.mfe_bp) {
    lines.push_back(fmt::format("  between  {:.2f} bp against it and {:.2f} bp for it at the most",
                                *position.mae_bp, *position.mfe_bp));
  }
}

}  // namespace toxvol::explain
