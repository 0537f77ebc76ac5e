#include "toxvol/catalog/raw/sequence.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/raw/admission.hpp"
#include "toxvol/catalog/raw/calendar.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/init_clock.hpp"
#include "toxvol/catalog/raw/record_fields.hpp"
#include "toxvol/catalog/raw/row_counts.hpp"
#include "toxvol/catalog/raw/source_error.hpp"
#include "toxvol/catalog/raw/source_reader.hpp"
#include "toxvol/catalog/raw/spill.hpp"
#include "toxvol/catalog/raw/unit_detector.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

using quality::Code;
using quality::Finding;
using quality::Findings;

namespace {

constexpr std::size_t kBlockRows = 65'536;
// 20 MB of quotes; a month that is disordered throughout holds 31 such chunks.
constexpr std::size_t kChunkRows = 262'144;
constexpr std::size_t kTile = 256;  // rows judged together: 16 KB of quotes

template <class Record>
constexpr bool kIsTick = std::is_same_v<Record, Trade> || std::is_same_v<Record, Quote>;

template <class Record>
struct Row {
  Record record{};
  std::int64_t line = 0;
};

template <class Record>
struct ByKeyThenLine {
  bool operator()(const Row<Record>& a, const Row<Record>& b) const {
    const RowKey left = key_of(a.record);
    const RowKey right = key_of(b.record);
    return left != right ? left < right : a.line < b.line;
  }
};

constexpr Code interleaved_code(Kind kind) {
  if (kind == Kind::BookTicker) return Code::BookInterleaved;
  if (kind == Kind::AggTrades) return Code::TradesInterleaved;
  return Code::RowsInterleaved;
}

}  // namespace

template <class Record>
class SequencedFile<Record>::State {
 public:
  State(const SourceFile& file, SequenceOptions options, Reading reading)
      : file_{file},
        options_{std::move(options)},
        reading_{reading},
        admission_{file, options_.precision},
        detector_{file, options_.ticks},
        reader_{file, options_.strict, options_.workers, options_.seen} {}

  std::optional<SequencedBlock<Record>> next() {
    return reading_ == Reading::InOrder ? next_in_order() : next_sorted();
  }
  [[nodiscard]] bool is_disordered() const { return is_disordered_; }
  [[nodiscard]] const RowCounts& counts() const { return counts_; }
  [[nodiscard]] const Findings& findings() const { return findings_; }

 private:
  using Block = std::optional<SequencedBlock<Record>>;

  void refuse_row(Code code, const Record& row, std::int64_t line) {
    Finding finding;
    finding.code = code;
    finding.day = day_of(row.ts_event);
    finding.line = line;
    finding.ts = row.ts_event;
    findings_.add(std::move(finding));
    if (quality::info(code).action == quality::Action::Dropped) {
      ++counts_.dropped;
    } else {
      ++counts_.quarantined;
    }
  }

  /// True: it goes on.
  bool admit(Record& row, std::int64_t line) {
    const auto fault = admission_.fault_of(row, line);
    if (fault) refuse_row(*fault, row, line);
    return !fault;
  }

  /// Of a row with the key of the one before.
  static Code duplicate_code(const Record& before, const Record& row) {
    if (!is_same(before, row)) return Code::DuplicateConflict;
    constexpr bool kMetrics = KindOf<Record>::kKind == Kind::Metrics;
    return kMetrics ? Code::MetricsDuplicate : Code::DuplicateRow;
  }

  /// A row in final order: duplicates out, time in. True: `row` is kept.
  bool settle(Record& row, std::int64_t line) {
    if (last_ && key_of(*last_) == key_of(row)) {
      refuse_row(duplicate_code(*last_, row), row, line);
      return false;
    }
    last_ = row;
    if (!clock_.stamp(row)) {
      refuse_row(Code::BandOverflow, row, line);
      return false;
    }
    ++counts_.kept;
    if (options_.detect) detector_.on(row, line, findings_);
    return true;
  }

  /// `settle` for the first of `rows`, which are the result, where there is nothing to be said of
  /// any: ticks in order, of the unit of the row before, without fault or finding. None where each
  /// has to be looked at.
  std::span<Record> settle_usual(std::span<Record> rows) {
    if constexpr (kIsTick<Record>) {
      rows = rows.first(std::min(rows.size(), kTile));
      if (!last_ || unit_day(*last_) != unit_day(rows.back())) return {};
      RowKey before = key_of(*last_);
      bool ascend = true;
      for (const Record& row : rows) {
        const RowKey key = key_of(row);
        const bool is_later = before.first < key.first;
        const bool is_next = before.first == key.first && before.second < key.second;
        ascend &= is_later || is_next;
        before = key;
      }
      if (!ascend || !admission_.are_usual(rows) || !clock_.has_room(rows.size())) return {};
      if (options_.detect && !detector_.on_usual(rows)) return {};
      clock_.stamp_usual(rows);
      last_ = rows.back();
      counts_.kept += static_cast<std::int64_t>(rows.size());
      return rows;
    }
    return {};
  }

  bool read_block() {
    rows_ = reader_.next();
    lines_ = reader_.lines();
    index_ = 0;
    unusual_ = 0;
    const auto& stats = reader_.stats();
    if (options_.progress) {
      options_.progress(stats.bytes - bytes_, static_cast<std::int64_t>(rows_.size()));
    }
    bytes_ = stats.bytes;
    return !rows_.empty();
  }

  /// The rows of a block of the reader that go on are moved up in their place.
  Block next_in_order() {
    while (index_ < rows_.size() || (!done_ && read_block())) {
      const std::size_t first = index_;
      std::size_t kept = first;
      Day unit{};
      while (index_ < rows_.size()) {
        if (index_ >= unusual_) {
          const auto usual = settle_usual(rows_.subspan(index_));
          if (!usual.empty()) {
            unit = unit_day(usual.front());
            if (kept < index_) std::ranges::copy(usual, rows_.subspan(kept).begin());
            kept += usual.size();
            index_ += usual.size();
            continue;
          }
          unusual_ = index_ + kTile;
        }
        Record row = rows_[index_];
        const std::int64_t line = lines_[index_];
        // Left for the next call, unless it is not of this file at all.
        const Day day = unit_day(row);
        if (kept > first && day != unit && admission_.is_inside(day)) break;
        ++index_;
        if (!admit(row, line)) continue;
        if (last_ && key_of(row) < key_of(*last_)) {
          is_disordered_ = true;
          return std::nullopt;
        }
        if (!settle(row, line)) continue;
        if (kept == first) unit = unit_day(row);
        rows_[kept++] = row;
      }
      if (kept > first) {
        return SequencedBlock<Record>{.unit = unit, .rows = rows_.subspan(first, kept - first)};
      }
    }
    finish();
    return std::nullopt;
  }

  using Sorter = SpillSorter<Row<Record>, ByKeyThenLine<Record>>;

  void sort_all() {
    spill_ = std::make_unique<SpillFile>(options_.spill_folder);
    std::optional<RowKey> highest;
    std::optional<Finding> disorder;
    while (read_block()) {
      for (; index_ < rows_.size(); ++index_) {
        Record row = rows_[index_];
        const std::int64_t line = lines_[index_];
        if (!admit(row, line)) continue;
        const RowKey key = key_of(row);
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
    detector_.finish(findings_);
    reader_.add_findings(findings_);
    counts_.read = reader_.stats().rows_read;
    counts_.quarantined += reader_.stats().bad_rows;
    if (counts_.read == 0) {
      throw SourceError{Code::FileEmpty,
                        fmt::format("{}: no rows; download it again", file_.path.string())};
    }
  }

  SourceFile file_;
  SequenceOptions options_;
  Reading reading_;
  Admission<Record> admission_;
  UnitDetector<Record> detector_;
  SourceReader<Record> reader_;
  std::span<Record> rows_;
  std::span<const std::int64_t> lines_;
  std::size_t index_ = 0;
  std::size_t unusual_ = 0;  // rows before it are looked at one by one
  std::int64_t bytes_ = 0;
  std::vector<Record> block_;
  bool done_ = false;
  bool is_disordered_ = false;
  std::optional<Record> last_;
  InitClock<Record> clock_;
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
bool SequencedFile<Record>::is_disordered() const {
  return state_->is_disordered();
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
  std::optional<RowKey> last;
  SourceReader<Record> reader{file, /*strict=*/false};
  for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) {
    for (const Record& row : rows) {
      RowKey key = key_of(row);
      key.first = std::chrono::floor<std::chrono::milliseconds>(key.first);
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
template bool is_ordered<Trade>(const SourceFile&);
template bool is_ordered<Quote>(const SourceFile&);
template bool is_ordered<Bar>(const SourceFile&);
template bool is_ordered<Metrics>(const SourceFile&);
template bool is_ordered<Funding>(const SourceFile&);

}  // namespace toxvol::catalog
