#include "toxvol/explain/text.hpp"

#include <chrono>
#include <cmath>
#include <ratio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/explain/explanation.hpp"
#include "toxvol/explain/steps.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/sizing.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::explain {

namespace {

using Lines = std::vector<std::string>;
using strategy::SizeRule;

std::string age_text(double seconds) {
  if (seconds < 120.0) return fmt::format("{:.1f} s", seconds);
  if (seconds < 7200.0) return fmt::format("{:.1f} min", seconds / 60.0);
  return fmt::format("{:.1f} h", seconds / 3600.0);
}

void add_known(const Decision& decision, Lines& lines) {
  lines.emplace_back("known then");
  for (const KnownInput& input : decision.known) {
    std::string values;
    for (const auto& [name, text] : input.values) values += fmt::format("  {} {}", name, text);
    lines.push_back(fmt::format("  {:<12}{}, {} old{}", name(input.kind), to_string(input.ts_event),
                                age_text(input.age_s), values));
  }
  if (decision.row.factors.mode != "full") {
    lines.push_back("  inputs that were absent or overdue: " + decision.row.factors.mode);
  }
}

void add_signal(const Explanation& explanation, const Decision& decision, Lines& lines) {
  const auto& regime = decision.row.factors.crowding.regime;
  if (!explanation.is_own_signal) {
    lines.push_back(fmt::format("signal, regime {}", regime ? trading::name(*regime) : "unknown"));
  } else if (const auto& own = decision.judgement.own) {
    lines.push_back(fmt::format("signal of your own, the row of {}: direction {}, size {:g}",
                                to_string(own->ts_init), own->direction, own->size));
  } else {
    lines.emplace_back("signal of your own: none of its rows counted");
  }
  for (std::string& line : lines_of(decision.judgement.signal)) lines.push_back(std::move(line));
  if (decision.row.direction) {
    lines.push_back(fmt::format("  = alpha {}, {}", trading::name(decision.row.alpha),
                                *decision.row.direction > 0 ? "long" : "short"));
  } else {
    lines.push_back(fmt::format("  = no signal: {}", trading::name(decision.row.reason)));
  }
}

/// Where the money that is lost with one unit comes from.
std::string loss_words(const strategy::SizeInputs& inputs, const strategy::SizeParts& parts,
                       const strategy::StrategyParams& params, double sigma) {
  const double price = inputs.price.to_double();
  const auto minutes = [](Duration d) {
    return std::chrono::duration<double, std::ratio<60>>(d).count();
  };
  if (params.size.rule == SizeRule::Sigma) {
    return fmt::format("sigma {:.6g} x sqrt({:g} min) x price {}", sigma,
                       minutes(params.exit.horizon), decimal_text(inputs.price.raw()));
  }
  const double stop = strategy::stop_distance(price, sigma, params.exit);
  return fmt::format("stop {:.6g} ({:g} x sigma {:.6g} x sqrt({:g} min) x price {}) + fees {:.6g}",
                     stop, params.exit.k_stop, sigma, minutes(params.exit.stop_horizon),
                     decimal_text(inputs.price.raw()), parts.loss_a_unit - stop);
}

void add_size(const Decision& decision, const strategy::StrategyParams& params, Lines& lines) {
  const strategy::Judgement& judgement = decision.judgement;
  if (!judgement.size || !judgement.inputs) return;
  const strategy::SizeInputs& inputs = *judgement.inputs;
  const strategy::Size& size = *judgement.size;
  const strategy::SizeParts& parts = size.parts;
  const bool enters = decision.row.reason == trading::Reason::EnterLong ||
                      decision.row.reason == trading::Reason::EnterShort;
  lines.emplace_back(enters ? "size" : "size, had it been asked for");
  lines.push_back(fmt::format("  at risk   {:.2f} USDT = {:g} bp of equity {:.2f}", parts.budget,
                              params.size.risk_bp, inputs.equity));
  lines.push_back(fmt::format(
      "  a unit    loses {:.6g} USDT = {}", parts.loss_a_unit,
      loss_words(inputs, parts, params, decision.row.factors.volatility.sigma.value_or(0.0))));
  lines.push_back(fmt::format("  by risk   {:.6g} = at risk / a unit", parts.by_risk));
  lines.push_back(fmt::format(
      "  scaled    {:.6g} = by risk{} x {:g} (toxic) x {:g} (spread of {} ticks) x {:g} "
      "(rank of t)",
      parts.wanted, inputs.own_size ? fmt::format(" x {:g} (your size)", parts.own_scale) : "",
      parts.toxic_scale, parts.spread_scale, inputs.spread_ticks, parts.rank_scale));
  lines.push_back(fmt::format(
      "  limits    max_leverage {:.6g}, max_notional {:.6g}, max_qty {}: {}", parts.max_leverage,
      parts.max_notional, parts.max_qty ? fmt::format("{:g}", *parts.max_qty) : "none",
      size.cap == trading::Cap::None ? "none of them cuts it"
                                     : fmt::format("{} cuts it", trading::name(size.cap))));
  lines.push_back(fmt::format("  = {} in whole lots", decimal_text(size.qty.raw())));
}

void add_guards(const Decision& decision, Lines& lines) {
  lines.emplace_back("guards, costs and position");
  if (decision.judgement.guards.empty()) {
    lines.emplace_back("  not asked: there was no signal");
    return;
  }
  for (std::string& line : lines_of(decision.judgement.guards)) lines.push_back(std::move(line));
  lines.push_back(fmt::format("  = {}", trading::name(decision.row.reason)));
}

}  // namespace

std::vector<std::string> text_of(const Explanation& explanation) {
  Lines lines;
  lines.push_back(fmt::format("{}  {}  preset {}{}", explanation.run, explanation.symbol,
                              explanation.preset.empty() ? "-" : explanation.preset,
                              explanation.synthetic ? "  SYNTHETIC DATA" : ""));
  for (const std::string& remark : explanation.remarks) lines.push_back(remark);
  if (explanation.decision) {
    const Decision& decision = *explanation.decision;
    const auto& row = decision.row;
    const auto outcome = row.direction && row.reason != trading::Reason::EnterLong &&
                                 row.reason != trading::Reason::EnterShort
                             ? fmt::format("a signal, and no entry: {}", trading::name(row.reason))
                             : std::string{trading::name(row.reason)};
    lines.push_back(fmt::format("decision of the minute that ended at {}: {}",
                                to_string(row.factors.ts), outcome));
    add_known(decision, lines);
    add_signal(explanation, decision, lines);
    add_guards(decision, lines);
    add_size(decision, explanation.params, lines);
  }
  add_orders(explanation, lines);
  add_position(explanation, lines);
  return lines;
}

}  // namespace toxvol::explain
