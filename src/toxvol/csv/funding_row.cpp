#include "toxvol/csv/funding_row.hpp"

#include <array>
#include <cstdint>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/sound.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/row_fields.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

namespace {
enum Column : int { kCalcTime, kIntervalHours, kRate };
}  // namespace

Expected<Funding, RowError> parse_funding(const std::array<std::string_view, 3>& fields,
                                          TimeUnit unit) noexcept {
  RowFields row{fields};
  Funding funding;
  funding.ts_event = row.time(kCalcTime, unit);
  const std::int64_t hours = row.integer(kIntervalHours);
  const bool in_range = hours > 0 && hours <= kMostIntervalHours;
  row.check(in_range, RowFault::OutOfRange, kIntervalHours);
  funding.interval_hours = in_range ? static_cast<std::int32_t>(hours) : 0;
  funding.rate = Rate::from_raw(row.e8(kRate));
  if (row.failed()) return row.error();
  return funding;
}

}  // namespace toxvol::csv
