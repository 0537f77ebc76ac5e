#include "toxvol/evaluate/bucket_sizes.hpp"

#include <cstdint>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::evaluate {

void BucketSizes::add(const Bar& bar) {
  const Day day = day_of(bar.ts_event - kMinute);
  if (day == last_) {
    size_.on(bar);
    return;
  }
  if (last_) {  // the bars of the day before are all there
    const Day next = *last_ + Day::duration{1};
    v_star_e8_.emplace(next, size_.of(next));
  }
  size_.on(bar);
  v_star_e8_.emplace(day, size_.of(day));
  last_ = day;
}

std::int64_t BucketSizes::of(Day day) const {
  const auto found = v_star_e8_.find(day);
  return found == v_star_e8_.end() ? 0 : found->second;
}

}  // namespace toxvol::evaluate
