#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/crowding.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/pressure.hpp"
#include "toxvol/factors/quantile.hpp"
#include "toxvol/factors/toxicity.hpp"
#include "toxvol/factors/volatility.hpp"

namespace toxvol::factors {

/// Minute rows, metrics and funding in; one row of factors for each minute row out. A function of
/// what it was given in that order: no clock, no randomness. Warm-up is rows given earlier (G3).
class FactorModel {
 public:
  /// Throws `Error` with the first problem of `check`.
  FactorModel(const FactorParams& params, Inputs inputs);

  /// A publication arrived. It counts from its own stamp and delay on (C2), never before.
  void on(const Metrics& metrics) { crowding_.on(metrics); }
  void on(const Funding& funding) { crowding_.on(funding); }

  /// Rows ascend. The result lives until the next call.
  const FactorRow& update(const MinuteRow& row);

 private:
  /// A trailing quantile over decision rows (G7, Q2).
  struct Threshold {
    Threshold(Duration window, const FactorParams& params);
    RollingQuantile prior;
    std::int64_t min_count;
  };
  struct Previous {
    Timestamp ts{};
    Price close{};
  };

  void see_overdue(const MinuteRow& row);
  void write_market(const MinuteRow& row);
  void write_thresholds();
  void learn();
  [[nodiscard]] std::optional<double> log_return(const Bar& bar);

  FactorParams params_;
  Inputs inputs_;
  Inputs present_;  // inputs that are not overdue: what `mode` says
  Volatility volatility_;
  Pressure pressure_;
  Toxicity toxicity_;
  Crowding crowding_;
  Threshold compression_;  // of f1
  Threshold strength_;     // of |p|
  Threshold tau_;          // of t
  std::optional<Previous> previous_;
  FactorRow row_;
};

}  // namespace toxvol::factors
