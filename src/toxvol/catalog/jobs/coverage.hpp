#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"

/// Which UTC days there are of each kind, by files alone: no row is read (docs/data.md#coverage).
namespace toxvol::catalog {

/// A file of a day has the day, one of a month every day of it, funding always comes by months.
/// Ascending; a kind without a day is absent.
struct Coverage {
  std::map<Kind, std::vector<Day>> days;
  [[nodiscard]] bool has(Kind kind) const { return days.contains(kind); }
};

/// By the names of the catalog's files. Throws `Error` where there is no catalog.
[[nodiscard]] Coverage coverage(const std::filesystem::path& catalog, std::string_view symbol);
/// By the names of Binance's files.
[[nodiscard]] Coverage raw_coverage(const std::vector<std::filesystem::path>& raw,
                                    std::string_view symbol);
[[nodiscard]] Coverage coverage(const Discovery& found, std::string_view symbol);

/// The share, 0 to 1, of the UTC days touched by [from, to) that the kind has (N1). An empty window
/// touches none: 0.
[[nodiscard]] double share(const Coverage& coverage, Kind kind, Timestamp from, Timestamp to);

/// With `run.inputs = "auto"` a kind is an input from this share of the window on (N1).
inline constexpr double kInputShare = 0.95;

/// UTC days from `first` to `last`, both included.
struct DayWindow {
  Day first{};
  Day last{};
  [[nodiscard]] std::int64_t days() const { return (last - first).count() + 1; }
  /// As the [from, to) of a run.
  [[nodiscard]] Timestamp from() const { return Timestamp{first}; }
  [[nodiscard]] Timestamp to() const { return Timestamp{last} + kDay; }
  /// `2024-01-15..2024-01-17`, of one day `2024-01-15`.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const DayWindow&, const DayWindow&) = default;
};
inline constexpr DayWindow kAllDays{.first = Day::min(), .last = Day::max()};

/// The days touched by [from, to), which is not empty.
[[nodiscard]] DayWindow days_of(Timestamp from, Timestamp to);

/// The runs of consecutive days inside `within` that have every one of `kinds` (at least one):
/// longest first, of equal length the latest first.
[[nodiscard]] std::vector<DayWindow> windows(const Coverage& coverage,
                                             const std::vector<Kind>& kinds,
                                             DayWindow within = kAllDays);

/// How many days inside `within` have every one of `kinds`.
[[nodiscard]] std::int64_t days_with(const Coverage& coverage, const std::vector<Kind>& kinds,
                                     DayWindow within);

/// What can be run: a minute is a kline, so klines are always needed; quotes are used with the
/// trades of their time only (G4). Each list as `windows` gives it; days with quotes are days with
/// trades too, and those are days with klines.
struct Runnable {
  std::vector<DayWindow> with_quotes;  // klines, aggTrades, bookTicker
  std::vector<DayWindow> with_trades;  // klines, aggTrades
  std::vector<DayWindow> with_klines;
};
[[nodiscard]] Runnable runnable(const Coverage& coverage);

}  // namespace toxvol::catalog
