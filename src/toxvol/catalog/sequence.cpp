#include "toxvol/catalog/sequence.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/discovery.hpp"
#include "toxvol/catalog/numbers.hpp"
#include "toxvol/catalog/spill.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/file_reader.hpp"
#include "toxvol/csv/metrics_row.hpp"
#include "toxvol/csv/time.hpp"
#include "toxvol/io/source.hpp"
#include "toxvol/quality/detectors.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

namespace {

using quality::Code;
using quality::Finding;
using quality::Findings;
using quality::Period;

constexpr std::size_t kBlockRows = 65'536;
// 20 MB of quotes; a month that is disordered throughout holds 31 such chunks.
constexpr std::size_t kChunkRows = 262'144;

template <class Record>
struct Row {
  Record record{};
  std::int64_t line = 0;
};

std::int64_t id_of(const Trade& row) {
  return row.agg_trade_id;
}
std::int64_t id_of(const Quote& row) {
  return row.update_id;
}
std::int64_t id_of(const Bar& /*row*/) {
  return 0;
}
std::int64_t id_of(const Metrics& /*row*/) {
  return 0;
}
std::int64_t id_of(const Funding& /*row*/) {
  return 0;
}

/// The order of a kind: time, then id.
template <class Record>
std::pair<Timestamp, std::int64_t> key_of(const Record& row) {
  return {row.ts_event, id_of(row)};
}

template <class Record>
struct ByKeyThenLine {
  bool operator()(const Row<Record>& a, const Row<Record>& b) const {
    const auto left = key_of(a.record);
    const auto right = key_of(b.record);
    return left != right ? left < right : a.line < b.line;
  }
};

bool same(const Trade& a, const Trade& b) {
  return std::tie(a.ts_event, a.agg_trade_id, a.price, a.qty, a.aggressor, a.first_trade_id,
                  a.last_trade_id) == std::tie(b.ts_event, b.agg_trade_id, b.price, b.qty,
                                               b.aggressor, b.first_trade_id, b.last_trade_id);
}
bool same(const Quote& a, const Quote& b) {
  return std::tie(a.ts_event, a.update_id, a.bid, a.ask, a.bid_qty, a.ask_qty, a.ts_sent) ==
         std::tie(b.ts_event, b.update_id, b.bid, b.ask, b.bid_qty, b.ask_qty, b.ts_sent);
}
bool same(const Bar& a, const Bar& b) {
  return std::tie(a.ts_event, a.open, a.high, a.low, a.close, a.volume, a.quote_volume, a.count,
                  a.taker_buy_volume, a.taker_buy_quote_volume) ==
         std::tie(b.ts_event, b.open, b.high, b.low, b.close, b.volume, b.quote_volume, b.count,
                  b.taker_buy_volume, b.taker_buy_quote_volume);
}
bool same(const Metrics& a, const Metrics& b) {
  return std::tie(a.ts_event, a.open_interest, a.open_interest_value, a.toptrader_count_ls,
                  a.toptrader_sum_ls, a.count_ls, a.taker_ls) ==
         std::tie(b.ts_event, b.open_interest, b.open_interest_value, b.toptrader_count_ls,
                  b.toptrader_sum_ls, b.count_ls, b.taker_ls);
}
bool same(const Funding& a, const Funding& b) {
  return std::tie(a.ts_event, a.rate, a.interval_hours) ==
         std::tie(b.ts_event, b.rate, b.interval_hours);
}

constexpr Code interleaved_code(Kind kind) {
  if (kind == Kind::BookTicker) return Code::BookInterleaved;
  if (kind == Kind::AggTrades) return Code::TradesInterleaved;
  return Code::RowsInterleaved;
}

struct PrecisionCheck {
  std::int64_t price_step;
  std::int64_t size_step;
  std::string_view off;  // column
  std::int64_t value = 0;
  void price(std::int64_t raw, std::string_view column) {
    if (raw % price_step != 0) {
      off = column;
      value = raw;
    }
  }
  void size(std::int64_t raw, std::string_view column) {
    if (raw % size_step != 0) {
      off = column;
      value = raw;
    }
  }
};

template <class Record>
struct DetectorOf;
template <>
struct DetectorOf<Trade> {
  using Type = quality::TradeDetector;
};
template <>
struct DetectorOf<Quote> {
  using Type = quality::QuoteDetector;
};
template <>
struct DetectorOf<Bar> {
  using Type = quality::BarDetector;
};
template <>
struct DetectorOf<Metrics> {
  using Type = quality::MetricsDetector;
};
template <>
struct DetectorOf<Funding> {
  using Type = quality::FundingDetector;
};

template <class Record>
typename DetectorOf<Record>::Type make_detector(const SourceFile& file, Day unit,
                                                const std::vector<Dated<Price>>& ticks) {
  if constexpr (std::is_same_v<Record, Funding>) {
    return quality::FundingDetector{file.period()};
  } else if constexpr (std::is_same_v<Record, Metrics>) {
    return quality::MetricsDetector{quality::period_of(unit),
                                    csv::metrics_label_shift(file.first_day) != Duration{}};
  } else {
    return {quality::period_of(unit), ticks};
  }
}

/// `what`: io says of a file or of the CSV in a ZIP that it "is empty"; that is not damage.
Code unusable_code(const SourceFile& file, std::string_view what) {
  if (file.bytes == 0 || what.find("is empty") != std::string_view::npos) return Code::FileEmpty;
  return file.zip ? Code::FileTruncated : Code::FileUnusable;
}

/// Opens the reader. What the bytes' container cannot give is another fault than what they say.
template <class Record>
csv::FileReader<Record> open_reader(const SourceFile& file, bool strict) {
  csv::ReaderOptions options;
  options.file_day = file.first_day;
  options.symbol = file.symbol;
  options.strict = strict;
  options.block_rows = kBlockRows;
  std::unique_ptr<ByteSource> source;
  try {
    source = io::open_source(file.path);
  } catch (const Error& error) {
    throw SourceError{unusable_code(file, error.what()), error.what()};
  }
  try {
    return csv::FileReader<Record>{std::move(source), options};
  } catch (const Error& error) {
    throw SourceError{Code::FileUnusable, error.what()};
  }
}

template <class Record>
std::span<const Record> next_block(csv::FileReader<Record>& reader, const SourceFile& file,
                                   bool strict) {
  try {
    return reader.next();
  } catch (const Error& error) {
    if (strict) throw;  // a bad row stops the job, and says so itself
    throw SourceError{unusable_code(file, error.what()), error.what()};
  }
}

Timestamp whole_millisecond(Timestamp ts) {
  return std::chrono::floor<std::chrono::milliseconds>(ts);
}

}  // namespace

Day unit_day(const Trade& row) {
  return day_of(row.ts_event);
}
Day unit_day(const Quote& row) {
  return day_of(row.ts_event);
}
Day unit_day(const Bar& row) {
  return day_of(row.ts_event - kMinute);
}
Day unit_day(const Metrics& row) {
  return day_of(row.ts_event - Duration{1});
}
Day unit_day(const Funding& row) {
  const std::chrono::year_month_day date{day_of(row.ts_event)};
  return Day{date.year() / date.month() / std::chrono::day{1}};
}

template <class Record>
bool InitClock<Record>::stamp(Record& row) {
  const std::int64_t ms = floor_ms(row.ts_event);
  std::int64_t offset = 0;
  if constexpr (std::is_same_v<Record, Trade> || std::is_same_v<Record, Quote>) {
    constexpr bool kTrade = std::is_same_v<Record, Trade>;
    constexpr std::int64_t kBase = kTrade ? 0 : kQuoteBand;
    constexpr std::int64_t kRoom = kTrade ? kQuoteBand : kFlowBand - kQuoteBand;
    const std::int64_t k = ms == last_ms_ ? k_ + 1 : 0;
    if (k >= kRoom) return false;
    last_ms_ = ms;
    k_ = k;
    offset = kBase + k;
  } else if constexpr (std::is_same_v<Record, Bar>) {
    offset = kBarBand;
  } else if constexpr (std::is_same_v<Record, Metrics>) {
    offset = kMetricsBand;
  } else {
    offset = kFundingBand;
  }
  row.ts_init = from_ms(ms) + Duration{offset};
  return true;
}

template <class Record>
class SequencedFile<Record>::State {
 public:
  State(const SourceFile& file, SequenceOptions options, Reading reading)
      : file_{file},
        period_{file.period()},
        options_{std::move(options)},
        reading_{reading},
        price_step_{power_of_ten(Price::kDecimals - options_.precision.price)},
        size_step_{power_of_ten(Price::kDecimals - options_.precision.size)},
        reader_{open_reader<Record>(file_, options_.strict)} {}

  std::optional<SequencedBlock<Record>> next() {
    return reading_ == Reading::InOrder ? next_in_order() : next_sorted();
  }
  [[nodiscard]] const RowCounts& counts() const { return counts_; }
  [[nodiscard]] const Findings& findings() const { return findings_; }

 private:
  using Block = std::optional<SequencedBlock<Record>>;

  void refuse_row(Code code, const Record& row, std::int64_t line, std::string_view column = {}) {
    Finding finding;
    finding.code = code;
    finding.day = day_of(row.ts_event);
    finding.line = line;
    finding.column = column;
    finding.ts = row.ts_event;
    findings_.add(std::move(finding));
    if (quality::info(code).action == quality::Action::Dropped) {
      ++counts_.dropped;
    } else {
      ++counts_.quarantined;
    }
  }

  /// What can be said of a row alone; true: it goes on.
  bool admit(Record& row, std::int64_t line) {
    row.ts_event = whole_millisecond(row.ts_event);
    if constexpr (std::is_same_v<Record, Quote>) {
      if (const auto code = quality::defect_of(row)) {
        refuse_row(*code, row, line);
        return false;
      }
    }
    const Timestamp unit{unit_day(row)};
    const Timestamp place = std::is_same_v<Record, Funding> ? row.ts_event : unit;
    if (place < period_.from || place >= period_.to) {
      refuse_row(Code::RowOutsideDay, row, line);
      return false;
    }
    if (!file_.superseded.empty() &&
        std::binary_search(file_.superseded.begin(), file_.superseded.end(), day_of(place))) {
      refuse_row(Code::DaySuperseded, row, line);
      return false;
    }
    PrecisionCheck check{.price_step = price_step_, .size_step = size_step_, .off = {}};
    visit_numbers(row, check);
    if (!check.off.empty()) {
      throw SourceError{
          Code::FileUnusable,
          fmt::format("{}:{}: {} {:.8f} has more decimals than the catalog's instrument "
                      "(price {}, size {}); ingest all days of {} together into a new catalog",
                      file_.path.string(), line, check.off,
                      static_cast<double>(check.value) / static_cast<double>(Price::kOne),
                      options_.precision.price, options_.precision.size, file_.symbol)};
    }
    return true;
  }

  /// A row in final order: duplicates out, time in. True: `row` is kept.
  bool settle(Record& row, std::int64_t line) {
    if (last_ && key_of(*last_) == key_of(row)) {
      if (!same(*last_, row)) {
        refuse_row(Code::DuplicateConflict, row, line);
      } else if constexpr (std::is_same_v<Record, Metrics>) {
        refuse_row(Code::MetricsDuplicate, row, line);
      } else {
        refuse_row(Code::DuplicateRow, row, line);
      }
      return false;
    }
    last_ = row;
    if (!clock_.stamp(row)) {
      refuse_row(Code::BandOverflow, row, line);
      return false;
    }
    ++counts_.kept;
    if (options_.detect) {
      const Day unit = unit_day(row);
      if (!detector_ || unit != detector_unit_) {
        if (detector_) detector_->finish(findings_);
        detector_.emplace(make_detector<Record>(file_, unit, options_.ticks));
        detector_unit_ = unit;
      }
      detector_->on(row, line, findings_);
    }
    return true;
  }

  bool read_block() {
    rows_ = next_block(reader_, file_, options_.strict);
    lines_ = reader_.lines();
    index_ = 0;
    const auto& stats = reader_.stats();
    if (options_.progress) {
      options_.progress(stats.bytes - bytes_, static_cast<std::int64_t>(rows_.size()));
    }
    bytes_ = stats.bytes;
    return !rows_.empty();
  }

  Block next_in_order() {
    block_.clear();
    Day unit{};
    while (block_.size() < kBlockRows) {
      if (index_ >= rows_.size()) {
        if (done_ || !read_block()) break;
      }
      Record row = rows_[index_];
      const std::int64_t line = lines_[index_];
      if (!block_.empty() && unit_day(row) != unit) {
        // Left for the next call, unless it is not of this file at all.
        const Timestamp place{unit_day(row)};
        if (place >= period_.from && place < period_.to) break;
      }
      ++index_;
      if (!admit(row, line)) continue;
      if (last_ && key_of(row) < key_of(*last_)) throw Disordered{};
      if (!settle(row, line)) continue;
      if (block_.empty()) unit = unit_day(row);
      block_.push_back(row);
    }
    if (block_.empty()) {
      finish();
      return std::nullopt;
    }
    return SequencedBlock<Record>{.unit = unit, .rows = block_};
  }

  using Sorter = SpillSorter<Row<Record>, ByKeyThenLine<Record>>;

  void sort_all() {
    spill_ = std::make_unique<SpillFile>(options_.spill_folder);
    std::optional<std::pair<Timestamp, std::int64_t>> highest;
    std::optional<Finding> disorder;
    while (read_block()) {
      for (; index_ < rows_.size(); ++index_) {
        Record row = rows_[index_];
        const std::int64_t line = lines_[index_];
        if (!admit(row, line)) continue;
        const auto key = key_of(row);
        if (highest && key < *highest) {
          ++counts_.repaired;
          if (!disorder) {
            disorder.emplace();
            disorder->code = interleaved_code(file_.kind);
            disorder->day = unit_day(row);
            disorder->line = line;
            disorder->ts = row.ts_event;
          }
        } else {
          highest = key;
        }
        sorters_.try_emplace(unit_day(row), *spill_, kChunkRows)
            .first->second.add({.record = row, .line = line});
      }
    }
    if (disorder) {
      disorder->count = counts_.repaired;
      findings_.add(*std::move(disorder));
    }
    for (auto& [unit, sorter] : sorters_) sorter.finish();
    sorted_ = true;
  }

  Block next_sorted() {
    if (!sorted_) sort_all();
    while (!sorters_.empty()) {
      block_.clear();
      Sorter& sorter = sorters_.begin()->second;
      const Day unit = sorters_.begin()->first;
      Row<Record> row;
      while (block_.size() < kBlockRows && sorter.next(row)) {
        if (settle(row.record, row.line)) block_.push_back(row.record);
      }
      if (!block_.empty()) return SequencedBlock<Record>{.unit = unit, .rows = block_};
      sorters_.erase(sorters_.begin());
    }
    finish();
    return std::nullopt;
  }

  void finish() {
    if (done_) return;
    done_ = true;
    if (detector_) detector_->finish(findings_);
    const csv::ReadStats& stats = reader_.stats();
    counts_.read = stats.rows_read;
    counts_.quarantined += stats.bad_rows;
    for (const csv::BadRow& bad : reader_.bad_rows()) {
      Finding finding;
      finding.code = Code::BadRow;
      finding.line = bad.line;
      finding.byte = bad.byte;
      finding.column = bad.column;
      finding.value = bad.value;
      finding.text = bad.text;
      findings_.add(std::move(finding));
    }
    const auto listed = static_cast<std::int64_t>(reader_.bad_rows().size());
    if (stats.bad_rows > listed) {
      Finding rest;
      rest.code = Code::BadRow;
      rest.count = stats.bad_rows - listed;
      rest.text = "further rows that cannot be read";
      findings_.add(std::move(rest));
    }
    if (!stats.has_header) {
      Finding finding;
      finding.code = Code::NoHeader;
      finding.count = stats.rows_read;
      findings_.add(std::move(finding));
    }
    if (stats.unit && *stats.unit == csv::TimeUnit::Microseconds) {
      Finding finding;
      finding.code = Code::UnitMicroseconds;
      finding.count = stats.rows_read;
      findings_.add(std::move(finding));
    }
    if (stats.rows_read == 0) {
      throw SourceError{Code::FileEmpty,
                        fmt::format("{}: no rows; download it again", file_.path.string())};
    }
  }

  SourceFile file_;
  Period period_;
  SequenceOptions options_;
  Reading reading_;
  std::int64_t price_step_;
  std::int64_t size_step_;
  csv::FileReader<Record> reader_;
  std::span<const Record> rows_;
  std::span<const std::int64_t> lines_;
  std::size_t index_ = 0;
  std::int64_t bytes_ = 0;
  std::vector<Record> block_;
  bool done_ = false;
  std::optional<Record> last_;
  InitClock<Record> clock_;
  std::optional<typename DetectorOf<Record>::Type> detector_;
  Day detector_unit_{};
  RowCounts counts_;
  Findings findings_;

  bool sorted_ = false;
  std::unique_ptr<SpillFile> spill_;
  std::map<Day, Sorter> sorters_;
};

template <class Record>
SequencedFile<Record>::SequencedFile(const SourceFile& file, SequenceOptions options,
                                     Reading reading)
    : state_{std::make_unique<State>(file, std::move(options), reading)} {}
template <class Record>
SequencedFile<Record>::SequencedFile(SequencedFile&&) noexcept = default;
template <class Record>
SequencedFile<Record>& SequencedFile<Record>::operator=(SequencedFile&&) noexcept = default;
template <class Record>
SequencedFile<Record>::~SequencedFile() = default;

template <class Record>
std::optional<SequencedBlock<Record>> SequencedFile<Record>::next() {
  return state_->next();
}
template <class Record>
const RowCounts& SequencedFile<Record>::counts() const {
  return state_->counts();
}
template <class Record>
const Findings& SequencedFile<Record>::findings() const {
  return state_->findings();
}

template <class Record>
bool is_ordered(const SourceFile& file) {
  std::optional<std::pair<Timestamp, std::int64_t>> last;
  auto reader = open_reader<Record>(file, false);
  for (auto rows = next_block(reader, file, false); !rows.empty();
       rows = next_block(reader, file, false)) {
    for (const Record& row : rows) {
      const std::pair key{whole_millisecond(row.ts_event), id_of(row)};
      if (last && key < *last) return false;
      last = key;
    }
  }
  return true;
}

template class SequencedFile<Trade>;
template class SequencedFile<Quote>;
template class SequencedFile<Bar>;
template class SequencedFile<Metrics>;
template class SequencedFile<Funding>;
template class InitClock<Trade>;
template class InitClock<Quote>;
template class InitClock<Bar>;
template class InitClock<Metrics>;
template class InitClock<Funding>;
template bool is_ordered<Trade>(const SourceFile&);
template bool is_ordered<Quote>(const SourceFile&);
template bool is_ordered<Bar>(const SourceFile&);
template bool is_ordered<Metrics>(const SourceFile&);
template bool is_ordered<Funding>(const SourceFile&);

}  // namespace toxvol::catalog
