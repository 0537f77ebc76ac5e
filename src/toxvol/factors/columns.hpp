#pragma once

#include <string_view>

#include "toxvol/factors/factor_row.hpp"

namespace toxvol::factors {

/// A column of the minute table that is a number: what it is called and means, and where a row has
/// it. A factor becomes a column, a line of docs/schemas.md and, with a `panel`, a chart of the
/// report by its line in `kColumns`.
struct Column {
  std::string_view name;
  std::string_view group;  // its page: docs/factors/<group>.md
  std::string_view unit;
  std::string_view meaning;
  std::string_view panel;  // title of its own chart in the report; empty: none
  const Value& (*get)(const FactorRow&);
  Value& (*at)(FactorRow&);

  const Value& operator()(const FactorRow& row) const { return get(row); }
  Value& operator()(FactorRow& row) const { return at(row); }
};

/// `kPath`: from the row to the value, member by member.
template <auto... kPath>
constexpr Column column(std::string_view name, std::string_view group, std::string_view unit,
                        std::string_view meaning, std::string_view panel = {}) {
  return {.name = name,
          .group = group,
          .unit = unit,
          .meaning = meaning,
          .panel = panel,
          .get = [](const FactorRow& row) -> const Value& { return (row.*....*kPath); },
          .at = [](FactorRow& row) -> Value& { return (row.*....*kPath); }};
}

/// In file order.
inline constexpr Column kColumns[] = {
    column<&FactorRow::volatility, &VolatilityValues::var_parkinson>(
        "var_parkinson", "volatility", "variance per minute", "of this bar, by Parkinson"),
    column<&FactorRow::volatility, &VolatilityValues::var_gk>(
        "var_gk", "volatility", "variance per minute", "of this bar, by Garman and Klass"),
    column<&FactorRow::volatility, &VolatilityValues::var_rs>(
        "var_rs", "volatility", "variance per minute", "of this bar, by Rogers and Satchell"),
    column<&FactorRow::volatility, &VolatilityValues::vol_yz>(
        "vol_yz", "volatility", "per √minute", "Yang and Zhang, over `volatility.yz_n` bars"),
    column<&FactorRow::volatility, &VolatilityValues::rv>(
        "rv", "volatility", "variance", "realised over `volatility.half_life_short`"),
    column<&FactorRow::volatility, &VolatilityValues::rs_minus>(
        "rs_minus", "volatility", "variance", "the part of `rv` from falling minutes"),
    column<&FactorRow::volatility, &VolatilityValues::rs_plus>(
        "rs_plus", "volatility", "variance", "the part of `rv` from rising minutes"),
    column<&FactorRow::volatility, &VolatilityValues::bipower>(
        "bipower", "volatility", "variance", "bipower variation: `rv` without its jumps"),
    column<&FactorRow::volatility, &VolatilityValues::gk_short>(
        "gk_short", "volatility", "per √minute",
        "smoothed by `volatility.estimator` over `volatility.half_life_short`"),
    column<&FactorRow::volatility, &VolatilityValues::gk_long>(
        "gk_long", "volatility", "per √minute", "the same over `volatility.half_life_long`"),
    column<&FactorRow::volatility, &VolatilityValues::vc>("vc", "volatility", "logarithm",
                                                          "ln(`gk_short`/`gk_long`)"),
    column<&FactorRow::volatility, &VolatilityValues::f1>(
        "f1", "volatility", "z-score",
        "F1, compression: z of −`vc`, high where the market is still"),
    column<&FactorRow::thresholds, &Thresholds::q_f1>(
        "q_f1", "volatility", "z-score", "the trailing quantile that alpha A asks `f1` to reach"),
    column<&FactorRow::volatility, &VolatilityValues::har>("har", "volatility", "variance per day",
                                                           "expected by the HAR composite"),
    column<&FactorRow::volatility, &VolatilityValues::har_log>(
        "har_log", "volatility", "variance per day", "expected by the fitted log-HAR"),
    column<&FactorRow::volatility, &VolatilityValues::sigma>(
        "sigma", "volatility", "per √minute", "what sizes positions and sets stops and targets"),
    column<&FactorRow::pressure, &Pressure::Values::obi>("obi", "pressure", "−1 to 1",
                                                         "imbalance of the sizes at the touch"),
    column<&FactorRow::pressure, &Pressure::Values::svi>(
        "svi", "pressure", "−1 to 1", "signed volume over volume of `pressure.svi_window`"),
    column<&FactorRow::pressure, &Pressure::Values::quotes, &QuoteWindow::Values::ofi>(
        "ofi", "pressure", "base", "order-flow imbalance of the quotes over `pressure.ofi_window`"),
    column<&FactorRow::pressure, &Pressure::Values::quotes, &QuoteWindow::Values::ofi_norm>(
        "ofi_norm", "pressure", "ratio", "`ofi` over the mean size at the touch"),
    column<&FactorRow::pressure, &Pressure::Values::z_obi>("z_obi", "pressure", "z-score",
                                                           "of `obi`"),
    column<&FactorRow::pressure, &Pressure::Values::z_svi>("z_svi", "pressure", "z-score",
                                                           "of `svi`"),
    column<&FactorRow::pressure, &Pressure::Values::z_ofi>(
        "z_ofi", "pressure", "z-score", "of `ofi_norm` or `ofi`, by `pressure.ofi_scale`"),
    column<&FactorRow::pressure, &Pressure::Values::p>(
        "p", "pressure", "z-score", "P, signed pressure: the weighted sum of the three"),
    column<&FactorRow::thresholds, &Thresholds::q_p>(
        "q_p", "pressure", "z-score", "the trailing quantile that alpha A asks abs(`p`) to reach"),
    column<&FactorRow::toxicity, &Toxicity::Values::vpin>(
        "vpin", "toxicity", "share of volume, 0 to 1", "order-flow imbalance over volume buckets",
        "VPIN"),
    column<&FactorRow::toxicity, &Toxicity::Values::vpin_bvc>(
        "vpin_bvc", "toxicity", "share of volume, 0 to 1", "the same, from klines alone"),
    column<&FactorRow::toxicity, &Toxicity::Values::kyle_lambda>(
        "kyle_lambda", "toxicity", "bp per base",
        "slope of the minutes' returns on their signed volume over `toxicity.kyle_window`",
        "Kyle's lambda"),
    column<&FactorRow::pressure, &Pressure::Values::quotes, &QuoteWindow::Values::spread_ticks>(
        "spread_ticks", "toxicity", "ticks", "time-weighted over `pressure.ofi_window`", "Spread"),
    column<&FactorRow::toxicity, &Toxicity::Values::z_vpin>(
        "z_vpin", "toxicity", "z-score", "of `vpin` or `vpin_bvc`, by `toxicity.classifier`"),
    column<&FactorRow::toxicity, &Toxicity::Values::z_spread>("z_spread", "toxicity", "z-score",
                                                              "of the spread"),
    column<&FactorRow::toxicity, &Toxicity::Values::t>("t", "toxicity", "z-score",
                                                       "T, toxicity: the weighted sum of the two"),
    column<&FactorRow::thresholds, &Thresholds::tau_t>(
        "tau_t", "toxicity", "z-score", "the trailing quantile from which on `t` is toxic"),
    column<&FactorRow::thresholds, &Thresholds::t_rank>(
        "t_rank", "toxicity", "0 to 1", "share of the decision rows before with a smaller `t`"),
    column<&FactorRow::gated, &Gated::f2>("f2", "toxicity", "z-score",
                                          "F2: `p`, or 0 where a hard gate is shut"),
    column<&FactorRow::crowding, &Crowding::Values::funding>(
        "funding", "crowding", "rate per interval", "the last funding rate that is known"),
    column<&FactorRow::crowding, &Crowding::Values::fund_z>("fund_z", "crowding", "z-score",
                                                            "of that rate, scaled to 8 hours"),
    column<&FactorRow::crowding, &Crowding::Values::oi>("oi", "crowding", "base", "open interest"),
    column<&FactorRow::crowding, &Crowding::Values::d_oi>(
        "d_oi", "crowding", "logarithm", "change of ln `oi` over `crowding.d_oi_window`"),
    column<&FactorRow::crowding, &Crowding::Values::z_d_oi>("z_d_oi", "crowding", "z-score",
                                                            "of `d_oi`"),
    column<&FactorRow::crowding, &Crowding::Values::ls>("ls", "crowding", "ratio",
                                                        "long to short, of `crowding.ls`"),
    column<&FactorRow::crowding, &Crowding::Values::z_ls>("z_ls", "crowding", "z-score",
                                                          "of ln `ls`"),
    column<&FactorRow::crowding, &Crowding::Values::c>(
        "c", "crowding", "z-score", "C: the weighted sum of those that have a value"),
    column<&FactorRow::crowding, &Crowding::Values::tls>("tls", "crowding", "ratio",
                                                         "taker volume, buying to selling"),
    column<&FactorRow::crowding, &Crowding::Values::z_tls>("z_tls", "crowding", "z-score",
                                                           "of ln `tls`"),
};

}  // namespace toxvol::factors
