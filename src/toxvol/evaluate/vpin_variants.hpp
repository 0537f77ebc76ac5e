#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/bucket_sizes.hpp"
#include "toxvol/factors/bvc.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/vpin.hpp"
#include "toxvol/stats/random.hpp"

namespace toxvol::evaluate {

using factors::Value;

inline constexpr std::size_t kPermutations = 20;
inline constexpr std::size_t kOrigins = 10;

/// VPIN at one time, made in other ways from the same trades (R52).
struct VpinValues {
  std::array<Value, kPermutations> permuted;  // the signs of each bucket's pieces in random order
  std::array<Value, kOrigins> origins;  // the j-th leaves out the first j tenths of a bucket a day
  Value bvc_1s;                         // bulk classification of one-second bars
};

/// Fills buckets in all those ways at once, in one reading of the trades.
class VpinVariants {
 public:
  /// `buckets`: toxicity.vpin_buckets. `half_life` of the bulk classification. `sizes` outlives it.
  VpinVariants(const BucketSizes& sizes, int buckets, Duration half_life, std::uint64_t seed);

  /// Values are wanted as of this time, a whole minute; ascending, before the first trade.
  void ask(Timestamp ts) { asked_.push_back(ts); }
  /// Trades in (transact_time, agg_trade_id) order (T3).
  void add(const Trade& trade);
  /// Once, after the last trade.
  void finish();

  /// As of `ts`, which was asked for.
  [[nodiscard]] const VpinValues& at(Timestamp ts) const { return values_.at(ts); }

 private:
  /// A part of a trade in one bucket.
  struct Piece {
    std::int64_t qty_e8 = 0;
    int sign = 0;
  };
  /// One bucket after another, from some point of the day on.
  struct Origin {
    explicit Origin(int buckets) : window{buckets} {}
    factors::BucketWindow window;
    std::int64_t skip_e8 = 0;  // left of what is left out
    std::int64_t filled_e8 = 0;
    std::int64_t signed_e8 = 0;
  };
  /// A second with trades.
  struct Second {
    Timestamp begin{};
    Price close{};
    std::int64_t volume_e8 = 0;
  };

  void begin_day(Day day);
  void fill_origin(Origin& origin, std::int64_t qty_e8, int sign);
  void fill_pieces(std::int64_t qty_e8, int sign);
  void permute();
  void add_second(const Trade& trade);
  void end_second();
  void settle(Timestamp until);

  const BucketSizes& sizes_;
  std::vector<Timestamp> asked_;
  std::size_t next_ = 0;
  std::map<Timestamp, VpinValues> values_;

  Day day_{};
  std::int64_t v_star_e8_ = 0;
  std::vector<Origin> origins_;

  stats::Draws draws_;
  std::vector<factors::BucketWindow> permuted_;
  std::array<std::uint64_t, kPermutations> drawn_{};  // numbers used of the day
  std::int64_t filled_e8_ = 0;
  std::vector<Piece> pieces_;
  std::vector<int> signs_;

  factors::BulkBuckets bulk_;
  factors::BucketWindow bulk_window_;
  std::optional<Second> second_;
  std::optional<Price> last_close_;
};

}  // namespace toxvol::evaluate
