#include "toxvol/csv/file_reader.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/byte_source.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/expected.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/csv/block_cutter.hpp"
#include "toxvol/csv/block_queue.hpp"
#include "toxvol/csv/fast_row.hpp"
#include "toxvol/csv/format.hpp"
#include "toxvol/csv/header.hpp"
#include "toxvol/csv/metrics_row.hpp"
#include "toxvol/csv/number.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

namespace {

template <class Record>
constexpr bool kIsMetrics = std::is_same_v<Record, Metrics>;

/// One line, without its end.
struct Line {
  std::string_view text{};
  std::int64_t number = 0;
  std::int64_t byte = 0;
  bool too_long = false;  // then `text` is its beginning
};

}  // namespace

template <class Record>
class FileReader<Record>::State {
  static constexpr std::size_t kFields = Format<Record>::kColumns.size();
  using Fields = std::array<std::string_view, kFields>;

 public:
  State(std::unique_ptr<ByteSource> source, ReaderOptions options)
      : options_{std::move(options)},
        queue_{BlockCutter{std::move(source), options_.block_bytes, options_.max_line_bytes},
               options_.workers != nullptr ? *options_.workers : alone_} {
    if constexpr (kIsMetrics<Record>) {
      TOXVOL_ASSERT(options_.file_day.has_value());
      label_shift_ = metrics_label_shift(*options_.file_day);
    }
    if (const auto market = foreign_market(name())) {
      throw Error{fmt::format("{}: this is a {} file, only USD-M futures are read; take it away",
                              name(), *market),
                  ErrorCode::Corrupt};
    }
    for (std::size_t i = 0; i < kFields; ++i) order_[i] = static_cast<std::uint8_t>(i);
    read_first_line();
  }

  std::span<Record> next() {
    if (!std::exchange(first_row_waits_, false)) {
      careful_.clear();
      lines_.clear();
    }
    rows_ = {};
    while (rows_.empty() && find_block()) read_block();
    if (rows_.empty()) rows_ = careful_;  // the first row is the only one
    return rows_;
  }

  std::span<const std::int64_t> lines() const { return lines_; }
  std::span<const BadRow> bad_rows() const { return bad_rows_; }
  const ReadStats& stats() const { return stats_; }
  const std::string& name() const { return queue_.name(); }

 private:
  /// Whether there is a line that has not been taken; `block_` holds it.
  bool find_block() {
    while (block_ == nullptr || at_ >= block_->lines.size) {
      if (at_file_end_) return false;
      block_ = queue_.next();
      at_ = 0;
      if (block_ == nullptr) {
        at_file_end_ = true;
        return false;
      }
      stats_.bytes = block_->lines.byte + block_->lines.length;
    }
    return true;
  }

  void read_first_line() {
    Line line;
    do {
      if (!find_block()) {
        throw Error{fmt::format("{}: the file is empty; download it again", name()),
                    ErrorCode::Empty};
      }
      line = take_line();
      if (line.text.empty()) take(line);
    } while (line.text.empty());

    if (is_header(line.text)) {
      const auto order = map_header(line.text, KindOf<Record>::kKind, name());
      for (std::size_t i = 0; i < kFields; ++i) order_[i] = order[i];
      stats_.has_header = true;
      count_blanks_before();
      return;
    }
    if (const auto what = foreign_row(line.text, KindOf<Record>::kKind)) {
      throw Error{fmt::format("{}:{}: a row of {} in place of {}: '{}'; take the file away or name "
                              "it by what it is",
                              name(), line.number, *what, toxvol::name(KindOf<Record>::kKind),
                              printable(line.text)),
                  ErrorCode::Corrupt};
    }
    take(line);
    first_row_waits_ = !careful_.empty();
  }

  /// What `block_` holds from `at_` on; its rows become `rows_`.
  void read_block() {
    while (!fast_ && at_ < block_->lines.size) take(take_line());
    if (at_ < block_->lines.size) {
      if (!block_->is_parsed) block_->parse(at_);
      const std::span<Record> fast{block_->rows.data(), block_->count};
      if (block_->odd.empty() && careful_.empty()) {
        count_fast(fast.size());
        at_ = block_->lines.size;
        rows_ = fast;
        return;
      }
      std::size_t row = 0;
      for (const auto& odd : block_->odd) {
        take_fast(fast.subspan(row, odd.rows - row));
        row = odd.rows;
        at_ = odd.begin;
        take(take_line());
      }
      take_fast(fast.subspan(row));
      at_ = block_->lines.size;
    }
    rows_ = careful_;
  }

  /// The line that begins at `at_`, which is moved past it.
  Line take_line() {
    const TextBlock& block = block_->lines;
    const std::string_view rest = block.text().substr(at_);
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    Line line{.text = rest.substr(0, length),
              .number = ++line_,
              .byte = block.byte + static_cast<std::int64_t>(at_),
              .too_long = block.is_start_of_line || length > options_.max_line_bytes};
    at_ += std::min(length + 1, rest.size());
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    return line;
  }

  void take_fast(std::span<const Record> rows) {
    careful_.insert(careful_.end(), rows.begin(), rows.end());
    count_fast(rows.size());
  }
  /// So many rows in the usual format follow one another.
  void count_fast(std::size_t count) {
    if (count == 0) return;
    count_blanks_before();
    lines_.resize(lines_.size() + count);
    std::iota(lines_.end() - static_cast<std::ptrdiff_t>(count), lines_.end(), line_ + 1);
    line_ += static_cast<std::int64_t>(count);
    stats_.rows_read += static_cast<std::int64_t>(count);
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
    careful_.push_back(*record);
    lines_.push_back(line.number);
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
        throw Error{fmt::format("{}:{}: metrics of the {} contract '{}', only USD-M futures are "
                                "read; take the file away",
                                name(), line_, *market, printable(symbol)),
                    ErrorCode::Corrupt};
      }
      if (options_.symbol.empty()) options_.symbol = symbol;
      return parse_metrics(fields, options_.symbol, label_shift_);
    } else {
      if (!stats_.unit) decide_unit(fields[Format<Record>::kTime]);
      return Format<Record>::kParse(fields, stats_.unit.value_or(TimeUnit::Milliseconds));
    }
  }

  void decide_unit(std::string_view text) {
    const auto time = parse_int(text);
    if (!time) return;
    stats_.unit = unit_of(*time);
    fast_ = stats_.unit == TimeUnit::Milliseconds && std::ranges::is_sorted(order_) &&
            options_.max_line_bytes >= kLongestFastRow && kHasFastRow<Record>;
    if (fast_) queue_.parse_ahead();
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
      throw Error{
          fmt::format("{}:{}:{}: {}: '{}'; correct or remove the row", name(), line.number,
                      column.empty() ? "1" : column, describe(error.fault), printable(value)),
          ErrorCode::Corrupt};
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
  Alone alone_;
  BlockQueue<Record> queue_;
  ParsedBlock<Record>* block_ = nullptr;
  std::size_t at_ = 0;     // how far in its text
  std::int64_t line_ = 0;  // how many lines have been taken
  bool at_file_end_ = false;
  std::array<std::uint8_t, kFields> order_{};  // field of the file → column
  Duration label_shift_{};
  bool fast_ = false;
  std::span<Record> rows_;  // in `block_`, or of `careful_`
  std::vector<Record> careful_;
  std::vector<std::int64_t> lines_;
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
std::span<Record> FileReader<Record>::next() {
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
