#pragma once

// Bodies of TickMarket's templates: the sink is inlined into the loop that runs for every row.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "toxvol/synth/ticks.hpp"

namespace toxvol::synth {

// Shares, of 2^32, of the changes of a queue that add to it: 57 % and 47 %.
inline constexpr std::uint64_t kAddToThin = 2'448'131'358U;
inline constexpr std::uint64_t kAddToFull = 2'018'634'629U;
// Probability that a sweep takes another level; a deep one, more than a sixth of them.
inline constexpr double kSweepGoesOn = 0.45;
inline constexpr double kDeepSweep = 0.18;
inline constexpr double kDeepSweepGoesOn = 0.93;

template <TickSink Sink>
KlineRow TickMarket::minute(std::int64_t open_ms, const Minute& latent, Rng& rng, Sink& sink) {
  kline_.open(open_ms, last_price_);
  if (now_ms_ == 0) {  // the very first row shows the book as it stands
    now_ms_ = open_ms;
    emit_quote(rng, sink);
  }
  for (std::int64_t second = 0; second < 60; ++second) {
    const Second now = next_second(latent, rng);
    const std::int64_t second_ms = open_ms + second * 1000;
    end_ms_ = open_ms + 60'000;
    double at = rng.exponential() / now.bursts_per_ms;
    while (at < 1000.0) {
      const auto into = static_cast<std::int64_t>(at);
      burst(second_ms + into, now.ticks[static_cast<std::size_t>(into / 100)], rng, sink);
      at += rng.exponential() / now.bursts_per_ms;
    }
  }
  if (kline_.row().count == 0) {
    // Binance's quiet minutes have a flat bar without volume; here that is a fault to be asked for.
    if (now_ms_ < end_ms_ - 1) trade(end_ms_ - 2, rng, sink);
  }
  return kline_.row();
}

template <TickSink Sink>
void TickMarket::burst(std::int64_t ms, double ticks, Rng& rng, Sink& sink) {
  now_ms_ = std::max(now_ms_, ms);
  if (now_ms_ >= end_ms_) return;
  if (book_.ask - book_.bid > 1) {
    follow(last_move_, 0, rng);
    emit_quote(rng, sink);
  }
  const double what = rng.uniform();
  if (what < pace_.move) {
    // Dithered, so that at a standstill the touch still flickers by a tick.
    const auto wanted = static_cast<std::int64_t>(std::floor(ticks + rng.uniform() - 0.5));
    if (wanted != book_.bid) {
      move(now_ms_, wanted - book_.bid, rng, sink);
    } else {
      change_queue(rng, sink);
    }
  } else if (what < pace_.move + pace_.trade) {
    trade(now_ms_, rng, sink);
  } else {
    change_queue(rng, sink);
  }
  while (rng.chance(pace_.more_rows)) {
    now_ms_ += tables_.gap_ms.draw(rng);
    if (now_ms_ >= end_ms_) return;
    change_queue(rng, sink);
  }
}

template <TickSink Sink>
void TickMarket::move(std::int64_t ms, std::int64_t by, Rng& rng, Sink& sink) {
  const Side side = by > 0 ? Side::Buy : Side::Sell;
  const std::int64_t step = sign(side);
  const std::int64_t distance = std::abs(by);
  now_ms_ = ms;
  if (rng.chance(pace_.move_traded)) {
    now_ms_ = std::max(ms, book_.time_ms + 1);
    if (now_ms_ >= end_ms_) return;
    // A sweep: the touch first, then some of the levels behind it, the nearer the likelier.
    const std::int64_t touch = side == Side::Buy ? book_.ask : book_.bid;
    // A few go through many levels at once.
    const double deeper = rng.chance(kDeepSweep) ? kDeepSweepGoesOn : kSweepGoesOn;
    std::int64_t level = 0;
    for (int more = 0; more < 200 && rng.chance(deeper); ++more) {
      level += 1 + rng.geometric(0.4, 30);
      if (level > distance) break;
      emit_trade(touch + step * level, tables_.change_lots.draw(rng), side, rng, sink);
    }
  }
  // The side that was taken or gave way moves first, the other follows: until then the spread is
  // wide, a few milliseconds as a rule, to the next burst now and then.
  if (side == Side::Buy) {
    book_.ask += distance;
    book_.ask_lots = fresh_queue(Side::Sell, rng);
  } else {
    book_.bid -= distance;
    book_.bid_lots = fresh_queue(Side::Buy, rng);
  }
  emit_quote(rng, sink);
  last_move_ = side;
  const std::int64_t left_open = rng.chance(0.04) ? 1 + rng.geometric(0.5, 5) : 0;
  now_ms_ = std::min(now_ms_ + tables_.gap_ms.draw(rng) / 2, end_ms_ - 1);
  follow(side, left_open, rng);
  emit_quote(rng, sink);
}

template <TickSink Sink>
void TickMarket::trade(std::int64_t ms, Rng& rng, Sink& sink) {
  // After the quotes seen so far: a trade prints at the touch of the quote before its millisecond.
  now_ms_ = std::max(ms, book_.time_ms + 1);
  if (now_ms_ >= end_ms_) return;
  std::int64_t lots = tables_.trade_lots.draw(rng);
  double flow = flow_;
  if (lots > large_) {
    flow = large_flow_;
    if (!rng.chance(large_share_)) lots = tables_.change_lots.draw(rng);
  }
  const Side side = rng.uniform() * 2.0 < 1.0 + flow ? Side::Buy : Side::Sell;
  emit_trade(side == Side::Buy ? book_.ask : book_.bid, lots, side, rng, sink);
  const Side hit = opposite(side);
  std::int64_t& queue = hit == Side::Sell ? book_.ask_lots : book_.bid_lots;
  // A larger order finds hidden size or a level refilled in the same millisecond.
  const std::int64_t left = lots < queue ? queue - lots : fresh_queue(hit, rng);
  queue = left == queue ? left + 1 : left;  // bookTicker never repeats itself
  emit_quote(rng, sink);
}

template <TickSink Sink>
void TickMarket::change_queue(Rng& rng, Sink& sink) {
  const std::uint64_t bits = rng.next();
  std::int64_t& queue = (bits & 1U) != 0 ? book_.bid_lots : book_.ask_lots;
  const std::int64_t change = tables_.change_lots.draw(rng);
  // A queue that would vanish is added to instead.
  const std::uint64_t adding = queue < full_queue_ ? kAddToThin : kAddToFull;
  const bool add = (bits >> 32U) < adding || change >= queue;
  queue += add ? change : -change;
  emit_quote(rng, sink);
}

template <TickSink Sink>
void TickMarket::emit_trade(std::int64_t price, std::int64_t lots, Side side, Rng& rng,
                            Sink& sink) {
  // Ids not in any row belong to insurance-fund prints, which are not aggregated.
  const std::int64_t skipped = (rng.next() >> 53U) == 0 ? 1 : 0;
  const TradeRow row{.agg_id = ++agg_id_,
                     .price = price,
                     .lots = lots,
                     .first_id = trade_id_ + 1 + skipped,
                     .last_id = trade_id_ + skipped + std::min(lots, tables_.fills.draw(rng)),
                     .time_ms = now_ms_,
                     .aggressor = side};
  trade_id_ = row.last_id;
  last_price_ = price;
  kline_.add(row);
  sink.on(row);
}

template <TickSink Sink>
void TickMarket::emit_quote(Rng& rng, Sink& sink) {
  const std::uint64_t bits = rng.next();
  const std::int64_t gap = now_ms_ - book_.time_ms;
  book_.update_id += 1 + static_cast<std::int64_t>(bits & 31U) +
                     gap * (48 + static_cast<std::int64_t>((bits >> 8U) & 31U));
  if (gap > 0) book_.sent_ms = std::max(book_.sent_ms, now_ms_ + tables_.lag_ms.draw(rng));
  book_.time_ms = now_ms_;
  sink.on(book_);
}

}  // namespace toxvol::synth
