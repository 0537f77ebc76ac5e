#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::quality {

/// What can be wrong with Binance's files. The table of texts is in finding.cpp and, for people, in
/// docs/data.md#findings; the two are compared by a test.
enum class Code : std::uint8_t {
  BookInterleaved,
  TradesInterleaved,
  RowsInterleaved,
  DuplicateRow,
  DuplicateConflict,
  MetricsDuplicate,
  TradeIdGap,
  TradeIdOrder,
  UpdateIdOrder,
  KlineMissing,
  KlineFlatZero,
  OiZero,
  OiScale,
  MetricsShiftedLabel,
  MetricsMissing,
  MetricsBlank,
  MetricsOffGrid,
  FundingMissing,
  FundingLate,
  NoHeader,
  UnitMicroseconds,
  CrossedQuote,
  EmptyBook,
  QuoteGap,
  OffTick,
  RowOutsideDay,
  BadRow,
  BandOverflow,
  DayMissing,
  DaySuperseded,
  DayPartial,
  FileEmpty,
  FileTruncated,
  FileUnusable,
  ChecksumMismatch,
  VolumeMismatch,
  TakerMismatch,
  TradeOutsideQuotes,
};
inline constexpr int kCodes = static_cast<int>(Code::TradeOutsideQuotes) + 1;

enum class Severity : std::uint8_t { Info, Warning, Error };
enum class Action : std::uint8_t { None, Resorted, Dropped, Quarantined, SkippedFile };

struct CodeInfo {
  std::string_view name;  // "BOOK_INTERLEAVED"
  Severity severity{};
  Action action{};
  std::string_view text;
};

[[nodiscard]] const CodeInfo& info(Code code);
[[nodiscard]] std::optional<Code> code_of(std::string_view name);
/// As in quality.parquet: `info warning error`, `none resorted dropped quarantined skipped_file`.
[[nodiscard]] std::string_view name(Severity severity);
[[nodiscard]] std::string_view name(Action action);

/// One defect and its place: adjacent rows of one code are one finding.
struct Finding {
  Code code{};
  std::optional<Day> day;
  std::optional<std::int64_t> line;  // 1-based, the header counts
  std::optional<std::int64_t> byte;
  std::int64_t count = 1;  // rows, or missing rows
  std::string column;      // empty: none
  std::string value;       // at most 80 bytes
  std::optional<Timestamp> ts;
  std::optional<Timestamp> ts_end;
  std::string text;  // empty: the code's own
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// Collects the findings of one file. Memory is bounded: after `kMaxPerCode` findings of one code
/// the rest is counted in the last of them.
class Findings {
 public:
  static constexpr int kMaxPerCode = 1'000;

  /// Joins `finding` to the one before of its code when it is the next line.
  void add(Finding finding);
  [[nodiscard]] const std::vector<Finding>& list() const { return list_; }
  /// Rows (or missing rows) of `code`.
  [[nodiscard]] std::int64_t count(Code code) const;
  /// By line, code, ts; those without a line first.
  [[nodiscard]] std::vector<Finding> sorted() const;

 private:
  struct Last {
    std::size_t index = 0;
    std::int64_t next_line = 0;
    int findings = 0;
  };
  std::vector<Finding> list_;
  Last last_[kCodes];
};

}  // namespace toxvol::quality
