#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minute.hpp"
#include "toxvol/trading/events.hpp"

/// The columns of a file of known minutes, once for schema, writer and reader: a visitor is called
/// as `v(name, member)` for each, in file order. Docs: docs/engine.md#known-minutes
namespace toxvol::minutes {

/// VPIN buckets as one text, `<ns>=<imbalance>` with spaces between: nearly always none.
struct BucketText {
  std::vector<Bucket>& buckets;

  [[nodiscard]] std::string text() const {
    std::string text;
    for (const Bucket& bucket : buckets) {
      text +=
          fmt::format("{}{}={}", text.empty() ? "" : " ", to_ns(bucket.ts_event), bucket.imbalance);
    }
    return text;
  }
  /// False where it is no such text.
  [[nodiscard]] bool parse(std::string_view text) const {
    buckets.clear();
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
      std::int64_t ns = 0;
      Bucket bucket;
      auto [stop, fault] = std::from_chars(at, end, ns);
      if (fault != std::errc{} || stop == end || *stop != '=') return false;
      const auto value = std::from_chars(stop + 1, end, bucket.imbalance);
      if (value.ec != std::errc{} || (value.ptr != end && *value.ptr != ' ')) return false;
      bucket.ts_event = from_ns(ns);
      buckets.push_back(bucket);
      at = value.ptr == end ? end : value.ptr + 1;
    }
    return true;
  }
};

/// A value that may be absent: a column that says whether it is there, and those of `members`.
template <class V, class T, class Members>
void optional_columns(V& v, std::string_view name, std::optional<T>& value, Members members) {
  bool has = value.has_value();  // NOLINT(misc-const-correctness): a reader writes it
  v(name, has);
  T there = value.value_or(T{});
  members(there);
  if (has) {
    value = there;
  } else {
    value.reset();
  }
}

template <class V>
void integral_columns(V& v, const std::string& name, QuoteIntegral& integral) {
  v(name + "_obi", integral.obi);
  v(name + "_depth", integral.depth);
  v(name + "_spread_ticks", integral.spread_ticks);
  v(name + "_spread_relative", integral.spread_relative);
  v(name + "_known_ms", integral.known_ms);
}

template <class V>
void envelope_columns(V& v, const std::string& name, Envelope& envelope) {
  v(name + "_has_quote", envelope.has_quote);
  v(name + "_bid_min", envelope.bid_min);
  v(name + "_bid_max", envelope.bid_max);
  v(name + "_ask_min", envelope.ask_min);
  v(name + "_ask_max", envelope.ask_max);
  v(name + "_has_trade", envelope.has_trade);
  v(name + "_trade_min", envelope.trade_min);
  v(name + "_trade_max", envelope.trade_max);
}

template <class V>
void columns(V& v, engine::KnownMinute& minute) {
  v("begin", minute.begin);
  v("trades", minute.trades);
  v("quotes", minute.quotes);
  v("usable_quotes", minute.usable_quotes);
  envelope_columns(v, "all", minute.prices);
  optional_columns(v, "has_mark", minute.mark,
                   [&](engine::Mark& mark) { v("mark_twice", mark.twice); });

  v("has_row", minute.has_row);
  MinuteRow& row = minute.row;
  v("trade_count", row.trade_count);
  v("signed_volume", row.signed_volume_e8);
  v("volume", row.volume_e8);
  v("last_trade", row.last_trade);
  v("quote_count", row.quote_count);
  v("ofi_cks", row.ofi_cks);
  v("ofi_document", row.ofi_document);
  v("ofi_count", row.ofi_count);
  integral_columns(v, "minute", row.minute);
  integral_columns(v, "last_10s", row.last_10s);
  v("obi_last", row.obi_last);
  v("largest_quote_gap", row.largest_quote_gap);
  v("ofi_events", row.ofi_events);
  v("day_has_quote", row.day_has_quote);
  optional_columns(v, "has_last_quote", row.last_quote, [&](Quote& quote) {
    v("quote_ts_event", quote.ts_event);
    v("quote_ts_init", quote.ts_init);
    v("quote_update_id", quote.update_id);
    v("quote_bid", quote.bid);
    v("quote_ask", quote.ask);
    v("quote_bid_qty", quote.bid_qty);
    v("quote_ask_qty", quote.ask_qty);
    v("quote_ts_sent", quote.ts_sent);
  });
  v("tick_buckets", BucketText{row.tick_buckets});
  v("v_star", row.v_star_e8);
  envelope_columns(v, "row", row.envelope);

  optional_columns(v, "has_touch", minute.touch, [&](trading::Touch& touch) {
    v("touch_bid", touch.bid);
    v("touch_ask", touch.ask);
    v("touch_bid_qty", touch.bid_qty);
    v("touch_ask_qty", touch.ask_qty);
    v("touch_ts_event", touch.ts_event);
  });
}

}  // namespace toxvol::minutes
