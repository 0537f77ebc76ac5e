#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/ewma.hpp"
#include "toxvol/factors/vpin.hpp"

namespace toxvol::factors {

/// Share of a bar's volume that bulk classification calls bought: Φ(r/σ); ½ for σ = 0 (T5).
[[nodiscard]] double bought_share(double log_return, double sigma);

/// VPIN buckets filled with bulk-classified klines (T5, E6). Definition: docs/factors/bvc.md
class BulkBuckets {
 public:
  /// `half_life` of σ², in fed bars.
  explicit BulkBuckets(std::int64_t half_life);

  /// Appends the buckets that `bar` completes to `window`. `v_star_e8` of its UTC day, 0: none;
  /// `log_return` empty where the minute before has no bar.
  void update(const Bar& bar, std::optional<double> log_return, std::int64_t v_star_e8,
              BucketWindow& window);

 private:
  void fill(Day day, std::int64_t volume_e8, double imbalance, std::int64_t v_star_e8,
            BucketWindow& window);

  Ewma variance_;
  Day day_{};
  std::int64_t filled_e8_ = 0;
  double signed_e8_ = 0.0;
};

}  // namespace toxvol::factors
