#pragma once

#include <cstdint>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/minute_sums.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// k of Yang & Zhang (2000), the share of the close-to-close variance that makes the sum's own
/// variance least (M13). `n` ≥ 2.
[[nodiscard]] double yang_zhang_weight(std::int64_t n) noexcept;

/// Yang–Zhang variance over the last n bars (V5). Definition: docs/factors/yang_zhang.md
class YangZhang {
 public:
  /// `n` ≥ 2 bars.
  explicit YangZhang(std::int64_t n);

  /// One call a bar. `opening` is ln(open/previous close), empty unless the preceding minute's bar
  /// exists; `body` is ln(close/open); `rogers_satchell` the bar's own variance.
  void update(Timestamp ts, Value opening, double body, double rogers_satchell);

  /// Variance per minute; empty until n + 1 consecutive bars, whatever n.
  [[nodiscard]] Value variance() const noexcept;

 private:
  double weight_;
  MinuteSums<5> sums_;
};

}  // namespace toxvol::factors
