#pragma once

#include <string_view>

#include "toxvol/core/time.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::jobs {

/// A day (`2024-01-31`, `20240131`) or a time in any of ISO 8601's forms, to the nanosecond:
/// `2024-01-31T12`, `2024-01-31 12:34`, `20240131T123456Z`, `2024-01-31T14:34:56.5+02:00`. Without
/// a zone it is UTC. `option` names it in the `UsageError`.
[[nodiscard]] Timestamp parse_time(std::string_view text, std::string_view option);

/// Contracts are in capitals: `UsageError` for another `symbol`, naming the right one.
void check_symbol(std::string_view symbol, std::string_view option);

/// --unit, --interval and --resamples of everything that has them. Throw `UsageError`.
[[nodiscard]] study::Unit parse_unit(std::string_view text);
[[nodiscard]] stats::IntervalMethod parse_interval(std::string_view text);
void check_resamples(int resamples);

/// --jobs of everything that has it: that many, or as many as there are processors for 0. Throws
/// `UsageError` for fewer.
[[nodiscard]] int threads_of(int jobs);

}  // namespace toxvol::jobs
