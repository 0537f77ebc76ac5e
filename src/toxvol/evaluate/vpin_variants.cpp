#include "toxvol/evaluate/vpin_variants.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/bucket_sizes.hpp"
#include "toxvol/factors/range_estimators.hpp"
#include "toxvol/factors/vpin.hpp"
#include "toxvol/stats/random.hpp"

namespace toxvol::evaluate {

namespace {

constexpr Duration kSecond = std::chrono::seconds{1};
constexpr std::uint64_t kRowsOfDay = 1000;  // of random numbers

}  // namespace

VpinVariants::VpinVariants(const BucketSizes& sizes, int buckets, Duration half_life,
                           std::uint64_t seed)
    : sizes_{sizes},
      origins_(kOrigins, Origin{buckets}),
      draws_{seed, stats::Stream::SignPermutation},
      permuted_(kPermutations, factors::BucketWindow{buckets}),
      bulk_{half_life / kSecond},
      bulk_window_{buckets} {}

void VpinVariants::begin_day(Day day) {
  day_ = day;
  v_star_e8_ = sizes_.of(day);
  filled_e8_ = 0;
  pieces_.clear();
  drawn_ = {};
  for (std::size_t j = 0; j < kOrigins; ++j) {
    Origin& origin = origins_[j];
    const auto tenths = static_cast<std::int64_t>(j);
    // V*·j/10, floored, without a product that could overflow.
    origin.skip_e8 = v_star_e8_ / 10 * tenths + v_star_e8_ % 10 * tenths / 10;
    origin.filled_e8 = origin.signed_e8 = 0;
  }
}

void VpinVariants::fill_origin(Origin& origin, std::int64_t qty_e8, int sign) {
  const std::int64_t skipped = std::min(origin.skip_e8, qty_e8);
  origin.skip_e8 -= skipped;
  qty_e8 -= skipped;
  while (qty_e8 > 0) {
    const std::int64_t taken = std::min(qty_e8, v_star_e8_ - origin.filled_e8);
    origin.filled_e8 += taken;
    origin.signed_e8 += sign * taken;
    qty_e8 -= taken;
    if (origin.filled_e8 < v_star_e8_) return;
    origin.window.add(
        day_, static_cast<double>(std::abs(origin.signed_e8)) / static_cast<double>(v_star_e8_));
    origin.filled_e8 = origin.signed_e8 = 0;
    qty_e8 = factors::without_forgotten(qty_e8, v_star_e8_);
  }
}

void VpinVariants::fill_pieces(std::int64_t qty_e8, int sign) {
  while (qty_e8 > 0) {
    const std::int64_t taken = std::min(qty_e8, v_star_e8_ - filled_e8_);
    pieces_.push_back({.qty_e8 = taken, .sign = sign});
    filled_e8_ += taken;
    qty_e8 -= taken;
    if (filled_e8_ < v_star_e8_) return;
    permute();
    filled_e8_ = 0;
    pieces_.clear();
    qty_e8 = factors::without_forgotten(qty_e8, v_star_e8_);  // of one piece, which draws nothing
  }
}

/// The bucket is full: its imbalance with its signs in other orders (Fisher–Yates).
void VpinVariants::permute() {
  const auto day = static_cast<std::uint64_t>(day_.time_since_epoch().count());
  for (std::size_t permutation = 0; permutation < kPermutations; ++permutation) {
    const stats::Draws::Row row = draws_.row(kRowsOfDay * day + permutation);
    std::uint64_t& k = drawn_.at(permutation);
    signs_.clear();
    signs_.reserve(pieces_.size());
    for (const Piece& piece : pieces_) signs_.push_back(piece.sign);
    for (std::size_t i = signs_.size(); i-- > 1;) {
      std::swap(signs_[i], signs_[stats::below(row(k), i + 1)]);
      ++k;
    }
    std::int64_t signed_e8 = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i) signed_e8 += signs_[i] * pieces_[i].qty_e8;
    permuted_[permutation].add(
        day_, static_cast<double>(std::abs(signed_e8)) / static_cast<double>(v_star_e8_));
  }
}

void VpinVariants::add_second(const Trade& trade) {
  const Timestamp begin{std::chrono::floor<std::chrono::seconds>(trade.ts_event)};
  if (second_ && second_->begin != begin) end_second();
  if (!second_) second_ = Second{.begin = begin};
  second_->close = trade.price;
  second_->volume_e8 += trade.qty.raw();
}

/// A second without a trade has no volume and the price of the one before (V1).
void VpinVariants::end_second() {
  if (!second_) return;
  std::optional<double> r;
  if (last_close_) r = factors::log_ratio(second_->close, *last_close_);
  Bar bar;
  bar.ts_event = second_->begin + kMinute;  // BulkBuckets asks it for its day alone
  bar.volume = Qty::from_raw(second_->volume_e8);
  bulk_.update(bar, r, sizes_.of(day_of(second_->begin)), bulk_window_);
  last_close_ = second_->close;
  second_.reset();
}

void VpinVariants::settle(Timestamp until) {
  for (; next_ < asked_.size() && asked_[next_] <= until; ++next_) {
    const Timestamp ts = asked_[next_];
    if (second_ && second_->begin + kSecond <= ts) end_second();
    const Day day = day_of(ts - kMinute);  // that of its row (G2)
    VpinValues& values = values_[ts];
    for (std::size_t i = 0; i < kPermutations; ++i) values.permuted.at(i) = permuted_[i].mean(day);
    for (std::size_t j = 0; j < kOrigins; ++j) values.origins.at(j) = origins_[j].window.mean(day);
    values.bvc_1s = bulk_window_.mean(day);
  }
}

void VpinVariants::add(const Trade& trade) {
  settle(trade.ts_event);
  const Day day = day_of(trade.ts_event);
  if (day != day_) begin_day(day);
  add_second(trade);
  if (v_star_e8_ == 0) return;
  const int side = sign(trade.aggressor);
  for (Origin& origin : origins_) fill_origin(origin, trade.qty.raw(), side);
  fill_pieces(trade.qty.raw(), side);
}

void VpinVariants::finish() {
  settle(Timestamp::max());
}

}  // namespace toxvol::evaluate
