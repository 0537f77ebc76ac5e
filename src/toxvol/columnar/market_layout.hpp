#pragma once

#include <string_view>
#include <type_traits>

#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/market.hpp"

/// The columns of each kind, once for schema, writer and reader. A visitor has
///   fixed(name, member)     FixedSizeBinary(16), units of 1e-16
///   time(name, member)      uint64 ns
///   integer(name, member)   int64               own_*: ours, trailing, may be absent
///   side, id_text, real (a Fixed or an optional<double> as double), constant (same text each row)
namespace toxvol::columnar {

enum class Constant : unsigned char { InstrumentId, ClassName };

template <class Visitor>
void columns(std::type_identity<Trade>, Visitor& v) {
  v.fixed("price", &Trade::price);
  v.fixed("size", &Trade::qty);
  v.side("aggressor_side", &Trade::aggressor);
  v.id_text("trade_id", &Trade::agg_trade_id);
  v.time("ts_event", &Trade::ts_event);
  v.time("ts_init", &Trade::ts_init);
  v.own_integer("first_trade_id", &Trade::first_trade_id);
  v.own_integer("last_trade_id", &Trade::last_trade_id);
}

template <class Visitor>
void columns(std::type_identity<Quote>, Visitor& v) {
  v.fixed("bid_price", &Quote::bid);
  v.fixed("ask_price", &Quote::ask);
  v.fixed("bid_size", &Quote::bid_qty);
  v.fixed("ask_size", &Quote::ask_qty);
  v.time("ts_event", &Quote::ts_event);
  v.time("ts_init", &Quote::ts_init);
  v.own_integer("update_id", &Quote::update_id);
  v.own_time("ts_sent", &Quote::ts_sent);
}

template <class Visitor>
void columns(std::type_identity<Bar>, Visitor& v) {
  v.fixed("open", &Bar::open);
  v.fixed("high", &Bar::high);
  v.fixed("low", &Bar::low);
  v.fixed("close", &Bar::close);
  v.fixed("volume", &Bar::volume);
  v.time("ts_event", &Bar::ts_event);
  v.time("ts_init", &Bar::ts_init);
}

template <class Visitor>
void columns(std::type_identity<KlineFlow>, Visitor& v) {
  v.constant("instrument_id", Constant::InstrumentId);
  v.real("quote_volume", &KlineFlow::quote_volume);
  v.integer("count", &KlineFlow::count);
  v.real("taker_buy_volume", &KlineFlow::taker_buy_volume);
  v.real("taker_buy_quote_volume", &KlineFlow::taker_buy_quote_volume);
  v.constant("type", Constant::ClassName);
  v.time("ts_event", &KlineFlow::ts_event);
  v.time("ts_init", &KlineFlow::ts_init);
}

template <class Visitor>
void columns(std::type_identity<Metrics>, Visitor& v) {
  v.constant("instrument_id", Constant::InstrumentId);
  v.real("open_interest", &Metrics::open_interest);
  v.real("open_interest_value", &Metrics::open_interest_value);
  v.real("toptrader_count_ls", &Metrics::toptrader_count_ls);
  v.real("toptrader_sum_ls", &Metrics::toptrader_sum_ls);
  v.real("count_ls", &Metrics::count_ls);
  v.real("taker_ls", &Metrics::taker_ls);
  v.constant("type", Constant::ClassName);
  v.time("ts_event", &Metrics::ts_event);
  v.time("ts_init", &Metrics::ts_init);
}

template <class Visitor>
void columns(std::type_identity<Funding>, Visitor& v) {
  v.constant("instrument_id", Constant::InstrumentId);
  v.real("funding_rate", &Funding::rate);
  v.integer("interval_hours", &Funding::interval_hours);
  v.constant("type", Constant::ClassName);
  v.time("ts_event", &Funding::ts_event);
  v.time("ts_init", &Funding::ts_init);
}

/// The name of NautilusTrader's class (the `type` column of custom data).
template <class Record>
[[nodiscard]] constexpr std::string_view class_name() {
  if constexpr (std::is_same_v<Record, Trade>) return "TradeTick";
  if constexpr (std::is_same_v<Record, Quote>) return "QuoteTick";
  if constexpr (std::is_same_v<Record, Bar>) return "Bar";
  if constexpr (std::is_same_v<Record, KlineFlow>) return "KlineFlowData";
  if constexpr (std::is_same_v<Record, Metrics>) return "FuturesMetricsData";
  if constexpr (std::is_same_v<Record, Funding>) return "FundingRateData";
}

/// Custom classes are read by name; NautilusTrader's own by position.
template <class Record>
inline constexpr bool kIsCustom = !std::is_same_v<Record, Trade> &&
                                  !std::is_same_v<Record, Quote> && !std::is_same_v<Record, Bar>;

}  // namespace toxvol::columnar
