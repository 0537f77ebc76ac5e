#include "toxvol/engine/known_minutes.hpp"

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
  while (!at_end_ && (held_.empty() || held_.back().begin < begin)) {
    const KnownMinute* minute = next_();
    at_end_ = minute == nullptr;
    if (at_end_) break;
    held_.push_back(*minute);
    counts_.push_back({.begin = minute->begin,
                       .trades = minute->trades,
                       .quotes = minute->quotes,
                       .usable_quotes = minute->usable_quotes});
    while (held_.back().begin - held_.front().begin > kHeld) held_.pop_front();
  }
  if (held_.empty() || begin < held_.front().begin || begin > held_.back().begin) return nullptr;
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

std::optional<Timestamp> KnownMinutes::trades_from(Timestamp end, std::int64_t trades) {
  std::int64_t found = 0;
  for (auto minute = counts_.rbegin(); minute != counts_.rend(); ++minute) {
    if (minute->begin >= end) continue;
    if (found >= trades) return minute->begin;
    found += minute->trades;
  }
  return std::nullopt;
}

std::optional<Timestamp> KnownMinutes::quotes_from(Timestamp end) {
  bool any = false;
  bool usable = false;
  for (auto minute = counts_.rbegin(); minute != counts_.rend(); ++minute) {
    if (minute->begin >= end) continue;
    any |= minute->quotes > 0;
    usable |= minute->usable_quotes > 0;
    if (any && usable) return minute->begin;
  }
  return std::nullopt;
}

}  // namespace toxvol::engine
