#include "toxvol/csv/file_reader.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/csv/agg_trade_row.hpp"
#include "toxvol/csv/book_ticker_row.hpp"
#include "toxvol/csv/fast_row.hpp"
#include "toxvol/csv/funding_row.hpp"
#include "toxvol/csv/header.hpp"
#include "toxvol/csv/kline_row.hpp"
#include "toxvol/csv/line_reader.hpp"
#include "toxvol/csv/metrics_row.hpp"
#include "toxvol/csv/number.hpp"

namespace toxvol::csv {

namespace {

/// What differs from kind to kind.
template <class Record>
struct Format;

template <>
struct Format<Trade> {
  static constexpr Kind kKind = Kind::AggTrades;
  static constexpr auto& kColumns = kAggTradeColumns;
  static constexpr std::size_t kTime = 5;
  static constexpr auto parse = parse_agg_trade;
};
template <>
struct Format<Quote> {
  static constexpr Kind kKind = Kind::BookTicker;
  static constexpr auto& kColumns = kBookTickerColumns;
  static constexpr std::size_t kTime = 5;
  static constexpr auto parse = parse_book_ticker;
};
template <>
struct Format<Bar> {
  static constexpr Kind kKind = Kind::Klines;
  static constexpr auto& kColumns = kKlineColumns;
  static constexpr std::size_t kTime = 0;
  static constexpr auto parse = parse_kline;
};
template <>
struct Format<Metrics> {
  static constexpr Kind kKind = Kind::Metrics;
  static constexpr auto& kColumns = kMetricsColumns;
  static constexpr std::size_t kSymbol = 1;
};
template <>
struct Format<Funding> {
  static constexpr Kind kKind = Kind::Funding;
  static constexpr auto& kColumns = kFundingColumns;
  static constexpr std::size_t kTime = 0;
  static constexpr auto parse = parse_funding;
};

template <class Record>
constexpr bool kHasFastRow = std::is_same_v<Record, Quote> || std::is_same_v<Record, Trade>;
template <class Record>
constexpr bool kIsMetrics = std::is_same_v<Record, Metrics>;

}  // namespace

template <class Record>
class FileReader<Record>::State {
  static constexpr std::size_t kFields = Format<Record>::kColumns.size();
  using Fields = std::array<std::string_view, kFields>;

 public:
  State(std::unique_ptr<ByteSource> source, ReaderOptions options)
      : options_{std::move(options)},
        lines_{std::move(source), options_.max_line_bytes},
        records_(std::max<std::size_t>(options_.block_rows, 1)),
        record_lines_(records_.size()) {
    if constexpr (kIsMetrics<Record>) {
      TOXVOL_ASSERT(options_.file_day.has_value());
      label_shift_ = metrics_label_shift(*options_.file_day);
    }
    if (const auto market = foreign_market(lines_.name())) {
      throw Error{fmt::format("{}: this is a {} file, only USD-M futures are read; take it away",
                              lines_.name(), *market)};
    }
    for (std::size_t i = 0; i < kFields; ++i) order_[i] = static_cast<std::uint8_t>(i);
    read_first_line();
  }

  std::span<const Record> next() {
    if (!std::exchange(first_row_waits_, false)) rows_ = 0;
    Line line;
    while (rows_ < records_.size()) {
      if (take_fast_rows()) continue;
      if (!lines_.next(line)) break;
      take(line);
    }
    return {records_.data(), rows_};
  }

  std::span<const std::int64_t> lines() const { return {record_lines_.data(), rows_}; }
  std::span<const BadRow> bad_rows() const { return bad_rows_; }
  const ReadStats& stats() {
    stats_.bytes = lines_.bytes();
    return stats_;
  }
  const std::string& name() const { return lines_.name(); }

 private:
  void read_first_line() {
    Line line;
    do {
      if (!lines_.next(line)) {
        throw Error{fmt::format("{}: the file is empty; download it again", lines_.name())};
      }
      if (line.text.empty()) take(line);
    } while (line.text.empty());

    if (is_header(line.text)) {
      const auto order = map_header(line.text, Format<Record>::kKind, lines_.name());
      for (std::size_t i = 0; i < kFields; ++i) order_[i] = order[i];
      stats_.has_header = true;
      count_blanks_before();
      return;
    }
    if (const auto what = foreign_row(line.text, Format<Record>::kKind)) {
      throw Error{
          fmt::format("{}:{}: a row of {} in place of {}: '{}'; take the file away or name "
                      "it by what it is",
                      lines_.name(), line.number, *what, toxvol::name(Format<Record>::kKind),
                      printable(line.text))};
    }
    take(line);
    first_row_waits_ = rows_ > 0;
  }

  /// Rows in the usual format, as many as follow one another; false if there is none.
  bool take_fast_rows() {
    if constexpr (kHasFastRow<Record>) {
      if (!fast_) return false;
      const char* const begin = lines_.buffered().data();
      const char* end = begin;
      const std::size_t taken = fast_rows(end, std::span{records_}.subspan(rows_));
      if (taken == 0) return false;
      std::iota(record_lines_.begin() + static_cast<std::ptrdiff_t>(rows_),
                record_lines_.begin() + static_cast<std::ptrdiff_t>(rows_ + taken),
                lines_.lines() + 1);
      lines_.take_lines(static_cast<std::size_t>(end - begin), taken);
      rows_ += taken;
      stats_.rows_read += static_cast<std::int64_t>(taken);
      count_blanks_before();
      return true;
    }
    return false;
  }

  void take(const Line& line) {
    if (line.text.empty() && !line.too_long) {
      // Blank lines are bad rows only if something follows: kept until that is known.
      ++blanks_;
      if (blank_places_.size() < options_.max_bad_rows || blank_places_.empty()) {
        blank_places_.push_back({.line = line.number, .byte = line.byte});
      }
      return;
    }
    count_blanks_before();
    ++stats_.rows_read;
    if (line.too_long) {
      refuse(line, {RowFault::LineTooLong, -1}, line.text);
      return;
    }
    if (const std::size_t quote = line.text.find('"'); quote != line.text.npos) {
      const auto commas = std::ranges::count(line.text.substr(0, quote), ',');
      const int field = commas < static_cast<std::ptrdiff_t>(kFields)
                            ? order_[static_cast<std::size_t>(commas)]
                            : -1;
      refuse(line, {RowFault::Quoted, field}, line.text);
      return;
    }
    Fields fields;
    if (!split(line.text, fields)) {
      refuse(line, {RowFault::FieldCount, -1}, line.text);
      return;
    }
    const auto record = parse(fields);
    if (!record) {
      const int field = record.error().field;
      refuse(line, record.error(), field < 0 ? line.text : fields[static_cast<std::size_t>(field)]);
      return;
    }
    records_[rows_] = *record;
    record_lines_[rows_] = line.number;
    ++rows_;
  }

  bool split(std::string_view text, Fields& fields) const {
    for (std::size_t i = 0; i + 1 < kFields; ++i) {
      const std::size_t comma = text.find(',');
      if (comma == text.npos) return false;
      fields[order_[i]] = text.substr(0, comma);
      text.remove_prefix(comma + 1);
    }
    fields[order_[kFields - 1]] = text;
    return text.find(',') == text.npos;
  }

  Expected<Record, RowError> parse(const Fields& fields) {
    if constexpr (kIsMetrics<Record>) {
      const std::string_view symbol = fields[Format<Record>::kSymbol];
      if (const auto market = foreign_market(symbol)) {
        throw Error{
            fmt::format("{}:{}: metrics of the {} contract '{}', only USD-M futures are "
                        "read; take the file away",
                        name(), lines_.lines(), *market, printable(symbol))};
      }
      if (options_.symbol.empty()) options_.symbol = symbol;
      return parse_metrics(fields, options_.symbol, label_shift_);
    } else {
      if (!stats_.unit) decide_unit(fields[Format<Record>::kTime]);
      return Format<Record>::parse(fields, stats_.unit.value_or(TimeUnit::Milliseconds));
    }
  }

  void decide_unit(std::string_view text) {
    const auto time = parse_int(text);
    if (!time) return;
    stats_.unit = unit_of(*time);
    fast_ = stats_.unit == TimeUnit::Milliseconds && std::ranges::is_sorted(order_) &&
            options_.max_line_bytes >= kLongestFastRow;
  }

  void count_blanks_before() {
    if (blanks_ == 0) return;
    const std::int64_t count = std::exchange(blanks_, 0);
    const auto places = std::exchange(blank_places_, {});
    stats_.rows_read += count;
    for (const auto& place : places) {
      refuse({.number = place.line, .byte = place.byte}, {RowFault::FieldCount, -1}, {});
    }
    stats_.bad_rows += count - static_cast<std::int64_t>(places.size());
  }

  void refuse(const Line& line, RowError error, std::string_view value) {
    const std::string_view column =
        error.field < 0 ? "" : Format<Record>::kColumns[static_cast<std::size_t>(error.field)];
    if (options_.strict) {
      throw Error{fmt::format("{}:{}:{}: {}: '{}'; correct or remove the row", name(), line.number,
                              column.empty() ? "1" : column, describe(error.fault),
                              printable(value))};
    }
    ++stats_.bad_rows;
    if (bad_rows_.size() >= options_.max_bad_rows) return;
    bad_rows_.push_back({.line = line.number,
                         .byte = line.byte,
                         .column = std::string{column},
                         .value = printable(value),
                         .fault = error.fault,
                         .text = std::string{describe(error.fault)}});
  }

  struct Place {
    std::int64_t line = 0;
    std::int64_t byte = 0;
  };

  ReaderOptions options_;
  LineReader lines_;
  std::array<std::uint8_t, kFields> order_{};  // field of the file → column
  Duration label_shift_{};
  bool fast_ = false;
  std::vector<Record> records_;
  std::vector<std::int64_t> record_lines_;
  std::size_t rows_ = 0;
  bool first_row_waits_ = false;
  std::vector<BadRow> bad_rows_;
  std::int64_t blanks_ = 0;
  std::vector<Place> blank_places_;
  ReadStats stats_;
};

template <class Record>
FileReader<Record>::FileReader(std::unique_ptr<ByteSource> source, ReaderOptions options)
    : state_{std::make_unique<State>(std::move(source), std::move(options))} {}
template <class Record>
FileReader<Record>::FileReader(FileReader&&) noexcept = default;
template <class Record>
FileReader<Record>& FileReader<Record>::operator=(FileReader&&) noexcept = default;
template <class Record>
FileReader<Record>::~FileReader() = default;

template <class Record>
std::span<const Record> FileReader<Record>::next() {
  return state_->next();
}
template <class Record>
std::span<const std::int64_t> FileReader<Record>::lines() const {
  return state_->lines();
}
template <class Record>
std::span<const BadRow> FileReader<Record>::bad_rows() const {
  return state_->bad_rows();
}
template <class Record>
const ReadStats& FileReader<Record>::stats() const {
  return state_->stats();
}
template <class Record>
const std::string& FileReader<Record>::name() const {
  return state_->name();
}

template class FileReader<Trade>;
template class FileReader<Quote>;
template class FileReader<Bar>;
template class FileReader<Metrics>;
template class FileReader<Funding>;

}  // namespace toxvol::csv
