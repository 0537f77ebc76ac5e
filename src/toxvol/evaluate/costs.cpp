#include "toxvol/evaluate/costs.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <vector>

#include "toxvol/core/units.hpp"
#include "toxvol/evaluate/decay.hpp"

namespace toxvol::evaluate {

RoundTrip round_trip(double maker, double taker) {
  return {.taker_taker = kBasisPoints * (taker + taker),
          .maker_taker = kBasisPoints * (maker + taker),
          .maker_maker = kBasisPoints * (maker + maker)};
}

std::optional<double> needed_probability(double cost, double sigma, double minutes) {
  if (!(sigma > 0.0)) return std::nullopt;
  const double move = sigma * std::sqrt(2.0 * minutes / std::numbers::pi);
  const double needed = 0.5 + cost / (2.0 * move);
  if (needed > 1.0) return std::nullopt;
  return needed;
}

std::optional<double> break_even_minutes(double cost, double sigma, double hit) {
  if (!(sigma > 0.0) || !(hit > 0.5)) return std::nullopt;
  const double ratio = cost / ((2.0 * hit - 1.0) * sigma);
  return std::numbers::pi / 2.0 * ratio * ratio;
}

std::optional<std::int64_t> measured_crossing(const std::vector<DecayRow>& decay) {
  std::optional<std::int64_t> least;
  for (const DecayRow& line : decay) {
    if (!is_of_all(line, "p")) continue;
    if (!line.lo || !line.cost_bp || *line.lo < *line.cost_bp) continue;
    if (!least || line.horizon_s < *least) least = line.horizon_s;
  }
  return least;
}

std::optional<double> capacity_usdt(double day_volume, double edge, double cost, double sigma) {
  if (!(sigma > 0.0)) return std::nullopt;
  if (edge <= cost) return 0.0;
  const double part =
      (edge - cost) / (2.0 * sigma * std::sqrt(static_cast<double>(kMinutesPerDay)));
  return day_volume * part * part;
}

}  // namespace toxvol::evaluate
