#include "toxvol/catalog/jobs/missing_days.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/ingest_finding.hpp"
#include "toxvol/catalog/raw/calendar.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

namespace {

/// First and last day of the klines; where there are none, of what comes by the day, else of the
/// funding.
std::optional<DayWindow> span_of(const Coverage& coverage) {
  std::optional<DayWindow> span;
  const auto widen = [&](Kind kind) {
    if (!coverage.has(kind)) return;
    const std::vector<Day>& days = coverage.days.at(kind);
    if (!span) span = DayWindow{.first = days.front(), .last = days.back()};
    span->first = std::min(span->first, days.front());
    span->last = std::max(span->last, days.back());
  };
  widen(Kind::Klines);
  if (span) return span;
  for (const Kind kind : kKinds) {
    if (!facts(kind).by_month) widen(kind);
  }
  if (!span) widen(Kind::Funding);
  return span;
}

/// The day or month after `day`.
Day next_unit(Kind kind, Day day) {
  if (!facts(kind).by_month) return day + std::chrono::days{1};
  return Day{std::chrono::year_month_day{day} + std::chrono::months{1}};
}

void find_missing(const Coverage& coverage, const std::string& symbol, Kind kind, DayWindow span,
                  std::vector<IngestFinding>& result) {
  static const std::vector<Day> none;
  const std::vector<Day>& days = coverage.has(kind) ? coverage.days.at(kind) : none;
  const bool months = facts(kind).by_month;
  std::optional<quality::Finding> open;
  const auto close = [&] {
    if (!open) return;
    const bool at_all = days.empty();
    open->text = fmt::format("no {} {}", name(kind),
                             at_all   ? "at all"
                             : months ? "for these months"
                                      : "for these days");
    result.push_back({.file = "", .symbol = symbol, .kind = kind, .finding = std::move(*open)});
    open.reset();
  };
  for (Day unit = months ? first_of_month(span.first) : span.first; unit <= span.last;
       unit = next_unit(kind, unit)) {
    if (std::binary_search(days.begin(), days.end(), unit)) {
      close();
      continue;
    }
    if (!open) {
      open.emplace();
      open->code = quality::Code::DayMissing;
      open->day = unit;
      open->count = 0;
      open->ts = Timestamp{unit};
    }
    ++open->count;
    open->ts_end = Timestamp{next_unit(kind, unit)};
  }
  close();
}

}  // namespace

std::vector<IngestFinding> missing_days(const Coverage& coverage, const std::string& symbol) {
  std::vector<IngestFinding> result;
  const auto span = span_of(coverage);
  if (!span) return result;
  for (const Kind kind : kKinds) find_missing(coverage, symbol, kind, *span, result);
  return result;
}

}  // namespace toxvol::catalog
