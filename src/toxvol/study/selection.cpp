#include "toxvol/study/selection.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/sharpe.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/outcome.hpp"

namespace toxvol::study {

namespace {

constexpr std::size_t kLeastUnits = 240;
constexpr double kOneSided = 1.645;  // 95 %
constexpr double kTie = 1e-12;

using Objective = WalkForward::Objective;

std::optional<double> objective_of(Objective objective, const Outcome& training) {
  const std::vector<double>& returns = training.returns.units.net;
  switch (objective) {
    case Objective::Sharpe:
      return stats::sharpe(returns).sharpe;
    case Objective::SharpeLcb: {
      const stats::Sharpe ratio = stats::sharpe(returns);
      if (!ratio.sharpe || !ratio.se_nw) return std::nullopt;
      return *ratio.sharpe - kOneSided * *ratio.se_nw;
    }
    case Objective::Net:
      if (returns.empty()) return std::nullopt;
      return stats::moments_of(returns).mean();
    case Objective::PosBp:
      if (training.returns.positions.bp.empty()) return std::nullopt;
      return stats::moments_of(training.returns.positions.bp).mean();
  }
  return std::nullopt;
}

}  // namespace

Score score_of(const WalkForward& rule, const Outcome& training) {
  Score score{.eligible = false, .objective = objective_of(rule.objective, training)};
  const bool has_spread = stats::sharpe(training.returns.units.net).sharpe.has_value();
  const auto positions = static_cast<std::int64_t>(training.returns.positions.size());
  score.eligible = training.returns.units.size() >= kLeastUnits && has_spread &&
                   positions >= rule.min_positions && score.objective.has_value();
  return score;
}

std::optional<std::size_t> select(const WalkForward& rule, std::span<const Score> scores) {
  std::optional<double> greatest;
  for (const Score& score : scores) {
    const std::optional<double>& own = score.objective;
    if (score.eligible && own && (!greatest || *own > *greatest)) greatest = own;
  }
  if (!greatest || (rule.require_positive && !(*greatest > 0.0))) return std::nullopt;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::optional<double>& own = scores[i].objective;
    if (scores[i].eligible && own && *greatest - *own <= kTie * std::abs(*greatest)) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace toxvol::study
