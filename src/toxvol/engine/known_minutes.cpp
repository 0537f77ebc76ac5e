#include "toxvol/engine/known_minutes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minute.hpp"

namespace toxvol::engine {

const KnownMinute* KnownMinutes::at(Timestamp begin) {
  while (held_.empty() || held_.back().begin < begin) {
    const KnownMinute* minute = next_();
    if (minute == nullptr) return nullptr;
    held_.push_back(*minute);
    if (counts_.empty()) first_ = minute->begin;
    const Count so_far = counts_.empty() ? Count{} : counts_.back();
    counts_.push_back({.trades = so_far.trades + minute->trades,
                       .usable_quotes = so_far.usable_quotes + minute->usable_quotes});
    while (held_.back().begin - held_.front().begin > kHeld) held_.pop_front();
  }
  if (begin < held_.front().begin) return nullptr;
  return &held_[static_cast<std::size_t>((begin - held_.front().begin) / kMinute)];
}

const MinuteRow& KnownMinutes::row_of(const Bar& bar) {
  const KnownMinute* minute = at(bar.ts_event - kMinute);
  if (minute == nullptr || !minute->has_row) {
    throw Error{"the minute rows of the catalog lack that of " + to_string(bar.ts_event) +
                    "; remove its folder toxvol/minutes and run again",
                ErrorCode::Corrupt};
  }
  row_ = minute->row;
  row_.bar = bar;
  return row_;
}

std::size_t KnownMinutes::before(Timestamp end) const {
  if (end <= first_) return 0;
  const auto minutes = static_cast<std::size_t>((end - first_ + kMinute - Duration{1}) / kMinute);
  return std::min(minutes, counts_.size());
}

std::optional<Timestamp> KnownMinutes::trades_from(Timestamp end, std::int64_t trades) const {
  const std::size_t count = before(end);
  if (count == 0) return std::nullopt;
  // The whole minute more is the last with so many after it.
  const std::int64_t most = counts_[count - 1].trades - trades;
  const auto after =
      std::partition_point(counts_.begin(), counts_.begin() + static_cast<std::ptrdiff_t>(count),
                           [most](const Count& so_far) { return so_far.trades <= most; });
  if (after == counts_.begin()) return std::nullopt;
  return minute(static_cast<std::size_t>(after - counts_.begin()) - 1);
}

std::optional<Timestamp> KnownMinutes::quotes_from(Timestamp end) const {
  const std::size_t count = before(end);
  if (count == 0 || counts_[count - 1].usable_quotes == 0) return std::nullopt;
  const std::int64_t all = counts_[count - 1].usable_quotes;
  const auto last =
      std::partition_point(counts_.begin(), counts_.begin() + static_cast<std::ptrdiff_t>(count),
                           [all](const Count& so_far) { return so_far.usable_quotes < all; });
  return minute(static_cast<std::size_t>(last - counts_.begin()));
}

}  // namespace toxvol::engine
