#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/vpin.hpp"

namespace toxvol::evaluate {

/// V* of each UTC day that has bars, or whose day before has (T1, T2).
class BucketSizes {
 public:
  explicit BucketSizes(const factors::VpinBucketRule& rule) : size_{rule} {}

  /// Bars in ascending order.
  void add(const Bar& bar);
  /// In 1e-8 base units; 0: none.
  [[nodiscard]] std::int64_t of(Day day) const;

 private:
  factors::BucketSize size_;
  std::map<Day, std::int64_t> v_star_e8_;
  std::optional<Day> last_;
};

}  // namespace toxvol::evaluate
