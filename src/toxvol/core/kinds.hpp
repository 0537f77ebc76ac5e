#pragma once

#include <type_traits>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"

/// From a kind to its record and back, so that what is done for each of the five is written once.
namespace toxvol {

/// The kind of a record and its stream in `MarketData`.
template <class Record>
struct KindOf;
template <>
struct KindOf<Trade> {
  static constexpr Kind kKind = Kind::AggTrades;
  static constexpr auto kStream = &MarketData::trades;
};
template <>
struct KindOf<Quote> {
  static constexpr Kind kKind = Kind::BookTicker;
  static constexpr auto kStream = &MarketData::quotes;
};
template <>
struct KindOf<Bar> {
  static constexpr Kind kKind = Kind::Klines;
  static constexpr auto kStream = &MarketData::bars;
};
template <>
struct KindOf<Metrics> {
  static constexpr Kind kKind = Kind::Metrics;
  static constexpr auto kStream = &MarketData::metrics;
};
template <>
struct KindOf<Funding> {
  static constexpr Kind kKind = Kind::Funding;
  static constexpr auto kStream = &MarketData::funding;
};

/// `f(std::type_identity<Record>{})` for the record of `kind`; gives what `f` gives.
template <class F>
constexpr decltype(auto) with_kind(Kind kind, F&& f) {
  switch (kind) {
    case Kind::AggTrades:
      return f(std::type_identity<Trade>{});
    case Kind::BookTicker:
      return f(std::type_identity<Quote>{});
    case Kind::Klines:
      return f(std::type_identity<Bar>{});
    case Kind::Metrics:
      return f(std::type_identity<Metrics>{});
    case Kind::Funding:
      break;
  }
  return f(std::type_identity<Funding>{});
}

/// `f(std::type_identity<Record>{})` for the record of each kind, in the order of `Kind`.
template <class F>
constexpr void for_each_kind(F&& f) {
  for (const Kind kind : kKinds) with_kind(kind, f);
}

/// The stream of `Record`, null where its kind is not read.
template <class Record>
[[nodiscard]] BlockStream<Record>* stream_of(const MarketData& data) {
  return (data.*KindOf<Record>::kStream).get();
}

}  // namespace toxvol
