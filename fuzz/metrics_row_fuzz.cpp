// Values are finite, a blank field and only that is empty, and the shift is added to the label.
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "fuzz/row.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/metrics_row.hpp"

namespace toxvol {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto fields = fuzz::split<8>(fuzz::text(data, size));
  if (!fields) return 0;
  const auto metrics = csv::parse_metrics(*fields, (*fields)[1], Duration{});
  const auto shifted = csv::parse_metrics(*fields, (*fields)[1], std::chrono::minutes{5});
  fuzz::require(metrics.has_value() == shifted.has_value());
  if (!metrics) return 0;
  fuzz::require(shifted->ts_event - metrics->ts_event == std::chrono::minutes{5});
  const std::array<std::optional<double>, 6> values{
      metrics->open_interest,      metrics->open_interest_value,
      metrics->toptrader_count_ls, metrics->toptrader_sum_ls,
      metrics->count_ls,           metrics->taker_ls};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::optional<double>& value = values[i];
    fuzz::require(value.has_value() != (*fields)[i + 2].empty());
    fuzz::require(!value || std::isfinite(*value));
  }
  return 0;
}

}  // namespace toxvol
