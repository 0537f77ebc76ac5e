#include "toxvol/evaluate/minutes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/factors/minute_sums.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/range_estimators.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/regression.hpp"

namespace toxvol::evaluate {

namespace {

constexpr std::int64_t kLeastPercent = 95;  // V8

}  // namespace

Minutes::Minutes(const factors::VolatilityParams& params)
    : params_{params},
      ranges_{static_cast<std::size_t>(params.half_life_short / kMinute)},
      squares_{params.half_life_long / kMinute} {}

void Minutes::add(const Bar& bar) {
  Minute minute{.ts = bar.ts_event, .volume = bar.volume.to_double()};
  if (previous_ && bar.ts_event - previous_->ts_event == kMinute) {
    const double r = factors::log_ratio(bar.close, previous_->close);
    minute.square = r * r;
  }
  if (bar.count > 0 || bar.volume.raw() == 0) {
    minute.quote_volume = bar.quote_volume.to_double();
    minute.count = static_cast<double>(bar.count);
  }
  if (bar.volume.raw() > 0) {
    fed_.push_back({factors::parkinson_variance(bar), factors::garman_klass_variance(bar),
                    factors::rogers_satchell_variance(bar)});
    if (minute.square) squares_.update(*minute.square);
  }
  if (fed_.size() >= ranges_) {
    std::array<double, 3> sums{};
    for (std::size_t i = fed_.size() - ranges_; i < fed_.size(); ++i) {
      for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += fed_[i][k];
    }
    const auto count = static_cast<double>(ranges_);
    minute.parkinson = sums[0] / count;
    minute.garman_klass = sums[1] / count;
    minute.rogers_satchell = sums[2] / count;
  }
  minute.ewma_square = squares_.value();
  previous_ = bar;
  minutes_.push_back(minute);
  if (const Day day = day_of(bar.ts_event); Timestamp{day} == bar.ts_event) {
    end_days(day);
    minutes_.back().har_ols = fit_har(day);
  }
}

std::optional<Minutes::HarValues> Minutes::har_values(Day day) const {
  HarValues values{};
  for (std::size_t k = 0; k < values.size(); ++k) {
    const std::int64_t days = params_.har_horizons[k];
    const Value sum = variance(Timestamp{day}, days * kMinutesPerDay);
    if (!sum) return std::nullopt;
    values[k] = *sum / static_cast<double>(days);
  }
  return values;
}

void Minutes::end_days(Day end) {
  constexpr Day::duration kOneDay{1};
  if (!next_day_) next_day_ = day_of(minutes_.front().ts - kMinute);
  for (; *next_day_ < end; *next_day_ += kOneDay) {
    const Value y = variance(Timestamp{*next_day_ + kOneDay}, kMinutesPerDay);
    const auto x = har_values(*next_day_);
    if (y && x) days_.push_back({.start = *next_day_, .y = *y, .x = *x});
  }
}

Value Minutes::fit_har(Day end) {
  const Day first = end - Day::duration{params_.har_fit_days};
  std::erase_if(days_, [first](const DayRow& day) { return day.start < first; });
  const auto now = har_values(end);
  if (!now || days_.size() < static_cast<std::size_t>(params_.har_min_days)) return std::nullopt;
  std::vector<double> y(days_.size());
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = days_[i].y;
  stats::Matrix x{days_.size(), now->size() + 1};
  x.set_column(0, std::vector<double>(days_.size(), 1.0));
  for (std::size_t k = 0; k < now->size(); ++k) {
    std::vector<double> column(days_.size());
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = days_[i].x.at(k);
    x.set_column(k + 1, column);
  }
  const stats::Regression fit = stats::regress(y, x.view(), 0);
  double forecast = 0.0;
  for (std::size_t k = 0; k < fit.coefficients.size(); ++k) {
    const Value& coefficient = fit.coefficients[k];
    if (!coefficient) return std::nullopt;
    forecast += *coefficient * (k == 0 ? 1.0 : now->at(k - 1));
  }
  return std::max(forecast, *std::min_element(y.begin(), y.end()));
}

const Minute* Minutes::at(Timestamp ts) const {
  const auto found =
      std::lower_bound(minutes_.begin(), minutes_.end(), ts,
                       [](const Minute& minute, Timestamp at) { return minute.ts < at; });
  return found != minutes_.end() && found->ts == ts ? &*found : nullptr;
}

template <class Get>
Minutes::Window Minutes::window(Timestamp end, std::int64_t length, Get get) const {
  const auto first =
      std::upper_bound(minutes_.begin(), minutes_.end(), end - length * kMinute,
                       [](Timestamp at, const Minute& minute) { return at < minute.ts; });
  Window result;
  for (auto minute = first; minute != minutes_.end() && minute->ts <= end; ++minute) {
    const Value value = get(*minute);
    if (!value) continue;
    result.sum += *value;
    ++result.count;
  }
  return result;
}

Value Minutes::variance(Timestamp end, std::int64_t length) const {
  const Window seen = window(end, length, [](const Minute& minute) { return minute.square; });
  if (100 * seen.count < kLeastPercent * length) return std::nullopt;
  return seen.sum * static_cast<double>(length) / static_cast<double>(seen.count);
}

Value Minutes::sum(Timestamp end, std::int64_t length, Value Minute::* member) const {
  const Window seen =
      window(end, length, [member](const Minute& minute) { return minute.*member; });
  if (!factors::fills_window(seen.count, length)) return std::nullopt;
  return seen.sum * static_cast<double>(length) / static_cast<double>(seen.count);
}

Value Minutes::volume(Timestamp end, std::int64_t length) const {
  const Window seen =
      window(end, length, [](const Minute& minute) { return Value{minute.volume}; });
  if (!factors::fills_window(seen.count, length)) return std::nullopt;
  return seen.sum * static_cast<double>(length) / static_cast<double>(seen.count);
}

}  // namespace toxvol::evaluate
