#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/catalog/discovery.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

/// From a file's rows in file order to records in their final order, with `ts_init`, duplicates and
/// faulty rows taken out (docs/data.md#order). Shared by ingest and by runs straight from CSV, so
/// that both see the same records.
namespace toxvol::catalog {

/// The file cannot be used at all: skipped whole, the rest goes on.
class SourceError : public Error {
 public:
  SourceError(quality::Code code, const std::string& what) : Error{what}, code_{code} {}
  [[nodiscard]] quality::Code code() const { return code_; }

 private:
  quality::Code code_;
};

/// Decimals that an instrument's numbers may have; 8 = any.
struct Precision {
  int price = 8;
  int size = 8;
  friend bool operator==(const Precision&, const Precision&) = default;
};

struct RowCounts {
  std::int64_t read = 0;
  std::int64_t kept = 0;
  std::int64_t dropped = 0;
  std::int64_t repaired = 0;  // of the kept: stood after a later row
  std::int64_t quarantined = 0;
  friend bool operator==(const RowCounts&, const RowCounts&) = default;
};

struct SequenceOptions {
  Precision precision;
  std::vector<Dated<Price>> ticks;     // empty: no look at the tick
  std::filesystem::path spill_folder;  // for the runs of a disordered file
  bool strict = false;
  bool detect = true;  // feed the detectors
  /// Told the decompressed bytes read since the last call, and rows.
  std::function<void(std::int64_t bytes, std::int64_t rows)> progress;
};

/// Rows of one output: a UTC day, of funding the whole file.
template <class Record>
struct SequencedBlock {
  Day unit{};
  std::span<const Record> rows;
};

/// How a file is read through: `InOrder` costs nothing but throws `Disordered` when a row stands
/// after a later one; `Sorted` takes any order (memory stays bounded: runs go to disk).
enum class Reading : std::uint8_t { InOrder, Sorted };
struct Disordered {};

template <class Record>
class SequencedFile {
 public:
  /// Opens the file. Throws `SourceError`.
  SequencedFile(const SourceFile& file, SequenceOptions options, Reading reading);
  SequencedFile(SequencedFile&&) noexcept;
  SequencedFile& operator=(SequencedFile&&) noexcept;
  ~SequencedFile();

  /// The next rows, all of one unit, units ascending; valid until the next call. Throws
  /// `SourceError`, and `Disordered` (see `Reading`).
  [[nodiscard]] std::optional<SequencedBlock<Record>> next();

  /// Complete once `next` came back empty.
  [[nodiscard]] const RowCounts& counts() const;
  [[nodiscard]] const quality::Findings& findings() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// Whether rows ascend by time and id, so that no sorting is needed. Throws `SourceError`.
template <class Record>
[[nodiscard]] bool is_ordered(const SourceFile& file);

/// Gives records their `ts_init` (docs/data.md#time). Rows come in final order.
template <class Record>
class InitClock {
 public:
  /// False where the millisecond has no room left: `row` is unchanged.
  [[nodiscard]] bool stamp(Record& row);

 private:
  std::int64_t last_ms_ = -1;
  std::int64_t k_ = 0;
};

inline constexpr std::int64_t kQuoteBand = 300'000;
inline constexpr std::int64_t kFlowBand = 799'999;
inline constexpr std::int64_t kBarBand = 800'000;
inline constexpr std::int64_t kMetricsBand = 900'000;
inline constexpr std::int64_t kFundingBand = 950'000;

/// The day whose file a record belongs to: a bar by its open time, metrics by (00:00, 24:00].
[[nodiscard]] Day unit_day(const Trade& row);
[[nodiscard]] Day unit_day(const Quote& row);
[[nodiscard]] Day unit_day(const Bar& row);
[[nodiscard]] Day unit_day(const Metrics& row);
[[nodiscard]] Day unit_day(const Funding& row);

extern template class SequencedFile<Trade>;
extern template class SequencedFile<Quote>;
extern template class SequencedFile<Bar>;
extern template class SequencedFile<Metrics>;
extern template class SequencedFile<Funding>;
extern template class InitClock<Trade>;
extern template class InitClock<Quote>;
extern template class InitClock<Bar>;
extern template class InitClock<Metrics>;
extern template class InitClock<Funding>;

}  // namespace toxvol::catalog
