#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/crowding.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/pressure.hpp"
#include "toxvol/factors/quantile.hpp"
#include "toxvol/factors/shared_part.hpp"
#include "toxvol/factors/toxicity.hpp"
#include "toxvol/factors/volatility.hpp"

namespace toxvol::factors {

/// Trailing quantiles of one column over decision rows (G7, Q2), at one or two levels.
class TrailingQuantiles {
 public:
  struct Values {
    Value first, second;
  };
  TrailingQuantiles(Duration window, const FactorParams& params, double first, double second);

  /// Of the rows before `ts`; then `value` counts among them if its row decides.
  Values update(Timestamp ts, bool decides, Value value);

 private:
  RollingQuantile prior_;
  std::int64_t min_count_;
  double first_;
  double second_;
};

using SharedVolatility = SharedPart<Volatility, VolatilityValues>;
using SharedPressure = SharedPart<Pressure, Pressure::Values>;
using SharedQuantiles = SharedPart<TrailingQuantiles, TrailingQuantiles::Values>;

/// Parts of a model that others may use too; null: the model has its own.
struct FactorParts {
  std::shared_ptr<SharedVolatility> volatility;
  std::shared_ptr<SharedQuantiles> compression;  // of f1
  std::shared_ptr<SharedPressure> pressure;
  std::shared_ptr<SharedQuantiles> strength;  // of |p|

  /// Adds the parts of a model of `theirs` that are the same in one of `own`, shown the same.
  void add_same(const FactorParams& own, const FactorParams& theirs, const FactorParts& made);
};

/// Minute rows, metrics and funding in; one row of factors for each minute row out. A function of
/// what it was given in that order: no clock, no randomness. Warm-up is rows given earlier (G3).
class FactorModel {
 public:
  /// Throws `Error` with the first problem of `check`. `parts`: of models of the same inputs.
  FactorModel(const FactorParams& params, Inputs inputs, const FactorParts& parts = {});

  [[nodiscard]] FactorParts parts() const {
    return {.volatility = volatility_.shared(),
            .compression = compression_.shared(),
            .pressure = pressure_.shared(),
            .strength = strength_.shared()};
  }

  /// A publication arrived. It counts from its own stamp and delay on (C2), never before.
  void on(const Metrics& metrics) { crowding_.on(metrics); }
  void on(const Funding& funding) { crowding_.on(funding); }

  /// Rows ascend. The result lives until the next call.
  const FactorRow& update(const MinuteRow& row);

 private:
  struct Previous {
    Timestamp ts{};
    Price close{};
  };

  void see_overdue(const MinuteRow& row);
  void write_market(const MinuteRow& row);
  void write_thresholds();
  [[nodiscard]] std::optional<double> log_return(const Bar& bar);

  FactorParams params_;
  Inputs inputs_;
  Inputs present_;  // inputs that are not overdue: what `mode` says
  SharedVolatility::User volatility_;
  SharedPressure::User pressure_;
  Toxicity toxicity_;
  Crowding crowding_;
  SharedQuantiles::User compression_;
  SharedQuantiles::User strength_;
  RollingQuantile tau_;  // of t, over decision rows
  std::int64_t tau_min_count_;
  std::optional<Previous> previous_;
  FactorRow row_;
};

}  // namespace toxvol::factors
