#include "toxvol/factors/minute_folder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/ofi.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::factors {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMinuteNs = kMinute.count();
constexpr std::int64_t kDayNs = kDay.count();
constexpr std::int64_t kTailNs = 10'000'000'000;  // obi_window = "10s" (P5)
constexpr double kNsPerMs = 1e6;
constexpr double kE8 = 1e8;

std::int64_t minute_start(std::int64_t ns) {
  return ns - ns % kMinuteNs;
}

double obi(const Quote& quote) {
  const auto bid = static_cast<double>(quote.bid_qty.raw());
  const auto ask = static_cast<double>(quote.ask_qty.raw());
  return (bid - ask) / (bid + ask);
}

double relative_spread(const Quote& quote) {
  const auto bid = static_cast<double>(quote.bid.raw());
  const auto ask = static_cast<double>(quote.ask.raw());
  return 2.0 * (ask - bid) / (ask + bid);
}

template <class P>
void widen(P& low, P& high, P value) {
  low = std::min(low, value);
  high = std::max(high, value);
}

}  // namespace

MinuteFolder::MinuteFolder(const FactorParams& params, Instrument instrument, Inputs inputs)
    : instrument_{std::move(instrument)},
      inputs_{inputs},
      sums_document_{params.pressure.ofi_ask_side == OfiAskSide::Document},
      buckets_{params.toxicity.vpin_bucket},
      closed_end_{kNever},
      trade_start_{kNever},
      trade_end_{kNever},
      quote_start_{kNever},
      quote_end_{kNever},
      cursor_{kNever} {
  if (instrument_.tick.empty()) {
    throw Error{"instrument " + instrument_.symbol + ": no tick size; give one in its table"};
  }
  recent_.ring.resize(static_cast<std::size_t>(std::max(params.pressure.ofi_events, 0)));
}

void MinuteFolder::on(const Trade& trade) {
  if (!inputs_.trades) return;
  buckets_.on(trade);
  const std::int64_t ns = to_ns(trade.ts_event);
  if (ns < trade_start_ || ns >= trade_end_) {
    const std::int64_t start = minute_start(ns);
    if (start < closed_end_) {  // seen after its row: counts in the next one
      count(trade, late_);
      return;
    }
    trade_start_ = start;
    trade_end_ = start + kMinuteNs;
    trades_ = &folds_[start];
  }
  count(trade, trades_->counts);
}

void MinuteFolder::on(const Quote& quote) {
  const std::int64_t ns = to_ns(quote.ts_event);
  // The first millisecond of a minute also serves the row before it (A6).
  if (!in_force_ || ns <= quote_start_ || ns >= quote_end_) {
    if (inputs_.quotes) on_edge(quote);
    return;
  }
  weigh_until(ns);
  count(quote, quotes_->counts);
  last_quote_ = quote;
}

void MinuteFolder::on(std::span<const Trade> trades) {
  for (const Trade& trade : trades) on(trade);
}

void MinuteFolder::on(std::span<const Quote> quotes) {
  for (const Quote& quote : quotes) on(quote);
}

void MinuteFolder::on_edge(const Quote& quote) {
  const std::int64_t ns = to_ns(quote.ts_event);
  const bool is_late = ns < quote_start_;  // seen after its row: counts in the next one
  if (is_late && day_of(quote.ts_event) != day_of(from_ns(cursor_))) {
    last_quote_ = quote;  // P4: nothing of it enters the new day
    row_quote_ = quote;
    return;
  }
  advance(std::max(ns, cursor_));
  if (ns == quote_start_ && quote_start_ > closed_end_) {
    folds_[quote_start_ - kMinuteNs].last_quote = quote;
  }
  quotes_ = &folds_[quote_start_];
  if (is_late) day_with_quote_ = std::max(day_with_quote_, day_of(quote.ts_event));
  count(quote, is_late ? late_ : quotes_->counts);
  last_quote_ = quote;
  in_force_ = true;
}

void MinuteFolder::count(const Trade& trade, Counts& counts) {
  const std::int64_t qty = trade.qty.raw();
  ++counts.trade_count;
  counts.last_trade_ns = to_ns(trade.ts_event);
  counts.volume_e8 += qty;
  counts.signed_volume_e8 += sign(trade.aggressor) * qty;
  Envelope& envelope = counts.envelope;
  if (!envelope.has_trade) {
    envelope.has_trade = true;
    envelope.trade_min = envelope.trade_max = trade.price;
  }
  widen(envelope.trade_min, envelope.trade_max, trade.price);
}

void MinuteFolder::count(const Quote& quote, Counts& counts) {
  ++counts.quote_count;
  if (in_force_) {
    const OfiIncrement increment = ofi_increment(last_quote_, quote);
    ++counts.ofi_count;
    counts.ofi_cks_e8 += increment.cks;
    counts.ofi_document_e8 += increment.document;
    if (!recent_.ring.empty()) remember(sums_document_ ? increment.document : increment.cks);
  }
  Envelope& envelope = counts.envelope;
  if (!envelope.has_quote) {
    envelope.has_quote = true;
    envelope.bid_min = envelope.bid_max = quote.bid;
    envelope.ask_min = envelope.ask_max = quote.ask;
  }
  widen(envelope.bid_min, envelope.bid_max, quote.bid);
  widen(envelope.ask_min, envelope.ask_max, quote.ask);
}

void MinuteFolder::remember(std::int64_t increment) {
  std::int64_t& slot = recent_.ring[recent_.next];
  recent_.sum_e8 += Int128{increment} - Int128{slot};  // unused slots hold 0
  slot = increment;
  if (++recent_.next == recent_.ring.size()) recent_.next = 0;
  ++recent_.seen;
}

void MinuteFolder::advance(std::int64_t ns) {
  while (ns >= quote_end_) {
    if (in_force_) {
      weigh_until(quote_end_);
      seal();
      if (quote_end_ % kDayNs == 0) forget_day();
    }
    quote_start_ = in_force_ ? quote_end_ : minute_start(ns);
    quote_end_ = quote_start_ + kMinuteNs;
    if (in_force_) quotes_ = &folds_[quote_start_];
  }
  if (in_force_) weigh_until(ns);
  cursor_ = ns;
}

void MinuteFolder::weigh_until(std::int64_t ns) {
  if (ns <= cursor_) return;
  const std::int64_t weight = ns - cursor_;
  const auto add = [this](Integral& sums, std::int64_t span, double imbalance, double relative) {
    sums.obi += imbalance * static_cast<double>(span);
    sums.spread_relative += relative * static_cast<double>(span);
    sums.depth_e8 += Int128{last_quote_.bid_qty.raw() + last_quote_.ask_qty.raw()} * span;
    sums.spread_e8 += Int128{(last_quote_.ask - last_quote_.bid).raw()} * span;
    sums.known_ns += span;
  };
  const double imbalance = obi(last_quote_);
  const double relative = relative_spread(last_quote_);
  add(quotes_->minute, weight, imbalance, relative);
  const std::int64_t tail = ns - std::max(cursor_, quote_end_ - kTailNs);
  if (tail > 0) add(quotes_->last_10s, tail, imbalance, relative);
  quotes_->largest_gap_ns = std::max(quotes_->largest_gap_ns, weight);
  cursor_ = ns;
}

void MinuteFolder::seal() {
  quotes_->obi_last = obi(last_quote_);
  quotes_->last_quote = last_quote_;
  if (!recent_.ring.empty() && recent_.seen >= std::ssize(recent_.ring)) {
    quotes_->ofi_events = static_cast<double>(recent_.sum_e8) / kE8;
  }
}

void MinuteFolder::forget_day() {
  in_force_ = false;
  std::fill(recent_.ring.begin(), recent_.ring.end(), 0);
  recent_.next = 0;
  recent_.seen = 0;
  recent_.sum_e8 = 0;
}

const MinuteRow& MinuteFolder::close(const Bar& bar) {
  const std::int64_t end = to_ns(bar.ts_event);
  const std::int64_t start = end - kMinuteNs;
  buckets_.on(bar);
  if (cursor_ < end) advance(end);

  Fold own;
  while (!folds_.empty() && folds_.begin()->first < end) {
    const auto& [minute, fold] = *folds_.begin();
    if (fold.counts.trade_count > 0) see_trade(fold.counts);
    if (fold.counts.quote_count > 0) {
      day_with_quote_ = std::max(day_with_quote_, day_of(from_ns(minute)));
    }
    if (fold.last_quote) row_quote_ = fold.last_quote;
    if (minute == start) own = fold;  // G6: ticks of a minute without a bar end here
    folds_.erase(folds_.begin());
  }
  if (late_.trade_count > 0) see_trade(late_);
  merge(late_, own.counts);
  late_ = Counts{};
  closed_end_ = end;
  if (trade_end_ <= end) trade_start_ = trade_end_ = kNever;

  write(bar, own);
  return row_;
}

void MinuteFolder::see_trade(const Counts& counts) {
  const Timestamp ts = from_ns(counts.last_trade_ns);
  row_trade_ = std::max(row_trade_.value_or(ts), ts);
}

void MinuteFolder::merge(const Counts& from, Counts& into) {
  into.trade_count += from.trade_count;
  into.signed_volume_e8 += from.signed_volume_e8;
  into.volume_e8 += from.volume_e8;
  into.quote_count += from.quote_count;
  into.ofi_count += from.ofi_count;
  into.ofi_cks_e8 += from.ofi_cks_e8;
  into.ofi_document_e8 += from.ofi_document_e8;
  Envelope& wide = into.envelope;
  const Envelope& other = from.envelope;
  if (other.has_trade) {
    if (!wide.has_trade) {
      wide.trade_min = other.trade_min;
      wide.trade_max = other.trade_max;
    }
    wide.has_trade = true;
    wide.trade_min = std::min(wide.trade_min, other.trade_min);
    wide.trade_max = std::max(wide.trade_max, other.trade_max);
  }
  if (other.has_quote) {
    if (!wide.has_quote) {
      wide.bid_min = other.bid_min;
      wide.bid_max = other.bid_max;
      wide.ask_min = other.ask_min;
      wide.ask_max = other.ask_max;
    }
    wide.has_quote = true;
    wide.bid_min = std::min(wide.bid_min, other.bid_min);
    wide.bid_max = std::max(wide.bid_max, other.bid_max);
    wide.ask_min = std::min(wide.ask_min, other.ask_min);
    wide.ask_max = std::max(wide.ask_max, other.ask_max);
  }
}

void MinuteFolder::write(const Bar& bar, const Fold& fold) {
  const Timestamp open = bar.ts_event - kMinute;
  const Day day = day_of(open);
  const auto tick_e8 = static_cast<double>(at(instrument_.tick, open).raw());
  const auto finished = [tick_e8](const Integral& sums) {
    return QuoteIntegral{
        .obi = sums.obi / kNsPerMs,
        .depth = static_cast<double>(sums.depth_e8) / (2.0 * kE8 * kNsPerMs),
        .spread_ticks = static_cast<double>(sums.spread_e8) / (tick_e8 * kNsPerMs),
        .spread_relative = sums.spread_relative / kNsPerMs,
        .known_ms = sums.known_ns / kMillisecond.count(),
    };
  };
  row_.bar = bar;
  row_.trade_count = fold.counts.trade_count;
  row_.signed_volume_e8 = fold.counts.signed_volume_e8;
  row_.volume_e8 = fold.counts.volume_e8;
  row_.last_trade = row_trade_;
  row_.quote_count = fold.counts.quote_count;
  row_.ofi_cks = static_cast<double>(fold.counts.ofi_cks_e8) / kE8;
  row_.ofi_document = static_cast<double>(fold.counts.ofi_document_e8) / kE8;
  row_.ofi_count = fold.counts.ofi_count;
  row_.ofi_events = fold.ofi_events;
  row_.minute = finished(fold.minute);
  row_.last_10s = finished(fold.last_10s);
  row_.obi_last = fold.obi_last;
  row_.largest_quote_gap = Duration{fold.largest_gap_ns};
  row_.day_has_quote = day_with_quote_ == day;
  row_.last_quote = row_quote_;
  row_.tick_buckets.clear();
  buckets_.take(bar.ts_event, row_.tick_buckets);
  row_.v_star_e8 = buckets_.v_star(day);
  row_.envelope = fold.counts.envelope;
}

}  // namespace toxvol::factors
