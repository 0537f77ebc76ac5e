#include "toxvol/explain/marks.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/explain/explanation.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::explain {

namespace {

constexpr Duration kOldest = std::chrono::seconds{60};

}  // namespace

Marks::Marks(std::span<const trading::FillRecord> fills) {
  for (const trading::FillRecord& fill : fills) {
    for (const int after : kMarkoutSeconds) {
      times_.push_back(fill.ts + std::chrono::seconds{after});
    }
  }
  std::sort(times_.begin(), times_.end());
  times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
  mids_.resize(times_.size());
}

void Marks::settle(Timestamp before) {
  for (; next_ < times_.size() && times_[next_] < before; ++next_) {
    if (!last_ || times_[next_] - last_->ts_event > kOldest) continue;
    mids_[next_] = (last_->bid.to_double() + last_->ask.to_double()) / 2.0;
  }
}

void Marks::add(const Quote& quote) {
  settle(quote.ts_event);
  last_ = quote;
}

void Marks::finish() {
  settle(Timestamp::max());
}

std::vector<Markout> Marks::of(const trading::FillRecord& fill, Timestamp end) const {
  std::vector<Markout> markouts;
  const double price = fill.price.to_double();
  for (const int after : kMarkoutSeconds) {
    Markout& markout = markouts.emplace_back(Markout{.after_s = after, .mid = {}, .drift_bp = {}});
    const Timestamp ts = fill.ts + std::chrono::seconds{after};
    const auto place = std::lower_bound(times_.begin(), times_.end(), ts);
    if (ts >= end || place == times_.end() || *place != ts) continue;
    markout.mid = mids_[static_cast<std::size_t>(place - times_.begin())];
    if (markout.mid) {
      markout.drift_bp = kBasisPoints * sign(fill.side) * (*markout.mid - price) / price;
    }
  }
  return markouts;
}

}  // namespace toxvol::explain
