#pragma once

#include <cstddef>

#include "toxvol/core/market.hpp"
#include "toxvol/csv/agg_trade_row.hpp"
#include "toxvol/csv/book_ticker_row.hpp"
#include "toxvol/csv/funding_row.hpp"
#include "toxvol/csv/kline_row.hpp"
#include "toxvol/csv/metrics_row.hpp"

namespace toxvol::csv {

/// A kind's columns, which of them is the time (of metrics: the symbol), and how a row is read.
template <class Record>
struct Format;

template <>
struct Format<Trade> {
  static constexpr auto& kColumns = kAggTradeColumns;
  static constexpr std::size_t kTime = 5;
  static constexpr auto kParse = parse_agg_trade;
};
template <>
struct Format<Quote> {
  static constexpr auto& kColumns = kBookTickerColumns;
  static constexpr std::size_t kTime = 5;
  static constexpr auto kParse = parse_book_ticker;
};
template <>
struct Format<Bar> {
  static constexpr auto& kColumns = kKlineColumns;
  static constexpr std::size_t kTime = 0;
  static constexpr auto kParse = parse_kline;
};
template <>
struct Format<Metrics> {
  static constexpr auto& kColumns = kMetricsColumns;
  static constexpr std::size_t kSymbol = 1;
};
template <>
struct Format<Funding> {
  static constexpr auto& kColumns = kFundingColumns;
  static constexpr std::size_t kTime = 0;
  static constexpr auto kParse = parse_funding;
};

}  // namespace toxvol::csv
