#include "toxvol/factors/vpin.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/day_volumes.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

// T1: the days looked back at.
constexpr int kDaysBack = 7;
// The day asked about, its seven predecessors and the day before, which may still be asked about.
constexpr std::size_t kKept = 9;

std::size_t number_of(Day day) {
  return static_cast<std::size_t>(day.time_since_epoch().count());
}

}  // namespace

BucketSize::BucketSize(const VpinBucketRule& rule) : rule_{rule}, days_(kKept) {
  pooled_.reserve(static_cast<std::size_t>(kDaysBack) * 1440);
}

void BucketSize::on(const Bar& bar) {
  const Timestamp open = bar.ts_event - kMinute;
  const Day day = day_of(open);
  DayVolumes& volumes = days_[number_of(day) % kKept];
  if (volumes.day() != day || !volumes.has_bars()) volumes = DayVolumes{day};
  volumes.add(bar);
  last_ = bar.ts_event;
}

bool BucketSize::known(Day day) const {
  if (rule_.kind == VpinBucketRule::Kind::Base) return true;
  return last_ && *last_ >= Timestamp{day};
}

std::int64_t BucketSize::of(Day day) {
  Known& known = cache_[number_of(day) % cache_.size()];
  if (known.day != day) known = {.day = day, .v_star_e8 = compute(day)};
  return known.v_star_e8;
}

std::int64_t BucketSize::compute(Day day) {
  using Kind = VpinBucketRule::Kind;
  if (rule_.kind == Kind::Base) return rule_.amount_e8;

  const auto before = [&](int days) -> const DayVolumes* {
    const Day wanted = day - std::chrono::days{days};
    const DayVolumes& found = days_[number_of(wanted) % kKept];
    return found.has_bars() && found.day() == wanted ? &found : nullptr;
  };
  if (rule_.kind == Kind::Notional) {
    const DayVolumes* yesterday = before(1);
    if (yesterday == nullptr || yesterday->close_e8() <= 0) return 0;
    const auto size =
        narrow(div_floor(Int128{rule_.amount_e8} * Qty::kOne, Int128{yesterday->close_e8()}));
    return size.value_or(0);
  }
  pooled_.clear();
  for (int days = 1; days <= kDaysBack; ++days) {
    const DayVolumes* volumes = before(days);
    if (volumes != nullptr && volumes->counts()) volumes->pool(pool_width(rule_.kind), pooled_);
  }
  return floored_median(pooled_);
}

int pool_width(VpinBucketRule::Kind kind) {
  return kind == VpinBucketRule::Kind::Median5m ? 5 : 1;
}

TradeBuckets::TradeBuckets(const VpinBucketRule& rule) : size_{rule} {}

void TradeBuckets::on_slow(const Trade& trade) {
  const int side = sign(trade.aggressor);
  if (waiting_.empty() && enter_day(trade.ts_event)) {
    fill(trade.ts_event, trade.qty.raw(), side);
    return;
  }
  waiting_.push_back({.ts_event = trade.ts_event, .qty_e8 = trade.qty.raw(), .sign = side});
}

bool TradeBuckets::enter_day(Timestamp ts) {
  if (ts < day_end_) return true;
  const Day day = day_of(ts);
  if (!size_.known(day)) return false;
  day_end_ = Timestamp{day} + kDay;
  v_star_e8_ = size_.of(day);
  filled_e8_ = signed_e8_ = 0;  // T4: the open bucket is dropped
  return true;
}

void TradeBuckets::on(const Bar& bar) {
  size_.on(bar);
  std::size_t done = 0;
  while (done < waiting_.size() && enter_day(waiting_[done].ts_event)) {
    const Waiting& trade = waiting_[done++];
    fill(trade.ts_event, trade.qty_e8, trade.sign);
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done));
}

void TradeBuckets::complete(Timestamp ts, std::int64_t qty_e8, int sign) {
  while (true) {
    const std::int64_t taken = std::min(qty_e8, v_star_e8_ - filled_e8_);
    filled_e8_ += taken;
    signed_e8_ += sign * taken;
    if (filled_e8_ < v_star_e8_) return;
    completed_.push_back(
        {.ts_event = ts,
         .imbalance = static_cast<double>(std::abs(signed_e8_)) / static_cast<double>(v_star_e8_)});
    filled_e8_ = signed_e8_ = 0;
    qty_e8 = without_forgotten(qty_e8 - taken, v_star_e8_);
    if (qty_e8 == 0) return;
  }
}

void TradeBuckets::take(Timestamp end, std::vector<Bucket>& out) {
  const auto later = std::find_if(completed_.begin(), completed_.end(),
                                  [&](const Bucket& bucket) { return bucket.ts_event >= end; });
  out.insert(out.end(), completed_.begin(), later);
  completed_.erase(completed_.begin(), later);
}

BucketWindow::BucketWindow(int buckets) : buckets_{static_cast<std::size_t>(buckets)} {
  TOXVOL_ASSERT(buckets >= 1);
}

void BucketWindow::drop_stale(Day day) {
  if (!last_ || *last_ >= day - std::chrono::days{1}) return;
  window_.clear();
  last_.reset();
  changed_ = true;
}

void BucketWindow::add(Day day, double imbalance) {
  drop_stale(day);
  if (window_.size() == buckets_) window_.pop_front();
  window_.push_back(imbalance);
  last_ = last_ ? std::max(*last_, day) : day;
  changed_ = true;
}

Value BucketWindow::mean(Day day) {
  drop_stale(day);
  if (!changed_) return mean_;
  changed_ = false;
  mean_.reset();
  if (window_.size() < buckets_) return mean_;
  double sum = 0.0;
  for (std::size_t i = 0; i < window_.size(); ++i) sum += window_[i];
  mean_ = sum / static_cast<double>(buckets_);
  return mean_;
}

}  // namespace toxvol::factors
