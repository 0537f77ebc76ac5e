#include "toxvol/evaluate/evaluation.hpp"

#include <optional>
#include <vector>

#include "toxvol/core/units.hpp"
#include "toxvol/evaluate/costs.hpp"
#include "toxvol/evaluate/decay.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/stats/order.hpp"

namespace toxvol::evaluate {

namespace {

std::optional<double> median_sigma_bp(const Rows& rows) {
  std::vector<double> sigmas;
  for (const Row& row : rows.all()) {
    if (row.decides && row.sigma) sigmas.push_back(*row.sigma);
  }
  if (sigmas.empty()) return std::nullopt;
  return kBasisPoints * stats::median(sigmas);
}

}  // namespace

void put_costs(Evaluation& evaluation, const Rows& rows, std::optional<double> day_volume) {
  Costs& costs = evaluation.costs;
  costs.sigma_bp = median_sigma_bp(rows);
  costs.day_volume_usdt = day_volume;
  costs.crossing_s = measured_crossing(evaluation.decay);
  if (const DecayRow* line = nearest(evaluation.decay, "p", costs.horizon)) {
    costs.hit_horizon_s = line->horizon_s;
    costs.hit = line->hit;
    costs.edge_bp = line->edge_bp;
  }
  for (const int minutes : kBetMinutes) {
    Needed needed{.minutes = minutes};
    if (costs.sigma_bp) {
      const double sigma = *costs.sigma_bp;
      needed.taker_taker = needed_probability(costs.round_trip.taker_taker, sigma, minutes);
      needed.maker_taker = needed_probability(costs.round_trip.maker_taker, sigma, minutes);
      needed.maker_maker = needed_probability(costs.round_trip.maker_maker, sigma, minutes);
    }
    costs.needed.push_back(needed);
  }
  if (!costs.sigma_bp) return;
  if (costs.hit) {
    costs.break_even_minutes = break_even_minutes(costs.cost_bp, *costs.sigma_bp, *costs.hit);
  }
  if (costs.edge_bp && day_volume) {
    costs.capacity_usdt =
        capacity_usdt(*day_volume, *costs.edge_bp, costs.cost_bp, *costs.sigma_bp);
  }
}

}  // namespace toxvol::evaluate
