#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::factors {

/// A column of the minute table: empty where a factor has no value yet (never NaN, never 0).
using Value = std::optional<double>;

/// F3 (C10): the sign a faded crowd is traded with. crowded_long = −1.
enum class RegimeState : std::int8_t { CrowdedLong = -1, Neutral = 0, CrowdedShort = 1 };

/// One row of `toxvol factors`, in file order (docs/schemas.md). Units: docs/factors/.
struct FactorRow {
  Timestamp ts{};  // the bar's end
  Timestamp ts_init{};
  Price close{};
  std::optional<Price> bid, ask;
  Value quote_age_s;

  Value var_parkinson, var_gk, var_rs, vol_yz, rv, rs_minus, rs_plus, bipower;
  Value gk_short, gk_long, vc, f1, q_f1, har, har_log, sigma;

  Value obi, svi, ofi, ofi_norm, z_obi, z_svi, z_ofi, p, q_p;

  Value vpin, vpin_bvc, spread_ticks, z_vpin, z_spread, t, tau_t, t_rank;
  std::optional<bool> toxic;
  Value f2;

  Value funding, fund_z, oi, d_oi, z_d_oi, ls, z_ls, tls, z_tls, c;
  std::optional<RegimeState> regime = RegimeState::Neutral;  // also f3; empty while unknown (N3)
  std::string mode;                                          // A6

  // Not columns of their own: what the decision needs beside them.
  Value q_p_b;                 // the quantile of |p| at alpha_b.pressure
  bool decides = false;        // a cadence boundary (G1)
  Inputs overdue;              // inputs whose newest record was too old (N2)
  bool crowding_known = true;  // C9: false where funding is an input but no part of C is known
  bool svi_empty = false;      // the SVI window had no trade (P2)
};

}  // namespace toxvol::factors
