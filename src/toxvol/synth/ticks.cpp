#include "toxvol/synth/ticks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "toxvol/core/market.hpp"
#include "toxvol/synth/latent.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/random.hpp"

namespace toxvol::synth {

namespace {

// Mean rates at intensity 1 (D4: 16.6 M quote rows and 1.3 M aggTrades a day).
constexpr double kRowsPerSecond = 190.0;
constexpr double kRowsPerBurst = 4.2;
constexpr double kMove = 0.08;
constexpr double kMoveTraded = 0.8;
constexpr double kTrade = 0.25;
constexpr double kTradeExponent = 2.0 / 3.0;
constexpr double kSweepsAtMost = 0.55;  // of the moments with a trade
// Means of the tables and of sweeps.
constexpr double kMovesThatMove = 0.95;
constexpr double kUnitsOfTrade = 0.205;
constexpr double kUnitsOfSweep = 0.60;
constexpr double kFillsOfTrade = 2.3;
constexpr double kFillsOfSweep = 6.0;
constexpr double kLargeOrder = 0.5;  // units
constexpr double kFullQueue = 4.5;   // units

// Of the takers' mood and the book's lean, a second: half-lives of three and five seconds.
constexpr double kMoodDecay = 0.79370053;
constexpr double kMoodNoise = 0.60830;  // sqrt(1 - decay^2)
constexpr double kLeanDecay = 0.87055056;
constexpr double kLeanNoise = 0.49207;

// What makes takers buy: pressure of minutes, mood of seconds, and this second's return, in sd.
constexpr double kFlowOfPressure = 0.40;
constexpr double kFlowOfMood = 0.55;
constexpr double kFlowOfReturn = 0.9;
constexpr double kLargeFlowOfReturn = 2.5;  // more, for those who move the price
constexpr double kLargeFlowOfPressure = 0.7;
constexpr double kLargeAtRest = 0.10;
constexpr double kLargeOfMove = 0.60;
// What makes bids larger than asks, in log queue.
constexpr double kLeanOfPressure = 0.40;
constexpr double kLeanOfNoise = 1.20;

// Where trade ids and update ids stood around the turn of 2024; only their growth means anything.
constexpr std::int64_t kFirstAggId = 1'990'000'000;
constexpr std::int64_t kFirstTradeId = 4'440'000'000;
constexpr std::int64_t kFirstUpdateId = 3'790'000'000'000;

}  // namespace

Pace::Pace(double intensity) {
  // With fewer rows the bursts get shorter as well as rarer, so that quotes do not go stale; the
  // price may move in more of them, or it would lag behind its volatility.
  const double thinned = std::min(1.0, std::sqrt(std::sqrt(intensity)));
  const double rows = 1.0 + (kRowsPerBurst - 1.0) * thinned;
  move = std::min(0.6, kMove / std::min(1.0, std::sqrt(intensity)));
  bursts_per_s = kRowsPerSecond * intensity / (rows + move);
  more_rows = 1.0 - 1.0 / rows;

  // Trades thin out less than quotes, with intensity^(2/3): bars of a handful of trades would have
  // neither the range nor the flow that the factors are made of.
  const double scale = std::max(intensity, exp_of(log_of(intensity) * kTradeExponent));
  const double full = kRowsPerSecond / (kRowsPerBurst + kMove);
  const double takers = full * (kTrade + kMove * kMoveTraded) * scale / bursts_per_s;
  const double moves = std::min(move * kMoveTraded, kSweepsAtMost * takers);
  move_traded = moves / move;
  trade = std::min(takers - moves, 1.0 - move);

  const double sweeps = bursts_per_s * move * move_traded * kMovesThatMove;
  const double trades = bursts_per_s * trade;
  takers_per_s = sweeps + trades;
  units_per_minute = 60.0 * (trades * kUnitsOfTrade + sweeps * kUnitsOfSweep);
  count_per_minute = 60.0 * (trades * kFillsOfTrade + sweeps * kFillsOfSweep);
}

TickMarket::TickMarket(const Params& params, const Contract& contract)
    : pace_{params.intensity},
      tables_{lots_per_unit(params.start_price, contract)},
      start_ticks_{params.start_price / contract.tick},
      large_{static_cast<std::int64_t>(kLargeOrder * lots_per_unit(params.start_price, contract))},
      full_queue_{
          static_cast<std::int64_t>(kFullQueue * lots_per_unit(params.start_price, contract))},
      agg_id_{kFirstAggId},
      trade_id_{kFirstTradeId} {}

void TickMarket::start(double log_price, std::int64_t day_ms, Rng& rng) {
  log_price_ = log_price;
  book_.update_id = kFirstUpdateId;
  book_.bid = static_cast<std::int64_t>(start_ticks_ * exp_of(log_price));
  book_.ask = book_.bid + 1;
  book_.bid_lots = fresh_queue(Side::Buy, rng);
  book_.ask_lots = fresh_queue(Side::Sell, rng);
  book_.time_ms = book_.sent_ms = day_ms;
  last_price_ = book_.bid;
}

TickMarket::Second TickMarket::next_second(const Minute& latent, Rng& rng) {
  seconds_.step(rng);
  Second second;
  second.bursts_per_ms = pace_.bursts_per_s * latent.activity * seconds_.rate() / 1000.0;

  const double sigma = latent.sigma * std::sqrt(seconds_.variance() / 600.0);  // a tenth
  const double base = start_ticks_ * exp_of(log_price_);
  double sum = 0.0;
  for (double& ticks : second.ticks) {
    sum += sigma * rng.normal() + latent.drift / 600.0;
    // exp(sum) to the third order: a second moves the price by less than a thousandth.
    ticks = base * (1.0 + sum * (1.0 + sum * (0.5 + sum / 6.0)));
  }
  log_price_ += sum;

  mood_ = kMoodDecay * mood_ + kMoodNoise * rng.normal();
  lean_ = kLeanDecay * lean_ + kLeanNoise * rng.normal();
  const double surprise = sum / (sigma * std::sqrt(10.0));
  const double pull =
      kFlowOfPressure * latent.pressure + kFlowOfMood * mood_ + kFlowOfReturn * surprise;
  flow_ = pull / std::sqrt(1.0 + pull * pull);
  const double large =
      pull + kLargeFlowOfReturn * surprise + kLargeFlowOfPressure * latent.pressure;
  large_share_ = std::min(1.0, kLargeAtRest + kLargeOfMove * surprise * surprise);
  large_flow_ = large / std::sqrt(1.0 + large * large);
  const double lean = exp_of(0.5 * (kLeanOfPressure * latent.pressure + kLeanOfNoise * lean_));
  bid_scale_ = lean;
  ask_scale_ = 1.0 / lean;
  return second;
}

std::int64_t TickMarket::fresh_queue(Side side, Rng& rng) const {
  const double scale = side == Side::Buy ? bid_scale_ : ask_scale_;
  return std::max<std::int64_t>(
      2, static_cast<std::int64_t>(static_cast<double>(tables_.queue_lots.draw(rng)) * scale));
}

void TickMarket::follow(Side moved, std::int64_t left_open, Rng& rng) {
  if (moved == Side::Buy) {
    book_.bid = std::max(book_.bid, book_.ask - 1 - left_open);
    book_.bid_lots = fresh_queue(Side::Buy, rng);
  } else {
    book_.ask = std::min(book_.ask, book_.bid + 1 + left_open);
    book_.ask_lots = fresh_queue(Side::Sell, rng);
  }
}

}  // namespace toxvol::synth
