#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "toxvol/core/time.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"

namespace toxvol::study {

/// One run less another over the units that both have (R20), each series by itself.
struct RunPair {
  std::int64_t n = 0;  // common units
  std::optional<Timestamp> from;
  std::optional<Timestamp> to;
  stats::Pair net;  // per unit
  stats::Pair px;
  std::optional<Note> note;  // why a figure is null
};
[[nodiscard]] RunPair pair_of(const UnitReturns& base, const UnitReturns& other,
                              stats::Resampling how);

/// How a pair is shown: the mean in basis points a day, ratios a year (R4, R20).
class PairScale {
 public:
  explicit PairScale(Unit unit)
      : daily_{1e4 * units_in(kDay, unit)}, annual_{std::sqrt(units_in(365 * kDay, unit))} {}

  template <class Visit>
  void mean(const std::string& prefix, const stats::Pair& pair, Visit&& column) const {
    column(prefix + "mean_bp_day", scaled(pair.d, daily_));
    column(prefix + "lo", end(pair.range, &stats::Range::lo, daily_));
    column(prefix + "hi", end(pair.range, &stats::Range::hi, daily_));
    column(prefix + "t", pair.t);
    column(prefix + "p", pair.p);
  }
  template <class Visit>
  void sharpe(const std::string& prefix, const stats::Pair& pair, Visit&& column) const {
    column(prefix + "sharpe", scaled(pair.d_sharpe, annual_));
    column(prefix + "sharpe_lo", end(pair.d_sharpe_range, &stats::Range::lo, annual_));
    column(prefix + "sharpe_hi", end(pair.d_sharpe_range, &stats::Range::hi, annual_));
  }

 private:
  static double units_in(Duration whole, Unit unit) {
    return static_cast<double>(whole.count()) / static_cast<double>(length_of(unit).count());
  }
  static std::optional<double> scaled(const std::optional<double>& x, double factor) {
    return x ? std::optional{*x * factor} : std::nullopt;
  }
  static std::optional<double> end(const std::optional<stats::Range>& range,
                                   double stats::Range::* side, double factor) {
    return range ? std::optional{(*range).*side * factor} : std::nullopt;
  }

  double daily_;
  double annual_;
};

}  // namespace toxvol::study
