#include "toxvol/synth/tables.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "toxvol/synth/random.hpp"

namespace toxvol::synth {

namespace {

// Stands in for 0 where a table is logarithmic; rounds to 0.
constexpr double kAlmostNothing = 0.2;

double quantile(std::span<const QuantileTable::Knot> knots, double p) {
  const auto above = std::find_if(knots.begin() + 1, knots.end() - 1,
                                  [p](const QuantileTable::Knot& knot) { return knot.p >= p; });
  const auto& low = *(above - 1);
  const double share = (p - low.p) / (above->p - low.p);
  const double from = log_of(low.value);
  return exp_of(from + share * (log_of(above->value) - from));
}

}  // namespace

QuantileTable::QuantileTable(std::initializer_list<Knot> knots, double scale, std::int64_t least) {
  const std::span<const Knot> all{knots.begin(), knots.size()};
  const auto whole = [&](double p) {
    return std::max(least, static_cast<std::int64_t>(std::floor(quantile(all, p) * scale + 0.5)));
  };
  for (std::size_t i = 0; i < kCells; ++i) {
    values_[i] = whole((static_cast<double>(i) + 0.5) / static_cast<double>(kCells));
  }
  for (std::size_t i = 0; i < kTailCells; ++i) {
    const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(kTailCells);
    tail_[i] = whole(1.0 - (1.0 - share) / static_cast<double>(kCells));
  }
}

MarketTables::MarketTables(double lots_per_unit)
    : trade_lots{{{0.0, 0.0011},
                  {0.05, 0.0013},
                  {0.1, 0.002},
                  {0.25, 0.006},
                  {0.5, 0.035},
                  {0.75, 0.18},
                  {0.9, 0.62},
                  {0.99, 3.9},
                  {0.999, 14.0},
                  {1.0, 60.0}},
                 lots_per_unit,
                 1},
      queue_lots{{{0.0, 0.003},
                  {0.01, 0.012},
                  {0.1, 0.15},
                  {0.25, 0.7},
                  {0.5, 2.2},
                  {0.75, 4.6},
                  {0.9, 8.5},
                  {0.99, 20.0},
                  {1.0, 90.0}},
                 lots_per_unit,
                 2},
      change_lots{{{0.0, 0.001},
                   {0.1, 0.002},
                   {0.25, 0.006},
                   {0.5, 0.060},
                   {0.75, 0.20},
                   {0.9, 0.60},
                   {0.99, 2.2},
                   {0.999, 6.5},
                   {1.0, 12.0}},
                  lots_per_unit,
                  1},
      fills{{{0.0, 1.0},
             {0.5, 1.3},
             {0.75, 2.6},
             {0.9, 5.5},
             {0.99, 26.0},
             {0.999, 60.0},
             {1.0, 150.0}},
            1.0,
            1},
      gap_ms{
          {{0.0, kAlmostNothing}, {0.48, 0.49}, {0.49, 0.8}, {0.75, 1.4}, {0.9, 4.0}, {1.0, 15.0}},
          1.0,
          0},
      lag_ms{{{0.0, kAlmostNothing},
              {0.62, 0.49},
              {0.63, 0.8},
              {0.80, 1.4},
              {0.92, 2.4},
              {0.97, 4.5},
              {0.995, 14.0},
              {0.9997, 60.0},
              {1.0, 180.0}},
             1.0,
             0} {}

}  // namespace toxvol::synth
