#include "toxvol/synth/text.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/rows.hpp"

namespace toxvol::synth {

namespace {

/// `value` with at most eight decimals and no zeros at the end, as metrics has its ratios.
void ratio(RowText& row, double value) {
  const auto e8 = static_cast<std::int64_t>(std::floor(value * 1e8 + 0.5));
  std::int64_t shortened = e8;
  int decimals = 8;
  for (; decimals > 0 && shortened % 10 == 0; --decimals) shortened /= 10;
  row.decimal(shortened, decimals);
}

void trimmed(RowText& row, std::int64_t value, int decimals) {
  for (; decimals > 0 && value % 10 == 0; --decimals) value /= 10;
  row.decimal(value, decimals);
}

}  // namespace

CsvFile::CsvFile(const std::filesystem::path& path, std::string_view header)
    : file_{path}, buffer_(kFlushAt + kLongestRow) {
  RowText line{buffer_.data()};
  line.text(header);
  line.end();
  used_ = static_cast<std::size_t>(line.at() - buffer_.data());
}

void CsvFile::flush() {
  file_.write(std::string_view{buffer_.data(), used_});
  used_ = 0;
}

void CsvFile::commit() {
  flush();
  file_.commit();
}

Formats::Formats(const Contract& contract, std::string symbol)
    : contract_{contract}, symbol_{std::move(symbol)} {
  for (int i = contract.tick_decimals; i < contract.price_decimals; ++i) price_factor_ *= 10;
}

void Formats::quote(CsvFile& file, const QuoteRow& row) const {
  RowText text = file.row();
  text.integer(row.update_id);
  text.comma();
  price(text, row.bid);
  text.comma();
  qty(text, row.bid_lots);
  text.comma();
  price(text, row.ask);
  text.comma();
  qty(text, row.ask_lots);
  text.comma();
  text.integer(row.time_ms);
  text.comma();
  text.integer(row.sent_ms);
  text.end();
  file.take(text);
}

void Formats::trade(CsvFile& file, const TradeRow& row) const {
  RowText text = file.row();
  text.integer(row.agg_id);
  text.comma();
  price(text, row.price);
  text.comma();
  qty(text, row.lots);
  text.comma();
  text.integer(row.first_id);
  text.comma();
  text.integer(row.last_id);
  text.comma();
  text.integer(row.time_ms);
  text.comma();
  text.text(row.aggressor == Side::Buy ? "false" : "true");  // is_buyer_maker
  text.end();
  file.take(text);
}

void Formats::kline(CsvFile& file, const KlineRow& row) const {
  RowText text = file.row();
  text.integer(row.open_ms);
  for (const std::int64_t ticks : {row.open, row.high, row.low, row.close}) {
    text.comma();
    price(text, ticks);
  }
  text.comma();
  qty(text, row.lots);
  text.comma();
  text.integer(row.open_ms + 59'999);
  text.comma();
  money(text, row.quote);
  text.comma();
  text.integer(row.count);
  text.comma();
  qty(text, row.buy_lots);
  text.comma();
  money(text, row.buy_quote);
  text.text(",0");
  text.end();
  file.take(text);
}

void Formats::metrics(CsvFile& file, const MetricsSample& row, bool label_is_start) const {
  // E14: from 2026-06-25 the label is the start of the five minutes, five before the snapshot.
  const Timestamp label = from_ms(row.stamp_ms - (label_is_start ? 300'000 : 0));
  std::string stamp = to_string(label);  // 2024-01-01T00:05:00Z
  stamp[10] = ' ';
  stamp.pop_back();

  RowText text = file.row();
  text.text(stamp);
  text.comma();
  text.text(symbol_);
  text.comma();
  trimmed(text, row.open_interest_e3, 3);
  text.comma();
  trimmed(text, row.open_interest_e3 * row.mark_e4, 7);
  for (const double value :
       {row.toptrader_count_ls, row.toptrader_sum_ls, row.count_ls, row.taker_ls}) {
    text.comma();
    ratio(text, value);
  }
  text.end();
  file.take(text);
}

void Formats::funding(CsvFile& file, const FundingSample& row) const {
  RowText text = file.row();
  text.integer(row.calc_ms);
  text.text(",8,");
  text.decimal(row.rate_e8, 8);
  text.end();
  file.take(text);
}

}  // namespace toxvol::synth
