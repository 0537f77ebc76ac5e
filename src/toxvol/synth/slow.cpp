#include "toxvol/synth/slow.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "toxvol/synth/latent.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/random.hpp"
#include "toxvol/synth/rows.hpp"

namespace toxvol::synth {

namespace {

constexpr std::int64_t kFundingMs = 8 * 3'600'000;
constexpr std::int64_t kMetricsMs = 300'000;

constexpr double kVolumeNoise = 0.35;  // sd of the log

constexpr double kInterest = 10'000;  // 0.01 % in 1e-8
constexpr double kClamp = 50'000;     // 0.05 %
constexpr double kCap = 300'000;      // 0.3 %
// Crowding at the ends of the band of premiums that give exactly the interest rate: 41 % of
// settlements lie between, 16 % below, 43 % above (D10: 40.7 % exactly 1 bp, 13.5 % negative).
constexpr double kBandLow = -1.0;
constexpr double kBandHigh = 0.20;
constexpr double kPremiumPerCrowd = 45'000;  // beyond the band, 1e-8 per unit of crowding

constexpr double kOpenInterest = 82'000.0;   // BTC at 42,000
constexpr double kRetailDecay = 0.99903779;  // 720 minutes
constexpr double kTrendDecay = 0.99711603;   // 240 minutes
constexpr double kTopDecay = 0.98851402;     // 60 minutes

std::int64_t rounded(double x) {
  return static_cast<std::int64_t>(std::floor(x + 0.5));
}

/// Crowding to premium, in 1e-8: linear inside the band that the clamp hides, steeper outside.
double premium_of(double crowd) {
  constexpr double kLowEnd = kInterest - kClamp;
  constexpr double kHighEnd = kInterest + kClamp;
  if (crowd > kBandHigh) return kHighEnd + kPremiumPerCrowd * (crowd - kBandHigh);
  if (crowd < kBandLow) return kLowEnd + kPremiumPerCrowd * (crowd - kBandLow);
  return kLowEnd + (kHighEnd - kLowEnd) * (crowd - kBandLow) / (kBandHigh - kBandLow);
}

}  // namespace

std::int64_t funding_rate_e8(std::int64_t premium_e8) {
  constexpr auto kI = static_cast<std::int64_t>(kInterest);
  constexpr auto kC = static_cast<std::int64_t>(kClamp);
  constexpr auto kM = static_cast<std::int64_t>(kCap);
  return std::clamp(premium_e8 + std::clamp(kI - premium_e8, -kC, kC), -kM, kM);
}

CoarseMarket::CoarseMarket(const Params& params, const Contract& contract)
    : start_ticks_{params.start_price / contract.tick},
      pace_{params.intensity},
      lots_per_minute_{pace_.units_per_minute * lots_per_unit(params.start_price, contract)},
      steps_{pace_.takers_per_s > 1.0 ? 240 : 60},
      last_{static_cast<std::int64_t>(start_ticks_)} {}

KlineRow CoarseMarket::minute(std::int64_t open_ms, const Minute& latent, Rng& rng) {
  KlineRow row{.open_ms = open_ms, .open = last_, .high = last_, .low = last_, .close = last_};
  // As on the tick days the kline sees the price only where there is a trade: with few trades the
  // range is short of the path's.
  double sum = 0.0;
  bool traded = false;
  double sigma = 0.0;
  double idle = 1.0;  // probability of a step without a trade
  for (int step = 0; step < steps_; ++step) {
    if (step % (steps_ / 60) == 0 && (seconds_.step(rng) || step == 0)) {
      sigma = latent.sigma * std::sqrt(seconds_.variance() / steps_);
      idle = exp_of(-pace_.takers_per_s * latent.activity * seconds_.rate() * 60.0 / steps_);
    }
    const double change = sigma * rng.normal() + latent.drift / steps_;
    sum += change;
    log_price_ += change;
    if (rng.chance(idle) && (traded || step < steps_ - 1)) continue;
    row.close = static_cast<std::int64_t>(start_ticks_ * exp_of(log_price_));
    if (!traded) row.open = row.high = row.low = row.close;
    traded = true;
    row.high = std::max(row.high, row.close);
    row.low = std::min(row.low, row.close);
  }
  last_ = row.close;

  const double size = sum / latent.sigma;
  const double volume =
      latent.activity * exp_of(kVolumeNoise * rng.normal() - 0.5 * kVolumeNoise * kVolumeNoise +
                               0.25 * (std::abs(size) - 0.8));
  row.lots = std::max<std::int64_t>(2, rounded(lots_per_minute_ * volume));
  row.count = std::clamp<std::int64_t>(rounded(pace_.count_per_minute * volume), 1, row.lots);
  const double pull = 0.35 * latent.pressure + 0.35 * size + 0.35 * rng.normal();
  const double share = 0.5 + 0.4 * pull / std::sqrt(1.0 + pull * pull);
  row.buy_lots = rounded(static_cast<double>(row.lots) * share);
  const std::int64_t mean_price = (row.open + row.high + row.low + row.close) / 4;
  row.quote = row.lots * mean_price;
  row.buy_quote = row.buy_lots * mean_price;
  return row;
}

Positioning::Positioning(const Params& params, const Contract& contract)
    : mark_e4_per_tick_{contract.tick * 1e4},
      base_open_interest_{
          log_of(kOpenInterest * lots_per_unit(params.start_price, contract) * contract.lot)} {
  log_open_interest_ = base_open_interest_;
}

std::optional<FundingSample> Positioning::open_minute(std::int64_t open_ms, const Minute& latent,
                                                      Rng& rng) {
  std::optional<FundingSample> due;
  if (open_ms % kFundingMs == 0) {
    const double crowd = premium_minutes_ > 0 ? premium_sum_ / premium_minutes_ : latent.crowd;
    // Half of the settlements are stamped exactly on the hour, the rest up to 47 ms late (D9).
    const double u = rng.uniform();
    const double late = rng.uniform();
    const std::int64_t jitter =
        u < 0.49 ? 0 : 1 + static_cast<std::int64_t>(47.0 * late * late * late);
    due =
        FundingSample{.calc_ms = open_ms + jitter,
                      .rate_e8 = funding_rate_e8(rounded(premium_of(crowd + 0.1 * rng.normal())))};
    premium_sum_ = 0.0;
    premium_minutes_ = 0;
  }
  premium_sum_ += latent.crowd;
  ++premium_minutes_;
  return due;
}

std::optional<MetricsSample> Positioning::close_minute(const KlineRow& kline, const Minute& latent,
                                                       Rng& rng) {
  const double change = log_of(static_cast<double>(kline.close) / static_cast<double>(kline.open));
  const std::int64_t sell = kline.lots - kline.buy_lots;
  buy_lots_ += kline.buy_lots;
  sell_lots_ += sell;
  const double flow = kline.lots == 0 ? 0.0
                                      : static_cast<double>(kline.buy_lots - sell) /
                                            static_cast<double>(kline.lots);

  // Flow in the crowd's direction opens positions; a violent minute closes some by force.
  const double with_crowd = flow * std::clamp(latent.crowd, -2.0, 2.0);
  const double forced = std::max(0.0, std::abs(change) - 20e-4);
  const double target = base_open_interest_ + 0.04 * std::abs(latent.crowd);
  log_open_interest_ +=
      4e-4 * rng.normal() + 3e-4 * with_crowd - forced + 0.001 * (target - log_open_interest_);
  retail_ = kRetailDecay * retail_ + std::sqrt(1.0 - kRetailDecay * kRetailDecay) * rng.normal();
  top_ = kTopDecay * top_ + std::sqrt(1.0 - kTopDecay * kTopDecay) * rng.normal();
  trend_ = kTrendDecay * trend_ + change;

  const std::int64_t stamp = kline.open_ms + 60'000;
  if (stamp % kMetricsMs != 0) return std::nullopt;
  // Small accounts lean with the crowd and against the last hours' move.
  const double small = 0.12 * latent.crowd + 0.06 * retail_ - 4.0 * trend_;
  const MetricsSample sample{
      .stamp_ms = stamp,
      .open_interest_e3 = rounded(exp_of(log_open_interest_) * 1e3),
      .mark_e4 = rounded(static_cast<double>(kline.close) * mark_e4_per_tick_ *
                         (1.0 + 1e-5 * rng.normal())),
      .toptrader_count_ls = exp_of(0.10 + 0.9 * small + 0.01 * top_),
      .toptrader_sum_ls = exp_of(0.25 + 0.03 * latent.crowd + 0.02 * top_),
      .count_ls = exp_of(0.15 + small + 0.003 * rng.normal()),
      .taker_ls = static_cast<double>(std::max<std::int64_t>(buy_lots_, 1)) /
                  static_cast<double>(std::max<std::int64_t>(sell_lots_, 1))};
  buy_lots_ = sell_lots_ = 0;
  return sample;
}

}  // namespace toxvol::synth
