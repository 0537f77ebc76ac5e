#include "toxvol/strategy/signal.hpp"

#include <cmath>
#include <optional>

#include "toxvol/factors/crowding.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"
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
  return gate == factors::ToxicityGate::Hard && row.toxic.value_or(false);
}

/// A2: volatility is compressed, pressure is strong, flow can be trusted: follow the pressure.
Signal neutral_signal(const FactorRow& row, const StrategyParams& params) {
  if (!params.alpha_a.enabled) return none(Reason::Disabled);
  if (!row.f1 || !row.q_f1 || !row.q_p || !row.toxic) return none(Reason::Warmup);
  if (forbids(row, params.factors.toxicity.gate)) return none(Reason::Toxic);
  if (*row.f1 < *row.q_f1) return none(Reason::NotCompressed);
  const int direction = sign_of(*row.p);
  if (std::abs(*row.p) < *row.q_p || direction == 0) return none(Reason::WeakPressure);
  return stands(Alpha::A, direction);
}

/// A3: a crowd stands on one side and the flow turns against it.
Signal crowded_signal(const FactorRow& row, const StrategyParams& params) {
  if (!params.alpha_b.enabled) return none(Reason::Disabled);
  const bool asks_toxicity = params.alpha_b.trigger != BTrigger::Pressure;
  const bool asks_quantile = params.alpha_b.trigger != BTrigger::F2;
  if (asks_toxicity && !row.f2) return none(Reason::Warmup);
  if (asks_quantile && !row.q_p_b) return none(Reason::Warmup);
  if (asks_toxicity && forbids(row, params.factors.toxicity.gate)) return none(Reason::Toxic);
  if (asks_quantile && std::abs(*row.p) < *row.q_p_b) return none(Reason::WeakPressure);
  const int f3 = static_cast<int>(*row.regime);
  const double confirming = asks_toxicity ? *row.f2 : *row.p;
  if (sign_of(confirming) != f3) return none(Reason::Unconfirmed);
  return stands(Alpha::B, params.alpha_b.direction == BDirection::Fade ? f3 : -f3);
}

/// N3: what the row lacks because a kind is overdue, before anything is called warm-up.
std::optional<Reason> overdue(const FactorRow& row, const factors::CrowdingParams& crowding) {
  if (row.overdue.quotes && (!row.p || !row.toxic)) return Reason::NoQuotes;
  if (row.regime) return std::nullopt;
  const bool lacks_metrics = row.overdue.metrics && factors::crowding_kinds(crowding).metrics;
  return lacks_metrics ? Reason::NoMetrics : Reason::NoFunding;
}

}  // namespace

Signal signal(const FactorRow& row, const StrategyParams& params) {
  if (!row.decides) return none(Reason::NotBoundary);
  if (const auto reason = overdue(row, params.factors.crowding)) return none(*reason);
  if (!row.p || !row.sigma || !row.crowding_known) return none(Reason::Warmup);
  return row.regime == factors::RegimeState::Neutral ? neutral_signal(row, params)
                                                     : crowded_signal(row, params);
}

}  // namespace toxvol::strategy
