#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::factors {

/// The parameters of the signal, one struct a configuration table. Defaults are preset A's. Every
/// field is a key of docs/config.md, where units, papers and rules stand. What one
/// value may be says the table of keys (config/keys.cpp); which values may stand together,
/// params_check.hpp.

/// GkGap is Garman–Klass plus the squared jump from the close before (M30).
enum class VolatilityEstimator : std::uint8_t { Gk, GkGap, Rs, Parkinson, Yz, Rv };
enum class HarForm : std::uint8_t { Level, Sqrt, Log };
enum class HarRv : std::uint8_t { Rolling, Daily };

struct VolatilityParams {
  VolatilityEstimator estimator = VolatilityEstimator::Gk;
  Duration half_life_short = std::chrono::minutes{30};
  Duration half_life_long = std::chrono::hours{6};
  Duration z_window = std::chrono::days{7};
  std::int64_t z_min_count = 1440;
  bool diurnal = false;
  std::array<int, 3> har_horizons = {1, 7, 30};  // days
  std::array<double, 3> har_weights = {0.5, 0.3, 0.2};
  HarForm har_form = HarForm::Sqrt;
  HarRv har_rv = HarRv::Rolling;
  int har_min_days = 60;
  int har_fit_days = 365;
  int yz_n = 60;
  std::array<double, 2> sigma_weights = {0.5, 0.5};  // gk, har
  friend bool operator==(const VolatilityParams&, const VolatilityParams&) = default;
};

enum class ObiWindow : std::uint8_t { S10, S60, Last };
enum class OfiAskSide : std::uint8_t { Cks, Document };
enum class OfiScale : std::uint8_t { Depth, None };

struct PressureParams {
  ObiWindow obi_window = ObiWindow::S10;
  Duration svi_window = std::chrono::minutes{1};
  Duration ofi_window = std::chrono::minutes{1};
  int ofi_events = 0;  // > 0: the window is "events:N" instead (M2)
  OfiAskSide ofi_ask_side = OfiAskSide::Cks;
  OfiScale ofi_scale = OfiScale::Depth;
  std::array<double, 3> weights = {1, 1, 1};  // obi, svi, ofi
  Duration z_window = std::chrono::days{7};
  std::int64_t z_min_count = 1440;
  friend bool operator==(const PressureParams&, const PressureParams&) = default;
};

struct VpinBucketRule {
  enum class Kind : std::uint8_t { Median1m, Median5m, Notional, Base } kind = Kind::Median1m;
  std::int64_t amount_e8 = 0;  // Notional: quote units; Base: base units
  friend bool operator==(const VpinBucketRule&, const VpinBucketRule&) = default;
};
enum class Classifier : std::uint8_t { Aggressor, Bvc };
enum class SpreadUnit : std::uint8_t { Ticks, Relative };
enum class ToxicityGate : std::uint8_t { Hard, Scale };
/// What z_vpin is of: VPIN, or what volume, volatility and |SVI| leave of it (E5).
enum class VpinOf : std::uint8_t { Level, Residual };

struct ToxicityParams {
  VpinBucketRule vpin_bucket;
  int vpin_buckets = 50;
  Classifier classifier = Classifier::Aggressor;
  VpinOf vpin_of = VpinOf::Level;
  SpreadUnit spread = SpreadUnit::Ticks;
  std::array<double, 2> weights = {1, 1};  // vpin, spread
  ToxicityGate gate = ToxicityGate::Hard;
  double tau = 0.70;
  Duration tau_window = std::chrono::days{7};
  Duration z_window = std::chrono::days{7};
  std::int64_t z_min_count = 1440;
  Duration kyle_window = std::chrono::hours{1};
  friend bool operator==(const ToxicityParams&, const ToxicityParams&) = default;
};

/// Multiplier: no part of C but a factor of it (E3).
enum class DOiSign : std::uint8_t { Funding, Ls, Return, Document, Multiplier };
enum class DOiGrid : std::uint8_t { Stamps, Minutes };
enum class LsRatio : std::uint8_t { CountLongShort, ToptraderCount, ToptraderSum };
/// Minutes: against its own mean as well, but over minute rows (E17).
enum class FundingCentre : std::uint8_t { Baseline, Mean, Minutes };
/// What a crowded regime is left by (E19).
enum class CrowdingLeave : std::uint8_t { C, Funding };

struct CrowdingParams {
  std::array<double, 4> weights = {1, 1, 1, 0};  // funding, ΔOI, ln LS, ln TLS
  Duration d_oi_window = std::chrono::hours{1};
  DOiGrid d_oi_grid = DOiGrid::Stamps;
  DOiSign d_oi_sign = DOiSign::Funding;
  LsRatio ls = LsRatio::CountLongShort;
  double theta = 1.0;
  double theta_exit = 0.5;
  CrowdingLeave leave = CrowdingLeave::C;
  Duration min_dwell = std::chrono::hours{1};
  FundingCentre funding_centre = FundingCentre::Baseline;
  std::int64_t funding_z_events = 90;
  std::int64_t funding_min_count = 30;
  Duration oi_z_window = std::chrono::days{30};
  Duration ls_z_window = std::chrono::days{30};
  std::int64_t z_min_count = 288;
  friend bool operator==(const CrowdingParams&, const CrowdingParams&) = default;
};

enum class ZScale : std::uint8_t { Unit, Trailing, Plain };

/// Mean and standard deviation of one observable, as a walk-forward fits them (R41).
struct FixedScale {
  double mean = 0.0;
  double sd = 0.0;
  friend bool operator==(const FixedScale&, const FixedScale&) = default;
};

struct ZParams {
  double clip = 5.0;
  ZScale scale = ZScale::Unit;
  // In place of the trailing window of that z-score; empty: the window. `vc` is of −vc, as f1 is.
  std::optional<FixedScale> vc, obi, svi, ofi, vpin, spread, d_oi, ls, tls;
  friend bool operator==(const ZParams&, const ZParams&) = default;
};

enum class ThresholdFit : std::uint8_t { Trailing, Walkforward, Sample };

struct ThresholdParams {
  std::optional<std::int64_t> quantile_min_count;  // empty: auto (Z4)
  ThresholdFit fit = ThresholdFit::Trailing;
  // `fit = "walkforward"`: numbers in place of trailing quantiles; empty: the quantile.
  std::optional<double> f1, p, p_b, t;
  friend bool operator==(const ThresholdParams&, const ThresholdParams&) = default;
};

/// The quantile levels of the two alphas: thresholds that the factor row shows (A1, A6).
struct QuantileParams {
  double compression = 0.80;  // alpha_a.compression: of f1
  double pressure = 0.80;     // alpha_a.pressure: of |p|
  double pressure_b = 0.80;   // alpha_b.pressure
  friend bool operator==(const QuantileParams&, const QuantileParams&) = default;
};

/// When a publication counts (C2).
struct DelayParams {
  Duration metrics_delay = std::chrono::seconds{60};
  Duration funding_delay = std::chrono::seconds{60};
  Duration bar_delay{};
  friend bool operator==(const DelayParams&, const DelayParams&) = default;
};

/// N2: from this age on the newest record of a kind is overdue, and its minutes are degraded.
struct LimitParams {
  Duration quote = std::chrono::seconds{60};
  Duration trade = std::chrono::seconds{60};  // not asked while the kline has no volume
  Duration metrics = std::chrono::minutes{15};
  std::optional<Duration> funding;  // empty: the interval of the last record and an hour
  friend bool operator==(const LimitParams&, const LimitParams&) = default;
};

struct FactorParams {
  Duration cadence = std::chrono::minutes{1};
  VolatilityParams volatility;
  PressureParams pressure;
  ToxicityParams toxicity;
  CrowdingParams crowding;
  ZParams z;
  ThresholdParams thresholds;
  QuantileParams quantiles;
  DelayParams data;
  LimitParams limits;
  friend bool operator==(const FactorParams&, const FactorParams&) = default;
};

}  // namespace toxvol::factors
