#include "toxvol/report/sampler.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/assert.hpp"

namespace toxvol::report {

Sampler::Sampler(const Options& options)
    : options_{options},
      buckets_{options.rows > static_cast<std::int64_t>(options.max_points)
                   ? std::max<std::size_t>(1, options.max_points / 2)
                   : 0},
      extremes_(options.series) {
  sampled_.values.resize(options.series);
}

void Sampler::add(double time, std::span<const std::optional<double>> values) {
  TOXVOL_ASSERT(values.size() == options_.series);
  const bool is_gap = has_rows_ && options_.max_step && time - last_ > *options_.max_step;
  if (buckets_ == 0) {
    if (is_gap) put_gap((last_ + time) / 2.0);
    sampled_.times.push_back(time);
    for (std::size_t i = 0; i < values.size(); ++i) sampled_.values[i].push_back(values[i]);
    last_ = time;
    has_rows_ = true;
    return;
  }
  const double span = options_.to - options_.from;
  const double place = span > 0.0 ? std::clamp((time - options_.from) / span, 0.0, 1.0) : 0.0;
  const auto bucket =
      std::min(buckets_ - 1, static_cast<std::size_t>(place * static_cast<double>(buckets_)));
  if (bucket_ != bucket) {
    flush();
    // Inside a bucket a gap is thinner than a pixel of the chart.
    if (is_gap) put_gap((last_ + time) / 2.0);
    bucket_ = bucket;
    first_ = time;
  }
  last_ = time;
  has_rows_ = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::optional<double>& value = values[i];
    if (!value) continue;
    Extremes& seen = extremes_[i];
    if (!seen.low || *value < *seen.low) {
      seen.low = value;
      seen.low_first = false;
    }
    if (!seen.high || *value > *seen.high) {
      seen.high = value;
      seen.low_first = true;
    }
  }
}

void Sampler::flush() {
  if (!bucket_) return;
  const bool is_single = first_ == last_;
  sampled_.times.push_back(first_);
  if (!is_single) sampled_.times.push_back(last_);
  for (std::size_t i = 0; i < extremes_.size(); ++i) {
    const Extremes& seen = extremes_[i];
    std::vector<std::optional<double>>& to = sampled_.values[i];
    to.push_back(seen.low_first ? seen.low : seen.high);
    if (!is_single) to.push_back(seen.low_first ? seen.high : seen.low);
    extremes_[i] = Extremes{};
  }
  bucket_.reset();
}

void Sampler::put_gap(double time) {
  sampled_.times.push_back(time);
  for (auto& series : sampled_.values) series.emplace_back();
}

Sampled Sampler::finish() {
  flush();
  return std::move(sampled_);
}

void Stretches::add(double from, double to) {
  if (!all_.empty() && from - all_.back().second <= min_gap_) {
    all_.back().second = std::max(all_.back().second, to);
  } else {
    all_.emplace_back(from, to);
    while (all_.size() > max_stretches_) merge(std::max(1.0, 2.0 * min_gap_));
  }
}

void Stretches::merge(double gap) {
  min_gap_ = gap;
  const std::vector<std::pair<double, double>> finer = std::exchange(all_, {});
  for (const auto& [from, to] : finer) {
    if (!all_.empty() && from - all_.back().second <= gap) {
      all_.back().second = to;
    } else {
      all_.emplace_back(from, to);
    }
  }
}

}  // namespace toxvol::report
