#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/ring_buffer.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

inline constexpr std::size_t kHarHorizons = 3;
/// Realised variance a day over the three horizons.
using HarVector = std::array<Value, kHarHorizons>;

/// Walk-forward HAR in logarithms: a day's ln RV on the ln RV of three horizons at its start, by
/// least squares, fitted anew at each 00:00 UTC (V9). Definition: docs/factors/har_log.md
class HarLog {
 public:
  /// `min_days` ≥ 5 rows are needed, the last `fit_days` days are used.
  HarLog(int min_days, int fit_days);

  /// The day that ends at `end` had `realized` (variance a day) and began with `at_start`. A day
  /// where one of these is empty or 0 makes no row. Then fits.
  void end_day(Day end, Value realized, const HarVector& at_start);

  /// The expected variance a day: exp(ŷ + s²/2). Empty without a fit, or where one of `now` is
  /// empty or 0.
  [[nodiscard]] Value predict(const HarVector& now) const;

 private:
  struct Row {
    Day start{};
    double y = 0.0;
    std::array<double, kHarHorizons> x{};
  };
  struct Fit {
    double intercept = 0.0;
    std::array<double, kHarHorizons> slope{};
    double residual_variance = 0.0;
  };

  void fit();

  int min_days_;
  int fit_days_;
  RingBuffer<Row> rows_;
  std::vector<std::array<double, kHarHorizons + 1>> work_;
  std::optional<Fit> fit_;
};

}  // namespace toxvol::factors
