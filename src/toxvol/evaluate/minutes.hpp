#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/ewma.hpp"
#include "toxvol/factors/har_log.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::evaluate {

using factors::Value;

/// A closed minute of the klines, warm-up included.
struct Minute {
  Timestamp ts{};  // its end
  Value square{};  // of its log return; empty where the minute before has no bar (V3)
  double volume = 0.0;
  Value quote_volume{};  // empty where a store of bars does not have it
  Value count{};         // of trades; the same
  /// Variances per minute of the last bars with volume, as many as volatility.half_life_short has
  /// minutes; empty below.
  Value parkinson{}, garman_klass{}, rogers_satchell{};
  Value ewma_square{};  // of squared returns, over half_life_long bars with volume (V2)
  /// At the end of a UTC day: the next day's variance by the level HAR that was fitted then (R47).
  Value har_ols{};
};

/// The minutes of a market, and sums over them.
class Minutes {
 public:
  explicit Minutes(const factors::VolatilityParams& params);

  /// Bars in ascending order.
  void add(const Bar& bar);

  [[nodiscard]] const std::vector<Minute>& all() const { return minutes_; }
  [[nodiscard]] const Minute* at(Timestamp ts) const;

  /// Σ of squared returns over the `length` minutes to `end`, scaled where some are missing; empty
  /// below 95 % of them (V8).
  [[nodiscard]] Value variance(Timestamp end, std::int64_t length) const;
  /// The same of a member, whole up to an hour, 95 % beyond (G6).
  [[nodiscard]] Value sum(Timestamp end, std::int64_t length, Value Minute::* member) const;
  [[nodiscard]] Value volume(Timestamp end, std::int64_t length) const;

 private:
  /// Realised variance a day over volatility.har_horizons.
  using HarValues = std::array<double, factors::kHarHorizons>;
  /// A completed day: its variance, and what was known when it began.
  struct DayRow {
    Day start{};
    double y = 0.0;
    HarValues x{};
  };
  struct Window {
    double sum = 0.0;
    std::int64_t count = 0;
  };

  template <class Get>
  [[nodiscard]] Window window(Timestamp end, std::int64_t length, Get get) const;
  [[nodiscard]] std::optional<HarValues> har_values(Day day) const;
  void end_days(Day end);
  [[nodiscard]] Value fit_har(Day end);

  factors::VolatilityParams params_;
  std::size_t ranges_;  // bars of the mean variances
  std::vector<Minute> minutes_;
  std::vector<std::array<double, 3>> fed_;  // range variances of bars with volume
  factors::Ewma squares_;
  std::vector<DayRow> days_;
  std::optional<Bar> previous_{};
  std::optional<Day> next_day_{};  // whose end was not looked at yet
};

}  // namespace toxvol::evaluate
