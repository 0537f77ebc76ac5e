#include "toxvol/catalog/jobs/coverage.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/core/assert.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::days kOneDay{1};

/// The days that a data file's name says it has: of funding whole months.
DayWindow days_of_file(const Interval& interval, Kind kind) {
  const Table table = table_of(kind);
  DayWindow days{.first = unit_of(interval.first, table), .last = unit_of(interval.last, table)};
  if (facts(kind).by_month) {
    const std::chrono::year_month_day month{days.last};
    days.last = Day{month.year() / month.month() / std::chrono::last};
  }
  return days;
}

/// Days by kind, collected in any order.
class DaySets {
 public:
  void add(Kind kind, DayWindow window) {
    for (Day day = window.first; day <= window.last; day += kOneDay) days_[kind].insert(day);
  }
  [[nodiscard]] Coverage coverage() const {
    Coverage result;
    for (const auto& [kind, days] : days_) result.days[kind].assign(days.begin(), days.end());
    return result;
  }

 private:
  std::map<Kind, std::set<Day>> days_;
};

/// The days of `kind` inside `within`.
std::vector<Day> days_inside(const Coverage& coverage, Kind kind, DayWindow within) {
  const auto found = coverage.days.find(kind);
  if (found == coverage.days.end()) return {};
  const std::vector<Day>& days = found->second;
  const auto begin = std::lower_bound(days.begin(), days.end(), within.first);
  return {begin, std::upper_bound(begin, days.end(), within.last)};
}

}  // namespace

Coverage coverage(const fs::path& catalog, std::string_view symbol) {
  require_catalog(catalog);
  DaySets days;
  for (const Kind kind : kKinds) {
    for (const DataFile& file : data_files(catalog / folder_of(table_of(kind), symbol))) {
      if (file.interval) days.add(kind, days_of_file(*file.interval, kind));
    }
  }
  return days.coverage();
}

Coverage coverage(const Discovery& found, std::string_view symbol) {
  DaySets days;
  for (const SourceFile& file : found.files) {
    if (file.symbol != symbol) continue;
    const TimeRange period = file.period();
    days.add(file.kind, days_of(period.from, period.to));
  }
  return days.coverage();
}

Coverage raw_coverage(const std::vector<fs::path>& raw, std::string_view symbol) {
  return coverage(discover(raw), symbol);
}

std::string DayWindow::text() const {
  if (first == last) return to_string(first);
  return to_string(first) + ".." + to_string(last);
}

DayWindow days_of(Timestamp from, Timestamp to) {
  TOXVOL_ASSERT(from < to);
  return {.first = day_of(from), .last = day_of(to - Duration{1})};
}

double share(const Coverage& coverage, Kind kind, Timestamp from, Timestamp to) {
  if (from >= to) return 0.0;
  const DayWindow touched = days_of(from, to);
  const auto have = days_inside(coverage, kind, touched).size();
  return static_cast<double>(have) / static_cast<double>(touched.days());
}

std::vector<DayWindow> windows(const Coverage& coverage, const std::vector<Kind>& kinds,
                               DayWindow within) {
  TOXVOL_ASSERT(!kinds.empty());
  std::vector<Day> common = days_inside(coverage, kinds.front(), within);
  for (std::size_t i = 1; i < kinds.size(); ++i) {
    const std::vector<Day> other = days_inside(coverage, kinds[i], within);
    std::vector<Day> both;
    std::set_intersection(common.begin(), common.end(), other.begin(), other.end(),
                          std::back_inserter(both));
    common = std::move(both);
  }
  std::vector<DayWindow> result;
  for (const Day day : common) {
    if (!result.empty() && day == result.back().last + kOneDay) {
      result.back().last = day;
    } else {
      result.push_back({.first = day, .last = day});
    }
  }
  std::sort(result.begin(), result.end(), [](const DayWindow& a, const DayWindow& b) {
    return a.days() != b.days() ? a.days() > b.days() : a.first > b.first;
  });
  return result;
}

std::int64_t days_with(const Coverage& coverage, const std::vector<Kind>& kinds, DayWindow within) {
  std::int64_t total = 0;
  for (const DayWindow& window : windows(coverage, kinds, within)) total += window.days();
  return total;
}

Runnable runnable(const Coverage& coverage) {
  return {.with_quotes = windows(coverage, {Kind::Klines, Kind::AggTrades, Kind::BookTicker}),
          .with_trades = windows(coverage, {Kind::Klines, Kind::AggTrades}),
          .with_klines = windows(coverage, {Kind::Klines})};
}

}  // namespace toxvol::catalog
