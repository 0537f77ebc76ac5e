#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/numbers.hpp"
#include "toxvol/catalog/raw/row_counts.hpp"
#include "toxvol/catalog/raw/seen_hash.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/quality/finding.hpp"

/// From a file's rows in file order to records in their final order, with `ts_init`, duplicates and
/// faulty rows taken out (docs/data.md#order). Shared by ingest and by runs straight from CSV, so
/// that both see the same records.
namespace toxvol::catalog {

struct SequenceOptions {
  Precision precision;
  std::vector<Dated<Price>> ticks;     // empty: no look at the tick
  std::filesystem::path spill_folder;  // for the runs of a disordered file
  bool strict = false;
  bool detect = true;          // feed the detectors
  Workers* workers = nullptr;  // who reads ahead; null: nobody
  SeenHash* seen = nullptr;    // of a plain CSV; null: nobody wants it
  /// Told the decompressed bytes read since the last call, and rows.
  std::function<void(std::int64_t bytes, std::int64_t rows)> progress;
};

/// Rows of one output: a UTC day, of funding the whole file.
template <class Record>
struct SequencedBlock {
  Day unit{};
  std::span<const Record> rows;
};

/// How a file is read through: `InOrder` costs nothing but ends where a row stands after a later
/// one; `Sorted` takes any order (memory stays bounded: runs go to disk).
enum class Reading : std::uint8_t { InOrder, Sorted };

template <class Record>
class SequencedFile {
 public:
  /// Opens the file. Throws `SourceError`.
  SequencedFile(const SourceFile& file, SequenceOptions options, Reading reading);
  SequencedFile(const SequencedFile&) = delete;
  SequencedFile& operator=(const SequencedFile&) = delete;
  SequencedFile(SequencedFile&&) noexcept;
  SequencedFile& operator=(SequencedFile&&) noexcept;
  ~SequencedFile();

  /// The next rows, all of one unit, units ascending; valid until the next call. Nothing at the
  /// end, and where `InOrder` met a row out of order. Throws `SourceError`.
  [[nodiscard]] std::optional<SequencedBlock<Record>> next();
  /// Why `next` came back empty: the file has to be read `Sorted`, what it gave is void.
  [[nodiscard]] bool is_disordered() const;

  /// Complete once `next` came back empty.
  [[nodiscard]] const RowCounts& counts() const;
  [[nodiscard]] const quality::Findings& findings() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// What `read(rows)` gives, which takes all of `rows`: in their own order, and where that turns out
/// to be none once more from the beginning, sorted.
template <class Record, class Read>
auto read_in_any_order(const SourceFile& file, const SequenceOptions& options, Read&& read) {
  {
    SequencedFile<Record> rows{file, options, Reading::InOrder};
    auto result = read(rows);
    if (!rows.is_disordered()) return result;
  }
  SequencedFile<Record> rows{file, options, Reading::Sorted};
  return read(rows);
}

/// Whether rows ascend by time and id, so that no sorting is needed. Throws `SourceError`.
template <class Record>
[[nodiscard]] bool is_ordered(const SourceFile& file);

extern template class SequencedFile<Trade>;
extern template class SequencedFile<Quote>;
extern template class SequencedFile<Bar>;
extern template class SequencedFile<Metrics>;
extern template class SequencedFile<Funding>;

}  // namespace toxvol::catalog
