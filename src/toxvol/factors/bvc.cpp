#include "toxvol/factors/bvc.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/vpin.hpp"

namespace toxvol::factors {
namespace {

// T5: fed bars before the first classification.
constexpr std::int64_t kLeastBars = 30;

}  // namespace

double bought_share(double log_return, double sigma) {
  if (sigma <= 0.0) return 0.5;
  // Φ(x) = erfc(−x/√2)/2 keeps its precision in the lower tail.
  return 0.5 * std::erfc(-log_return / sigma / std::numbers::sqrt2);
}

BulkBuckets::BulkBuckets(std::int64_t half_life) : variance_{half_life, kLeastBars} {}

void BulkBuckets::update(const Bar& bar, std::optional<double> log_return, std::int64_t v_star_e8,
                         BucketWindow& window) {
  const Day day = day_of(bar.ts_event - kMinute);
  if (day != day_) {  // T4: the open bucket is dropped
    day_ = day;
    filled_e8_ = 0;
    signed_e8_ = 0.0;
  }
  if (bar.volume.raw() == 0 || !log_return) return;  // V1; nothing to classify by
  const Value variance = variance_.value();          // of strictly earlier bars
  variance_.update(*log_return * *log_return);
  if (!variance || v_star_e8 == 0) return;
  const double share = bought_share(*log_return, std::sqrt(*variance));
  fill(day, bar.volume.raw(), 2.0 * share - 1.0, v_star_e8, window);
}

void BulkBuckets::fill(Day day, std::int64_t volume_e8, double imbalance, std::int64_t v_star_e8,
                       BucketWindow& window) {
  while (volume_e8 > 0) {
    const std::int64_t taken = std::min(volume_e8, v_star_e8 - filled_e8_);
    filled_e8_ += taken;
    signed_e8_ += imbalance * static_cast<double>(taken);
    volume_e8 -= taken;
    if (filled_e8_ < v_star_e8) return;
    window.add(day, std::abs(signed_e8_) / static_cast<double>(v_star_e8));
    filled_e8_ = 0;
    signed_e8_ = 0.0;
    volume_e8 = without_forgotten(volume_e8, v_star_e8);
  }
}

}  // namespace toxvol::factors
