#pragma once

#include <chrono>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

/// Which file a time belongs to: of a day, of funding of a month.
namespace toxvol::catalog {

[[nodiscard]] constexpr Day first_of_month(Day day) {
  const std::chrono::year_month_day date{day};
  return Day{date.year() / date.month() / std::chrono::day{1}};
}

/// The first day of the file that holds this `ts_event`. A bar is of the day its minute opens in
/// (G2), metrics are of (00:00, 24:00].
[[nodiscard]] constexpr Day unit_of(Kind kind, Timestamp ts_event) {
  switch (kind) {
    case Kind::Klines:
      return day_of(ts_event - kMinute);
    case Kind::Metrics:
      return day_of(ts_event - Duration{1});
    case Kind::Funding:
      return first_of_month(day_of(ts_event));
    default:
      return day_of(ts_event);
  }
}
template <class Record>
[[nodiscard]] constexpr Day unit_day(const Record& row) {
  return unit_of(KindOf<Record>::kKind, row.ts_event);
}

/// A bar belongs to the range that its minute opens in (G2): so much later its `ts_event` is.
[[nodiscard]] constexpr Duration length_of(Kind kind) {
  return kind == Kind::Klines ? kMinute : Duration{};
}

}  // namespace toxvol::catalog
