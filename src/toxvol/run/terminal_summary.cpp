#include "toxvol/run/terminal_summary.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::run {

namespace {

std::string usdt(Money money) {
  return fmt::format("{:.2f}", money.to_double());
}

std::string number(const std::optional<double>& value, int digits, double scale = 1.0,
                   std::string_view unit = "") {
  if (!value) return "-";
  return fmt::format("{:.{}f}{}", *value * scale, digits, unit);
}

std::string reasons_line(const Summary& summary) {
  std::vector<std::pair<std::int64_t, std::size_t>> most_first;  // −count, reason
  const auto& counts = summary.reasons;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) most_first.emplace_back(-counts[i], i);
  }
  std::sort(most_first.begin(), most_first.end());
  std::string line = "reasons";
  for (const auto& [count, reason] : most_first) {
    line += fmt::format("  {} {}", trading::kWords<trading::Reason>[reason], -count);
  }
  return line;
}

/// A word of a row's mode (docs/schemas.md). `klines` alone does not say what is missing.
std::string_view told(std::string_view word) {
  return word == "klines" ? "no_trades (flow from klines)" : word;
}

std::string break_even(const Summary& s) {
  if (s.break_even_fee_bp && *s.break_even_fee_bp < 0.0) return "none, a loss without any fee too";
  return number(s.break_even_fee_bp, 3, 1.0, " bp") + " a side";
}

/// What is in equity and in no closed position.
std::string_view why_rest(const Summary& s) {
  const bool is_open = std::any_of(s.by_exit.begin(), s.by_exit.end(), [](const auto& group) {
    return group.first == "open" && group.second.positions > 0;
  });
  return is_open ? "what is open at the end, at the last mid" : "paid by the insurance fund";
}

std::string sharpe(const RunInfo& info, const Summary& s) {
  const double days =
      std::chrono::duration<double, std::chrono::days::period>(info.to - info.from).count();
  if (days < kLeastDaysOfYear) {
    return fmt::format("not told, {:.1f} days are too few for one of a year", days);
  }
  return number(s.sharpe_annual, 2) + " a year";
}

}  // namespace

std::vector<std::string> funnel_lines(const Summary& summary) {
  std::vector<std::string> lines;
  for (std::size_t step = 0; step < kFunnelSteps.size(); ++step) {
    std::string line = fmt::format("{:<14}{:>10}", kFunnelSteps[step], summary.funnel[step]);
    if (step > 0 && summary.funnel[0] > 0) {
      line += fmt::format("{:>9.3f} %", 100.0 * static_cast<double>(summary.funnel[step]) /
                                            static_cast<double>(summary.funnel[0]));
    }
    lines.push_back(std::move(line));
  }
  lines.push_back(reasons_line(summary));
  return lines;
}

std::vector<std::string> summary_lines(const RunInfo& info, const Summary& s) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{}  [{}, {})  {} {}  seed {}{}", info.symbol, to_string(info.from),
                              to_string(info.to), info.engine, info.profile, info.seed,
                              info.synthetic ? "  SYNTHETIC DATA" : ""));
  lines.push_back(fmt::format("equity     {} -> {} USDT  return {}  max drawdown {}",
                              usdt(s.start_equity), usdt(s.end_equity),
                              number(s.total_return, 3, 100.0, " %"),
                              number(s.max_drawdown, 3, 100.0, " %")));
  lines.push_back(fmt::format("net        {} = gross {} - slippage {} - fees {} + funding {}",
                              usdt(s.net), usdt(s.gross), usdt(s.slippage), usdt(s.fees),
                              usdt(s.funding)));
  if (const Money rest = s.end_equity - s.start_equity - s.net; rest != Money{}) {
    lines.push_back(
        fmt::format("beside     {} in equity and not in net: {}", usdt(rest), why_rest(s)));
  }
  lines.push_back(fmt::format("break-even {}  turnover {}  exposure {}  maker {}", break_even(s),
                              number(s.turnover, 2, 1.0, " x"), number(s.exposure, 1, 100.0, " %"),
                              number(s.maker_share, 1, 100.0, " %")));
  lines.push_back(fmt::format("positions  {}  hit rate {}  average hold {}  fills {}", s.positions,
                              number(s.hit_rate, 1, 100.0, " %"),
                              number(s.avg_hold_s, 0, 1.0, " s"), s.fills));
  if (s.positions > 0 && s.positions < kFewPositions) {
    lines.push_back(fmt::format(
        "few        {} closed position{} cannot tell an edge from luck (below {}): believe neither "
        "sign nor size",
        s.positions, s.positions == 1 ? "" : "s", kFewPositions));
  }
  lines.push_back(fmt::format("orders     {} submitted  {} filled  {} canceled  {} rejected",
                              s.orders.submitted, s.orders.filled, s.orders.canceled,
                              s.orders.rejected));
  lines.push_back(fmt::format("Sharpe     {}  volatility {} a year", sharpe(info, s),
                              number(s.volatility_annual, 2, 100.0, " %")));
  for (const auto& [word, count] : s.degraded_minutes.absent) {
    lines.push_back(fmt::format("absent     {} minutes  {}: no input of this run{}", count,
                                told(word),
                                word == "no_funding" ? "; not paid, regime neutral" : ""));
  }
  for (const auto& [word, count] : s.degraded_minutes.overdue) {
    lines.push_back(
        fmt::format("overdue    {} minutes  {}: older than its limit, or none", count, told(word)));
  }
  for (std::size_t cap = 1; cap < s.caps.size(); ++cap) {
    if (s.caps[cap] == 0) continue;
    lines.push_back(fmt::format("limited    by {} in {} of {} entries",
                                trading::kWords<trading::Cap>[cap], s.caps[cap], s.caps.sum()));
  }
  if (info.strategy == "script") {
    lines.emplace_back("script     the orders are an order script's; the strategy sent none");
    return lines;
  }
  if (info.signal) {
    lines.push_back(fmt::format(
        "signal     your own, {} rows: {} stood at a decision, {} were too "
        "old at theirs, {} lay outside",
        info.signal->rows.size(), info.signal->used, info.signal->stale, info.signal->ignored));
  }
  const std::vector<std::string> funnel = funnel_lines(s);
  lines.insert(lines.end(), funnel.begin(), funnel.end());
  return lines;
}

}  // namespace toxvol::run
