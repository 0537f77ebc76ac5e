#include "toxvol/catalog/jobs/check.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "toxvol/catalog/jobs/check_parts.hpp"
#include "toxvol/catalog/jobs/missing_days.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

void describe_days(const std::vector<Day>& days, KindReport& report) {
  if (days.empty()) return;
  report.first = days.front();
  report.last = days.back();
  report.days = static_cast<std::int64_t>(days.size());
  constexpr std::chrono::days kOne{1};
  for (std::size_t i = 1; i < days.size(); ++i) {
    if (days[i] - days[i - 1] > kOne) {
      report.holes.push_back({.first = days[i - 1] + kOne, .last = days[i] - kOne});
    }
  }
}

void add_missing_days(CheckReport& report) {
  for (const auto& [symbol, days] : report.coverage) {
    for (auto& missing : missing_days(days, symbol)) report.findings.push_back(std::move(missing));
  }
}

CheckReport check(const CheckOptions& options, Progress& progress) {
  return is_catalog(options.path) ? check_catalog(options, progress) : check_raw(options, progress);
}

}  // namespace toxvol::catalog
