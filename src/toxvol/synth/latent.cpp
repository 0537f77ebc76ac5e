#include "toxvol/synth/latent.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "toxvol/synth/params.hpp"
#include "toxvol/synth/random.hpp"

namespace toxvol::synth {

namespace {

// sd of a one-minute log return: 6.2 bp is 45 % a year.
constexpr double kMeanSigma = 6.2e-4;

// sd of the Ornstein-Uhlenbeck parts of log volatility and log activity.
constexpr double kSlowSd = 0.30;
constexpr double kFastSd = 0.33;
constexpr double kPaceSd = 0.30;
// Activity rises with volatility, less than in proportion (corr(volume, |r|) of 0.43 on klines).
constexpr double kActivityPerVolatility = 0.7;

// Decay a minute: 2^(-1 / half-life in minutes), written out so that no compiler computes it.
constexpr double kSlowDecay = 0.99903779;      // 720
constexpr double kFastDecay = 0.98851402;      // 60
constexpr double kPaceDecay = 0.93303299;      // 10
constexpr double kPressureDecay = 0.87055056;  // 5
constexpr double kCrowdDecay = 0.99967915;     // 2160
constexpr double kShortDecay = 0.97715997;     // 30
constexpr double kLongDecay = 0.99807641;      // 360

// A plant speaks of pressure beyond the 80 % point of |N(0,1)|, 1.2816: its mean there is 1.7550,
// and the 15 minutes after it carry sum_{k=1..15} decay^k of it.
constexpr double kMeanStrongPressure = 1.7550;
constexpr double kPlantMinutes = 15.0;

// sigma over 30 minutes below this share of that over 6 hours is compressed: a fifth of the time.
constexpr double kCompressed = 0.80;
constexpr double kCrowded = 1.2;  // |crowd| beyond it: 23 % of the time
// While a planted unwinding runs, the crowd thins out by this share a minute.
constexpr double kUnwind = 0.002;

// Log of the relative volatility by hour UTC: quiet before Europe, a peak as America opens.
constexpr std::array<double, 24> kHourly{0.05,  0.00,  -0.05, -0.12, -0.18, -0.20, -0.15, -0.08,
                                         -0.02, -0.02, -0.05, -0.05, 0.02,  0.15,  0.28,  0.28,
                                         0.20,  0.12,  0.05,  0.02,  0.00,  -0.02, -0.05, 0.02};

double time_of_day(std::int64_t open_ms) {
  const std::int64_t minute = open_ms / 60'000 % 1440;
  const auto hour = static_cast<std::size_t>(minute / 60);
  const double into = static_cast<double>(minute % 60) / 60.0;
  return kHourly[hour] + (kHourly[(hour + 1) % 24] - kHourly[hour]) * into;
}

double decayed(double state, double decay, double sd, Rng& rng) {
  return decay * state + sd * std::sqrt(1.0 - decay * decay) * rng.normal();
}

double drift_of_edge(double edge_bp) {
  double reach = 0.0;
  double power = 1.0;
  for (int k = 0; k < static_cast<int>(kPlantMinutes); ++k) reach += power *= kPressureDecay;
  return edge_bp * 1e-4 / (kMeanStrongPressure * reach);
}

}  // namespace

Latent::Latent(const Params& params)
    : plant_{params.plant},
      drift_per_pressure_{params.plant == Plant::None ? 0.0 : drift_of_edge(params.edge_bp)},
      variance_short_{kMeanSigma * kMeanSigma},
      variance_long_{kMeanSigma * kMeanSigma} {}

Minute Latent::step(std::int64_t open_ms, Rng& rng) {
  // Last minute's pressure drifts this minute's price: whoever saw the one can have the other.
  const double drift = planted_drift();

  slow_ = decayed(slow_, kSlowDecay, kSlowSd, rng);
  fast_ = decayed(fast_, kFastDecay, kFastSd, rng);
  pace_ = decayed(pace_, kPaceDecay, kPaceSd, rng);
  pressure_ = decayed(pressure_, kPressureDecay, 1.0, rng);
  crowd_ = decayed(crowd_, kCrowdDecay, 1.0, rng);

  const double variance = kSlowSd * kSlowSd + kFastSd * kFastSd;
  const double diurnal = time_of_day(open_ms);
  Minute minute;
  // The mean of exp(2x) is exp(2 var): so the mean square is kMeanSigma's.
  minute.sigma = kMeanSigma * exp_of(slow_ + fast_ + diurnal - variance);
  minute.activity = exp_of(
      kActivityPerVolatility * (slow_ + fast_) + diurnal + pace_ -
      0.5 * (kActivityPerVolatility * kActivityPerVolatility * variance + kPaceSd * kPaceSd));
  minute.pressure = pressure_;
  minute.drift = drift;
  minute.crowd = crowd_;

  const double square = minute.sigma * minute.sigma;
  variance_short_ += (1.0 - kShortDecay) * (square - variance_short_);
  variance_long_ += (1.0 - kLongDecay) * (square - variance_long_);
  return minute;
}

double Latent::planted_drift() {
  switch (plant_) {
    case Plant::None:
      return 0.0;
    case Plant::Momentum:
      if (variance_short_ > kCompressed * kCompressed * variance_long_) return 0.0;
      return drift_per_pressure_ * pressure_;
    case Plant::Crowding:
      // Only flow against the crowd moves the price: the unwinding.
      if (std::abs(crowd_) < kCrowded || (crowd_ > 0.0) == (pressure_ > 0.0)) return 0.0;
      crowd_ *= 1.0 - kUnwind * std::abs(pressure_);
      return drift_per_pressure_ * pressure_;
  }
  return 0.0;
}

}  // namespace toxvol::synth
