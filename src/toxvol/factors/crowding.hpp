#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/open_interest_scale.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/regime.hpp"
#include "toxvol/factors/ring_buffer.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// z of a funding rate, in event time (C1). Definition: docs/factors/crowding.md
class FundingZ {
 public:
  FundingZ(const CrowdingParams& params, const ZParams& z);

  /// `rate8` is the rate scaled to 8 hours. Empty below `funding_min_count` prior settlements, and
  /// where minutes are the grid.
  Value update(double rate8);
  /// On a minute row, with the rate known there: empty unless minutes are the grid.
  Value update(Timestamp ts, Value rate8);

 private:
  FundingCentre centre_;
  std::int64_t min_count_;
  double clip_;
  EventWindow excess_;  // over the baseline
  EventZScore plain_;
  std::optional<ZScore> by_minute_;
};

/// The kinds that a part of C with a weight other than 0, or the regime, comes from.
[[nodiscard]] Inputs crowding_kinds(const CrowdingParams& params);

/// F3: funding, open interest and long/short ratios, their z-scores, C and the regime (C1–C10).
/// Definition: docs/factors/crowding.md
class Crowding {
 public:
  struct Values {
    Value funding, fund_z, oi, d_oi, z_d_oi, ls, z_ls, tls, z_tls, c;
    std::optional<Regime> regime = Regime::Neutral;  // empty: a part of C is overdue (N3)
    bool is_known = true;          // C9: false where funding is an input but no part of C is known
    bool metrics_overdue = false;  // N2
    bool funding_overdue = false;
    std::optional<Timestamp> metrics_stamp;  // of what the columns say
  };

  Crowding(const CrowdingParams& params, const ZParams& z, const DelayParams& delays,
           const LimitParams& limits, Inputs inputs);

  /// A record arrived; it counts from its own stamp and delay on (C2). Each kind ascends.
  void on(const Metrics& metrics);
  void on(const Funding& funding);

  const Values& update(const Bar& bar);

 private:
  /// What the last known metrics say.
  struct HeldMetrics {
    std::optional<Timestamp> stamp;
    Value oi, d_oi, z_d_oi, ls, z_ls, tls, z_tls;
  };
  struct HeldFunding {
    std::optional<Timestamp> calc_time;
    Duration interval{};
    Value rate, rate8, z;
  };
  /// Open interest at a stamp, or known at a row.
  struct Stamped {
    Timestamp ts{};
    Value log_oi;
  };
  struct Close {
    Timestamp ts{};
    Price close{};
  };

  void admit(const Bar& bar);
  void see_overdue(Timestamp end);
  void apply(const Metrics& metrics);
  void apply(const Funding& funding);
  [[nodiscard]] Value oi_change(Timestamp stamp, Value log_oi);
  /// s of C7, −1, 0 or 1; empty where unknown.
  [[nodiscard]] Value oi_sign(const Bar& bar);
  [[nodiscard]] Value return_sign(const Bar& bar);
  /// d_oi and its z on minute rows (E4).
  void change_by_minute(Timestamp ts);
  /// C8: the sum of the parts. `sign` of the change of open interest.
  [[nodiscard]] Value index(Value sign) const;
  [[nodiscard]] const std::optional<double>& chosen_ratio(const Metrics& metrics) const;

  CrowdingParams params_;
  ZParams z_;
  DelayParams delays_;
  LimitParams limits_;
  Inputs inputs_;
  Inputs kinds_;  // of C's parts
  RingBuffer<Metrics> waiting_metrics_;
  RingBuffer<Funding> waiting_funding_;
  RingBuffer<Stamped> stamps_;
  RingBuffer<Close> closes_;
  std::optional<Stamped> last_row_;  // d_oi_grid minutes
  OpenInterestScale scale_;
  FundingZ z_funding_;
  ZScore z_d_oi_;
  ZScore z_ls_;
  ZScore z_tls_;
  HeldMetrics metrics_;
  HeldFunding funding_;
  RegimeMachine regime_;
  Values values_;
};

}  // namespace toxvol::factors
