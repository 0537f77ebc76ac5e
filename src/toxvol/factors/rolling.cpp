#include "toxvol/factors/rolling.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/compensated_sum.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

double clip(double z, double limit) noexcept {
  return std::clamp(z, -limit, limit);
}

RollingMoments::RollingMoments(Duration window) : length_{window} {
  TOXVOL_ASSERT(window > Duration::zero());
}

void RollingMoments::advance(Timestamp now) {
  const Timestamp first = now - length_;  // still inside (Z1)
  while (!window_.empty() && window_.front().ts < first) {
    const double distance = window_.front().value - shift_;
    first_.remove(distance);
    second_.remove(distance * distance);
    window_.pop_front();
    ++removed_;
  }
  // G10; and once the whole window has been replaced, for windows much shorter than a day.
  const Day day = day_of(now);
  if (day != day_ || removed_ > count()) {
    recompute();
    day_ = day;
  }
}

void RollingMoments::add(Timestamp ts, double value) {
  TOXVOL_ASSERT(std::isfinite(value));
  TOXVOL_ASSERT(window_.empty() || window_.back().ts < ts);
  if (window_.empty()) shift_ = value;
  window_.push_back({.ts = ts, .value = value});
  const double distance = value - shift_;
  first_.add(distance);
  second_.add(distance * distance);
}

void RollingMoments::recompute() {
  removed_ = 0;
  first_.reset();
  second_.reset();
  if (window_.empty()) return;
  CompensatedSum total;
  for (std::size_t i = 0; i < window_.size(); ++i) total.add(window_[i].value);
  shift_ = total.value() / static_cast<double>(window_.size());
  for (std::size_t i = 0; i < window_.size(); ++i) {
    const double distance = window_[i].value - shift_;
    first_.add(distance);
    second_.add(distance * distance);
  }
}

double RollingMoments::mean() const noexcept {
  return shift_ + first_.value() / static_cast<double>(window_.size());
}

double RollingMoments::sd() const noexcept {
  const auto n = static_cast<double>(window_.size());
  const double first = first_.value();
  const double squares = second_.value() - first * first / n;
  return std::sqrt(std::max(squares, 0.0) / (n - 1.0));
}

ZScore::ZScore(const Params& params) : params_{params}, moments_{params.window} {
  TOXVOL_ASSERT(params.min_count >= 2 && params.floor > 0.0 && params.clip > 0.0);
}

Value ZScore::update(Timestamp ts, Value x) {
  if (params_.fixed) {
    if (!x) return std::nullopt;
    return clip((*x - params_.fixed->mean) / std::max(params_.fixed->sd, params_.floor),
                params_.clip);
  }
  moments_.advance(ts);
  if (!x) return std::nullopt;  // Z2
  Value z;
  if (moments_.count() >= params_.min_count) {  // Z4
    const double spread = std::max(moments_.sd(), params_.floor);
    z = clip((*x - moments_.mean()) / spread, params_.clip);  // Z3
  }
  moments_.add(ts, *x);
  return z;
}

EventWindow::EventWindow(std::int64_t events) : events_{events} {
  TOXVOL_ASSERT(events >= 1);
}

void EventWindow::add(double value) {
  TOXVOL_ASSERT(std::isfinite(value));
  if (count() == events_) window_.pop_front();
  window_.push_back(value);
}

double EventWindow::mean() const {
  CompensatedSum total;
  for (std::size_t i = 0; i < window_.size(); ++i) total.add(window_[i]);
  return total.value() / static_cast<double>(window_.size());
}

double EventWindow::sd() const {
  const double centre = mean();
  CompensatedSum squares;
  for (std::size_t i = 0; i < window_.size(); ++i) {
    const double distance = window_[i] - centre;
    squares.add(distance * distance);
  }
  return std::sqrt(squares.value() / (static_cast<double>(window_.size()) - 1.0));
}

double EventWindow::rms() const {
  CompensatedSum squares;
  for (std::size_t i = 0; i < window_.size(); ++i) squares.add(window_[i] * window_[i]);
  return std::sqrt(squares.value() / static_cast<double>(window_.size()));
}

EventZScore::EventZScore(const Params& params) : params_{params}, window_{params.events} {
  TOXVOL_ASSERT(params.min_count >= 2 && params.floor > 0.0 && params.clip > 0.0);
}

Value EventZScore::update(double x) {
  Value z;
  if (window_.count() >= params_.min_count) {  // Z4
    const double spread = std::max(window_.sd(), params_.floor);
    z = clip((x - window_.mean()) / spread, params_.clip);  // Z3
  }
  window_.add(x);
  return z;
}

}  // namespace toxvol::factors
