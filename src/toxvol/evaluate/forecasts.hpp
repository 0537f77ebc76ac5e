#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/minutes.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::evaluate {

/// Which forecast of volatility is closest to what came (R47–R49): docs/evaluate.md.

/// A forecast of the variance of the next `horizon` minutes, and that variance.
struct ForecastPoint {
  Timestamp ts{};
  Value y{};  // empty where too few of the minutes are there
  Value f{};
};
/// At each row end that is a multiple of `horizon` minutes, so that outcomes never overlap. `model`
/// is a name of `forecast_models`.
[[nodiscard]] std::vector<ForecastPoint> forecast_points(const Rows& rows, const Minutes& minutes,
                                                         const factors::VolatilityParams& params,
                                                         std::int64_t horizon,
                                                         std::string_view model);
/// The same, each forecast × Σy/Σf over the points before it at which both are above 0; empty below
/// 30 of those.
[[nodiscard]] std::vector<ForecastPoint> scaled(std::vector<ForecastPoint> points);

/// A line of forecasts.parquet.
struct ForecastRow {
  std::int64_t horizon_min = 0;
  std::string_view model;
  bool is_scaled = false;
  std::int64_t n = 0;
  std::int64_t dropped = 0;  // points at which a model of the table, or the outcome, is missing
  std::optional<double> qlike{}, mse{}, bias{};
  std::optional<double> dm_qlike{}, p_qlike{}, t_nw_qlike{}, dm_mse{}, p_mse{};  // against har
  std::optional<double> mz_a{}, mz_b{}, mz_p{}, gls_a{}, gls_b{}, gls_p{}, r2{};
  std::optional<double> spa_p{};  // is any of the table better than har?
  std::optional<std::string_view> note{};
};

template <class Visit>
void columns(const ForecastRow& row, Visit&& column) {
  column("horizon_min", row.horizon_min);
  column("model", row.model);
  column("scaled", row.is_scaled);
  column("n", row.n);
  column("dropped", row.dropped);
  column("qlike", row.qlike);
  column("mse", row.mse);
  column("bias", row.bias);
  column("dm_qlike", row.dm_qlike);
  column("p_qlike", row.p_qlike);
  column("t_nw_qlike", row.t_nw_qlike);
  column("dm_mse", row.dm_mse);
  column("p_mse", row.p_mse);
  column("mz_a", row.mz_a);
  column("mz_b", row.mz_b);
  column("mz_p", row.mz_p);
  column("gls_a", row.gls_a);
  column("gls_b", row.gls_b);
  column("gls_p", row.gls_p);
  column("r2", row.r2);
  column("spa_p", row.spa_p);
  column("note", row.note);
}

/// The tables of one horizon: first all models but the fitted ones, then `har_log` and, for a day,
/// `har_ols` over the points at which they are known.
[[nodiscard]] std::vector<ForecastRow> forecast_table(const Rows& rows, const Minutes& minutes,
                                                      const factors::VolatilityParams& params,
                                                      std::int64_t horizon,
                                                      const stats::Resampling& how);

/// Minutes: 15, 60, 240, 1440.
[[nodiscard]] const std::vector<std::int64_t>& forecast_horizons();

}  // namespace toxvol::evaluate
