#include "toxvol/factors/day_volumes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::factors {

namespace {

constexpr int kLeastBarsOfDay = 1368;  // 95 % of 1440

}  // namespace

void DayVolumes::add(const Bar& bar) {
  const Timestamp open = bar.ts_event - kMinute;
  volume_e8_[static_cast<std::size_t>((open - Timestamp{day_}) / kMinute)] = bar.volume.raw();
  ++bars_;
  close_e8_ = bar.close.raw();
}

bool DayVolumes::counts() const {
  return bars_ >= kLeastBarsOfDay;
}

void DayVolumes::pool(int width, std::vector<std::int64_t>& sums_e8) const {
  std::int64_t sum = 0;
  int bars = 0;
  int minutes = 0;
  for (const std::int64_t volume : volume_e8_) {
    if (volume != kNoBar) {
      sum += volume;
      ++bars;
    }
    if (++minutes < width) continue;
    if (bars == width) sums_e8.push_back(sum);
    sum = bars = minutes = 0;
  }
}

std::int64_t floored_median(std::vector<std::int64_t>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const std::int64_t lower = *std::max_element(values.begin(), middle);
  return lower + (*middle - lower) / 2;
}

}  // namespace toxvol::factors
