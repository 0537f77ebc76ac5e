#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/day_volumes.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/ring_buffer.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// The longest window of buckets that may be asked for.
inline constexpr std::int64_t kMostBuckets = 1000;

/// A quantity that meets an empty bucket fills whole ones that are all alike. What is left of it
/// without those that kMostBuckets later ones push out of any window: a trade or a bar of a coin
/// that is cheap against V* would otherwise fill millions, one by one.
[[nodiscard]] inline std::int64_t without_forgotten(std::int64_t qty_e8, std::int64_t v_star_e8) {
  const std::int64_t whole = qty_e8 / v_star_e8;
  return whole > kMostBuckets ? qty_e8 - (whole - kMostBuckets) * v_star_e8 : qty_e8;
}

/// V*, the size of a VPIN bucket on a UTC day, from the klines of the days before (T1, T2).
/// Definition: docs/factors/vpin.md
class BucketSize {
 public:
  explicit BucketSize(const VpinBucketRule& rule);

  /// Bars in ascending order.
  void on(const Bar& bar);
  /// Whether every bar that decides the V* of `day` has been seen.
  [[nodiscard]] bool known(Day day) const;
  /// V* in 1e-8 base units; 0: none. Of the day of the last bar, or of the one after.
  [[nodiscard]] std::int64_t of(Day day);

 private:
  struct Known {
    std::optional<Day> day;
    std::int64_t v_star_e8 = 0;
  };

  [[nodiscard]] std::int64_t compute(Day day);

  VpinBucketRule rule_;
  std::vector<DayVolumes> days_;      // a ring by day, kKept long
  std::optional<Timestamp> last_;     // ts_event of the last bar
  std::array<Known, 2> cache_;        // by parity of the day
  std::vector<std::int64_t> pooled_;  // scratch of the median
};

/// How many minutes' volumes make a number of the pool whose median is V* (T1).
[[nodiscard]] int pool_width(VpinBucketRule::Kind kind);

/// Fills VPIN buckets with trades, split exactly at their edges (T3); the open bucket is dropped at
/// 00:00 UTC (T4). Trades come in (transact_time, agg_trade_id) order. Those of a day whose V* is
/// not known yet wait for its first bar, or for the last one of the day before.
class TradeBuckets {
 public:
  explicit TradeBuckets(const VpinBucketRule& rule);

  void on(const Trade& trade) {
    if (trade.ts_event >= day_end_ || !waiting_.empty()) {
      on_slow(trade);
    } else {
      fill(trade.ts_event, trade.qty.raw(), sign(trade.aggressor));
    }
  }
  void on(const Bar& bar);

  /// Appends to `out` the buckets completed before `end` and not taken yet.
  void take(Timestamp end, std::vector<Bucket>& out);
  /// V* of `day` in 1e-8 base units, 0: none. `day` as for BucketSize::of.
  [[nodiscard]] std::int64_t v_star(Day day) { return size_.of(day); }

 private:
  struct Waiting {
    Timestamp ts_event{};
    std::int64_t qty_e8 = 0;
    int sign = 0;
  };

  void on_slow(const Trade& trade);
  /// False where the V* of the day of `ts` is not known yet.
  bool enter_day(Timestamp ts);
  void fill(Timestamp ts, std::int64_t qty_e8, int sign) {
    if (qty_e8 < v_star_e8_ - filled_e8_) {
      filled_e8_ += qty_e8;
      signed_e8_ += sign * qty_e8;
    } else if (v_star_e8_ > 0) {
      complete(ts, qty_e8, sign);
    }
  }
  void complete(Timestamp ts, std::int64_t qty_e8, int sign);

  BucketSize size_;
  Timestamp day_end_ = Timestamp::min();  // of the UTC day being filled
  std::int64_t v_star_e8_ = 0;            // of that day
  std::int64_t filled_e8_ = 0;            // in the open bucket
  std::int64_t signed_e8_ = 0;            // buy − sell in it
  std::vector<Waiting> waiting_;
  std::vector<Bucket> completed_;
};

/// The last N completed buckets, of whatever day (T4).
class BucketWindow {
 public:
  /// `buckets` ≥ 1.
  explicit BucketWindow(int buckets);

  void add(Day day, double imbalance);
  /// Mean of the last N as of `day`; empty before N of them. Emptied where the UTC day before
  /// `day` completed none. `day` never goes back.
  [[nodiscard]] Value mean(Day day);

 private:
  void drop_stale(Day day);

  std::size_t buckets_;
  RingBuffer<double> window_;
  std::optional<Day> last_;  // day of the newest bucket
  Value mean_;
  bool changed_ = false;
};

}  // namespace toxvol::factors
