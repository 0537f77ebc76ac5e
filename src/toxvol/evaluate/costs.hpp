#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/evaluate/decay.hpp"

namespace toxvol::evaluate {

/// What trading costs, and what a signal has to be worth to pay for it (R55, R56):
/// docs/evaluate.md. Costs and moves are in basis points, σ in basis points a √minute.

/// The fees of a round trip.
struct RoundTrip {
  double taker_taker = 0.0;
  double maker_taker = 0.0;
  double maker_maker = 0.0;
};
/// `maker`, `taker`: of the notional, as fractions.
[[nodiscard]] RoundTrip round_trip(double maker, double taker);

/// How often a symmetric bet of `minutes` has to be right to pay `cost`: ½ +
/// cost/(2σ√(2·minutes/π)). Empty above 1, where nothing is right often enough, and where `sigma`
/// is not above 0.
[[nodiscard]] std::optional<double> needed_probability(double cost, double sigma, double minutes);

/// The horizons for which it is told, in minutes.
inline constexpr std::array kBetMinutes = {1, 5, 15, 30, 60, 120, 240};

/// Minutes after which bets that are right with probability `hit` pay `cost`:
/// (π/2)(cost/((2·hit − 1)σ))². Empty for a hit rate of ½ or less, and where `sigma` is not above
/// 0.
[[nodiscard]] std::optional<double> break_even_minutes(double cost, double sigma, double hit);

/// Seconds of the least horizon at which p, over all rows, has an edge whose interval lies above
/// its cost (lo ≥ cost).
[[nodiscard]] std::optional<std::int64_t> measured_crossing(const std::vector<DecayRow>& decay);

/// USDT that can be traded before the square-root law of impact eats the edge:
/// V·((edge − cost)/(2σ√1440))², V the volume of a day. 0 where the edge is not above its cost;
/// empty where `sigma` is not above 0.
[[nodiscard]] std::optional<double> capacity_usdt(double day_volume, double edge, double cost,
                                                  double sigma);

}  // namespace toxvol::evaluate
