#include "toxvol/jobs/arguments.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_text.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::jobs {

Timestamp parse_time(std::string_view text, std::string_view option) {
  const auto ts = time_from_text(text);
  if (!ts) {
    throw UsageError{
        fmt::format("{} {}: expected a UTC day such as 2024-01-31, or a time such as "
                    "2024-01-31T12:00 (UTC) or 2024-01-31T14:00+02:00, of the years {}",
                    option, text, kYears)};
  }
  return *ts;
}

void check_symbol(std::string_view symbol, std::string_view option) {
  std::string capitals{symbol};
  for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (capitals == symbol && !symbol.empty()) return;
  throw UsageError{fmt::format("{} {}: a contract is written in capitals: {}", option, symbol,
                               symbol.empty() ? "BTCUSDT" : capitals)};
}

study::Unit parse_unit(std::string_view text) {
  if (const auto unit = study::unit_named(text)) return *unit;
  throw UsageError{fmt::format("--unit {}: one of 1m, 15m, 1h, 4h, 1d", text)};
}

stats::IntervalMethod parse_interval(std::string_view text) {
  if (const auto method = stats::interval_method_named(text)) return *method;
  throw UsageError{fmt::format("--interval {}: percentile or fixed_b", text)};
}

void check_resamples(int resamples) {
  constexpr int kLeast = 99;
  if (resamples >= kLeast) return;
  throw UsageError{fmt::format("--resamples {}: at least {}", resamples, kLeast)};
}

int threads_of(int jobs) {
  if (jobs < 0) throw UsageError{fmt::format("--jobs {}: a number from 1 on", jobs)};
  return jobs > 0 ? jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace toxvol::jobs
