#include "toxvol/factors/har.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/factors/har_log.hpp"
#include "toxvol/factors/minute_sums.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

constexpr Day::duration kOneDay{1};
// V8: a horizon needs this share of its minutes, however short it is.
constexpr std::int64_t kLeastPercent = 95;

MinuteSums<1> days(int count) {
  return MinuteSums<1>{count * kMinutesPerDay};
}

Value per_day(const MinuteSums<1>& window) {
  if (100 * window.count() < kLeastPercent * window.minutes()) return std::nullopt;
  return static_cast<double>(kMinutesPerDay) *
         (window.raw(0) / static_cast<double>(window.count()));
}

double restored(HarForm form, double y) {
  switch (form) {
    case HarForm::Level:
      return y;
    case HarForm::Sqrt:
      return y * y;
    case HarForm::Log:
      return std::exp(y);
  }
  return y;
}

}  // namespace

double har_transformed(HarForm form, double variance) {
  switch (form) {
    case HarForm::Level:
      return variance;
    case HarForm::Sqrt:
      return std::sqrt(variance);
    case HarForm::Log:
      return std::log(variance);
  }
  return variance;
}

Har::Har(const VolatilityParams& params)
    : params_{params},
      horizons_{days(params.har_horizons[0]), days(params.har_horizons[1]),
                days(params.har_horizons[2])},
      day_{days(1)},
      log_{params.har_min_days, params.har_fit_days} {}

void Har::update(Timestamp ts, Value r) {
  // A day that begins before the first row has nothing to end with.
  if (!next_midnight_) next_midnight_ = day_of(ts) + kOneDay;
  while (Timestamp{*next_midnight_} < ts) {  // the row of 00:00 is missing
    advance(Timestamp{*next_midnight_});
    end_day(*next_midnight_);
    *next_midnight_ += kOneDay;
  }
  advance(ts);
  if (r) {
    const double square = *r * *r;
    for (auto& horizon : horizons_) horizon.add(ts, {square});
    day_.add(ts, {square});
  }
  // A row belongs to the day of its open_time (G2), so the row of 00:00 ends the day before.
  if (Timestamp{*next_midnight_} == ts) {
    end_day(*next_midnight_);
    *next_midnight_ += kOneDay;
  }
}

void Har::advance(Timestamp now) {
  for (auto& horizon : horizons_) horizon.advance(now);
  day_.advance(now);
}

void Har::end_day(Day end) {
  const HarVector at_start = at_midnight_;
  at_midnight_ = rolling();
  last_day_ = {.end = end, .realized = per_day(day_), .before = at_start};
  log_.end_day(end, last_day_->realized, at_start);
}

HarVector Har::rolling() const {
  HarVector result;
  for (std::size_t i = 0; i < kHarHorizons; ++i) result[i] = per_day(horizons_[i]);
  return result;
}

HarVector Har::realized() const {
  return params_.har_rv == HarRv::Daily ? at_midnight_ : rolling();  // A7
}

Value Har::composite() const {
  const HarVector realized_variance = realized();
  double weighted = 0.0;
  double weight = 0.0;
  for (std::size_t i = 0; i < kHarHorizons; ++i) {
    const Value x = realized_variance[i];
    if (!x) continue;
    if (params_.har_form == HarForm::Log && *x <= 0.0) continue;  // has no logarithm
    weighted += params_.har_weights[i] * har_transformed(params_.har_form, *x);
    weight += params_.har_weights[i];
  }
  if (weight == 0.0) return std::nullopt;
  return restored(params_.har_form, weighted / weight);
}

}  // namespace toxvol::factors
