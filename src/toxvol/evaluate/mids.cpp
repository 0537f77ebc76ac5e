#include "toxvol/evaluate/mids.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::evaluate {

void Mids::begin() {
  if (begun_) return;
  begun_ = true;
  std::sort(times_.begin(), times_.end());
  times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
  mids_.resize(times_.size());
}

void Mids::settle(Timestamp until) {
  for (; next_ < times_.size() && times_[next_] <= until; ++next_) mids_[next_] = last_;
}

void Mids::add(const Quote& quote) {
  begin();
  settle(quote.ts_event);
  last_ = Mid{.ts_event = quote.ts_event,
              .value = (quote.bid.to_double() + quote.ask.to_double()) / 2.0};
}

void Mids::finish() {
  begin();
  settle(Timestamp::max());
}

std::optional<Mid> Mids::before(Timestamp before) const {
  const auto place = std::lower_bound(times_.begin(), times_.end(), before);
  if (place == times_.end() || *place != before) return std::nullopt;
  return mids_[static_cast<std::size_t>(place - times_.begin())];
}

}  // namespace toxvol::evaluate
