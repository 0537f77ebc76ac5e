#include "tick_memory.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>
#include <nanobind/nanobind.h>

#include "toxvol/columnar/market_raw.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace nb = nanobind;

namespace toxvol::python {
namespace {

struct Number {
  Int128 raw;
  std::uint8_t precision;
};
struct QuoteStruct {
  const char* symbol;
  const char* venue;
  Number bid, ask, bid_size, ask_size;
  std::uint64_t ts_event, ts_init;
};
struct TradeStruct {
  const char* symbol;
  const char* venue;
  Number price, size;
  std::int32_t aggressor_side;  // 1 buyer, 2 seller
  char trade_id[37];
  std::uint64_t ts_event, ts_init;
};

bool matches(const QuoteStruct& s) {
  constexpr SampleQuote kSample;
  return s.bid.raw == kSample.bid && s.ask.raw == kSample.ask &&
         s.bid_size.raw == kSample.bid_size && s.ask_size.raw == kSample.ask_size &&
         s.ts_event == kSample.ts_event && s.ts_init == kSample.ts_init;
}
bool matches(const TradeStruct& s) {
  constexpr SampleTrade kSample;
  return s.price.raw == kSample.price && s.size.raw == kSample.size && s.aggressor_side == 2 &&
         s.ts_event == kSample.ts_event && s.ts_init == kSample.ts_init;
}

template <class Struct>
const Struct& struct_at(nb::handle object, std::ptrdiff_t offset) {
  return *reinterpret_cast<const Struct*>(reinterpret_cast<const char*>(object.ptr()) + offset);
}

template <class Struct>
std::ptrdiff_t offset_in(nb::handle sample, const char* what) {
  constexpr auto kSize = static_cast<std::ptrdiff_t>(sizeof(Struct));
  constexpr auto kAlign = static_cast<std::ptrdiff_t>(alignof(Struct));
  const auto size = nb::cast<std::ptrdiff_t>(sample.type().attr("__basicsize__"));
  for (std::ptrdiff_t offset = kAlign; offset + kSize <= size; offset += kAlign) {
    Struct copy;
    std::memcpy(&copy, reinterpret_cast<const char*>(sample.ptr()) + offset, sizeof copy);
    if (matches(copy)) return offset;
  }
  throw Error{fmt::format(
      "nautilus_trader: a {} is not laid out as in the verified wheels for 64-bit Linux; "
      "install one of them",
      what)};
}

std::int64_t units(const Number& number) {
  if (const auto units = columnar::units_of_raw(number.raw)) return *units;
  throw Error{
      "NautilusTrader: a tick has more than eight decimals or is too large; Binance's data have at "
      "most eight"};
}

Timestamp time_of(std::uint64_t ns) {
  return Timestamp{Duration{static_cast<std::int64_t>(ns)}};
}

}  // namespace

TickMemory::TickMemory(nb::handle quote, nb::handle trade)
    : quote_type_{Py_TYPE(quote.ptr())},
      trade_type_{Py_TYPE(trade.ptr())},
      quote_offset_{offset_in<QuoteStruct>(quote, "QuoteTick")},
      trade_offset_{offset_in<TradeStruct>(trade, "TradeTick")} {}

Quote TickMemory::quote(nb::handle tick) const {
  if (Py_TYPE(tick.ptr()) != quote_type_) throw nb::type_error("expected a QuoteTick");
  const auto& s = struct_at<QuoteStruct>(tick, quote_offset_);
  Quote quote;
  quote.ts_event = time_of(s.ts_event);
  quote.ts_init = time_of(s.ts_init);
  quote.bid = Price::from_raw(units(s.bid));
  quote.ask = Price::from_raw(units(s.ask));
  quote.bid_qty = Qty::from_raw(units(s.bid_size));
  quote.ask_qty = Qty::from_raw(units(s.ask_size));
  quote.ts_sent = quote.ts_event;
  return quote;
}

Trade TickMemory::trade(nb::handle tick) const {
  if (Py_TYPE(tick.ptr()) != trade_type_) throw nb::type_error("expected a TradeTick");
  const auto& s = struct_at<TradeStruct>(tick, trade_offset_);
  Trade trade;
  trade.ts_event = time_of(s.ts_event);
  trade.ts_init = time_of(s.ts_init);
  trade.price = Price::from_raw(units(s.price));
  trade.qty = Qty::from_raw(units(s.size));
  trade.aggressor = s.aggressor_side == 1 ? Side::Buy : Side::Sell;
  return trade;
}

}  // namespace toxvol::python
