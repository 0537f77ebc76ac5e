#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/decimal.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/rows.hpp"

namespace toxvol::synth {

/// Whole numbers and scaled decimals as text, appended to a buffer with room for a row.
class RowText {
 public:
  explicit RowText(char* at) : at_{at} {}

  void integer(std::int64_t value) { at_ = write_decimal(at_, value, 0); }
  /// `value` units of 10^-decimals, with all of them.
  void decimal(std::int64_t value, int decimals) { at_ = write_decimal(at_, value, decimals); }
  void text(std::string_view what) {
    std::memcpy(at_, what.data(), what.size());
    at_ += what.size();
  }
  void comma() { *at_++ = ','; }
  void end() { *at_++ = '\n'; }
  [[nodiscard]] char* at() const { return at_; }

 private:
  char* at_;
};

/// A CSV file that appears whole or not at all, written through one buffer.
class CsvFile {
 public:
  CsvFile(const std::filesystem::path& path, std::string_view header);

  [[nodiscard]] RowText row() {
    if (used_ > kFlushAt) flush();
    return RowText{buffer_.data() + used_};
  }
  void take(const RowText& row) {
    used_ = static_cast<std::size_t>(row.at() - buffer_.data());
    ++rows_;
  }
  void commit();
  [[nodiscard]] std::int64_t rows() const { return rows_; }

 private:
  static constexpr std::size_t kFlushAt = std::size_t{1} << 20U;
  static constexpr std::size_t kLongestRow = 512;

  void flush();

  io::AtomicFile file_;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
  std::int64_t rows_ = 0;
};

/// The exact text of Binance's files (docs/synth.md#files). Each returns what `CsvFile::take`
/// wants.
class Formats {
 public:
  Formats(const Contract& contract, std::string symbol);

  void quote(CsvFile& file, const QuoteRow& row) const;
  void trade(CsvFile& file, const TradeRow& row) const;
  void kline(CsvFile& file, const KlineRow& row) const;
  void metrics(CsvFile& file, const MetricsSample& row, bool label_is_start) const;
  void funding(CsvFile& file, const FundingSample& row) const;

  static constexpr std::string_view kQuoteHeader =
      "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,"
      "event_time";
  static constexpr std::string_view kTradeHeader =
      "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker";
  static constexpr std::string_view kKlineHeader =
      "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
      "taker_buy_quote_volume,ignore";
  static constexpr std::string_view kMetricsHeader =
      "create_time,symbol,sum_open_interest,sum_open_interest_value,"
      "count_toptrader_long_short_ratio,sum_toptrader_long_short_ratio,count_long_short_ratio,"
      "sum_taker_long_short_vol_ratio";
  static constexpr std::string_view kFundingHeader =
      "calc_time,funding_interval_hours,last_funding_rate";

 private:
  void price(RowText& row, std::int64_t ticks) const {
    row.decimal(ticks * price_factor_, contract_.price_decimals);
  }
  void qty(RowText& row, std::int64_t lots) const { row.decimal(lots, contract_.lot_decimals); }
  void money(RowText& row, std::int64_t tick_lots) const {
    row.decimal(tick_lots * price_factor_, contract_.price_decimals + contract_.lot_decimals);
  }

  Contract contract_;
  std::string symbol_;
  std::int64_t price_factor_ = 1;  // written units in a tick
};

}  // namespace toxvol::synth
