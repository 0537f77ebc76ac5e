#include "toxvol/strategy/signal.hpp"

#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include "toxvol/core/regime.hpp"
#include "toxvol/factors/crowding.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/step.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {
namespace {

using factors::FactorRow;
using trading::Alpha;
using trading::Reason;

Signal none(Reason reason) {
  return {.reason = reason};
}

Signal stands(Alpha alpha, int direction) {
  return {.alpha = alpha,
          .direction = direction,
          .reason = direction > 0 ? Reason::EnterLong : Reason::EnterShort};
}

int sign_of(double value) {
  return (value > 0.0 ? 1 : 0) - (value < 0.0 ? 1 : 0);
}

bool forbids(const FactorRow& row, factors::ToxicityGate gate) {
  return gate == factors::ToxicityGate::Hard && row.gated.toxic.value_or(false);
}

bool reaches(const factors::Value& value, const factors::Value& threshold) {
  return value && threshold && *value >= *threshold;
}

factors::Value magnitude(const factors::Value& value) {
  return value ? factors::Value{std::abs(*value)} : std::nullopt;
}

/// Without this value there is nothing to decide by.
Step known(std::string_view factor, const factors::Value& value) {
  return {.question = "known",
          .otherwise = Reason::Warmup,
          .holds = value.has_value(),
          .factor = factor,
          .value = value};
}

Step enabled(bool is_on, std::string_view key) {
  return {.question = "enabled", .otherwise = Reason::Disabled, .holds = is_on, .factor = key};
}

Step toxicity(const FactorRow& row, factors::ToxicityGate gate) {
  return {.question = "toxicity",
          .otherwise = Reason::Toxic,
          .holds = !forbids(row, gate),
          .factor = "t",
          .value = row.toxicity.t,
          .relation = "<",
          .limit = "tau_t",
          .threshold = row.thresholds.tau_t};
}

/// Whether the flow can be judged toxic or not, which needs `t` and its threshold.
Step toxicity_known(const FactorRow& row) {
  return {.question = "known",
          .otherwise = Reason::Warmup,
          .holds = row.gated.toxic.has_value(),
          .factor = "toxic"};
}

Step pressure(const FactorRow& row, std::string_view limit, const factors::Value& threshold) {
  const factors::Value strength = magnitude(row.pressure.p);
  return {.question = "pressure",
          .otherwise = Reason::WeakPressure,
          .holds = reaches(strength, threshold),
          .factor = "|p|",
          .value = strength,
          .relation = ">=",
          .limit = limit,
          .threshold = threshold};
}

Signal answer(const Asked& asked, Alpha alpha, int direction) {
  return asked.refused() ? none(asked.reason()) : stands(alpha, direction);
}

/// A2: volatility is compressed, pressure is strong, flow can be trusted: follow the pressure.
Signal neutral_signal(const FactorRow& row, const StrategyParams& params, Asked& ask) {
  const int direction = sign_of(row.pressure.p.value_or(0.0));
  static_cast<void>(ask(enabled(params.alpha_a.enabled, "alpha_a.enabled")) &&
                    ask(known("f1", row.volatility.f1)) &&
                    ask(known("q_f1", row.thresholds.q_f1)) &&
                    ask(known("q_p", row.thresholds.q_p)) && ask(toxicity_known(row)) &&
                    ask(toxicity(row, params.factors.toxicity.gate)) &&
                    ask({.question = "compression",
                         .otherwise = Reason::NotCompressed,
                         .holds = reaches(row.volatility.f1, row.thresholds.q_f1),
                         .factor = "f1",
                         .value = row.volatility.f1,
                         .relation = ">=",
                         .limit = "q_f1",
                         .threshold = row.thresholds.q_f1}) &&
                    ask(pressure(row, "q_p", row.thresholds.q_p)) &&
                    ask({.question = "direction",
                         .otherwise = Reason::WeakPressure,
                         .holds = direction != 0,
                         .factor = "p",
                         .value = row.pressure.p}));
  return answer(ask, Alpha::A, direction);
}

/// A3: a crowd stands on one side and the flow turns against it.
Signal crowded_signal(const FactorRow& row, Regime regime, const StrategyParams& params,
                      Asked& ask) {
  const bool asks_toxicity = params.alpha_b.trigger != BTrigger::Pressure;
  const bool asks_quantile = params.alpha_b.trigger != BTrigger::F2;
  const int f3 = static_cast<int>(regime);
  const factors::Value& confirming = asks_toxicity ? row.gated.f2 : row.pressure.p;
  static_cast<void>(ask(enabled(params.alpha_b.enabled, "alpha_b.enabled")) &&
                    (!asks_toxicity || ask(known("f2", row.gated.f2))) &&
                    (!asks_quantile || ask(known("q_p_b", row.thresholds.q_p_b))) &&
                    (!asks_toxicity || ask(toxicity(row, params.factors.toxicity.gate))) &&
                    (!asks_quantile || ask(pressure(row, "q_p_b", row.thresholds.q_p_b))) &&
                    ask({.question = "confirmation",
                         .otherwise = Reason::Unconfirmed,
                         .holds = confirming && sign_of(*confirming) == f3,
                         .factor = asks_toxicity ? "f2" : "p",
                         .value = confirming,
                         .relation = "=",
                         .limit = "f3",
                         .threshold = static_cast<double>(f3)}));
  return answer(ask, Alpha::B, params.alpha_b.direction == BDirection::Fade ? f3 : -f3);
}

/// N3: quotes are overdue, and something is missing for it.
bool lacks_quotes(const FactorRow& row) {
  return row.overdue.quotes && (!row.pressure.p || !row.gated.toxic);
}

/// N3: which kind is overdue where the regime is not known.
Reason lacks_regime(const FactorRow& row, const factors::CrowdingParams& crowding) {
  const bool lacks_metrics = row.overdue.metrics && factors::crowding_kinds(crowding).metrics;
  return lacks_metrics ? Reason::NoMetrics : Reason::NoFunding;
}

}  // namespace

std::optional<Reason> overdue(const FactorRow& row, const factors::CrowdingParams& crowding) {
  if (lacks_quotes(row)) return Reason::NoQuotes;
  if (row.crowding.regime) return std::nullopt;
  return lacks_regime(row, crowding);
}

Signal signal(const FactorRow& row, const StrategyParams& params, std::vector<Step>* told) {
  Asked ask{told};
  const bool goes_on = ask({.question = "boundary",
                            .otherwise = Reason::NotBoundary,
                            .holds = row.decides,
                            .factor = "decides"}) &&
                       ask({.question = "quotes",
                            .otherwise = Reason::NoQuotes,
                            .holds = !lacks_quotes(row),
                            .factor = "quote_age_s",
                            .value = row.quote_age_s}) &&
                       ask({.question = "regime",
                            .otherwise = lacks_regime(row, params.factors.crowding),
                            .holds = row.crowding.regime.has_value(),
                            .factor = "regime"}) &&
                       ask(known("p", row.pressure.p)) &&
                       ask(known("sigma", row.volatility.sigma)) &&
                       ask({.question = "crowding",
                            .otherwise = Reason::Warmup,
                            .holds = row.crowding.is_known,
                            .factor = "c",
                            .value = row.crowding.c});
  const std::optional<Regime>& regime = row.crowding.regime;
  if (!goes_on || !regime) return none(ask.reason());
  return regime == Regime::Neutral ? neutral_signal(row, params, ask)
                                   : crowded_signal(row, *regime, params, ask);
}

}  // namespace toxvol::strategy
