#include "toxvol/csv/metrics_row.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/number.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/row_fields.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

namespace {

enum Column : int {
  kCreateTime,
  kSymbol,
  kOpenInterest,
  kOpenInterestValue,
  kToptraderCountLs,
  kToptraderSumLs,
  kCountLs,
  kTakerLs
};

// E14: since this day's file the label is the start of its five minutes.
constexpr Day kLabelsAtStart{std::chrono::year{2026} / 6 / 25};
constexpr Duration kLabelPeriod = std::chrono::minutes{5};

}  // namespace

Duration metrics_label_shift(Day file_day) noexcept {
  return file_day >= kLabelsAtStart ? kLabelPeriod : Duration{};
}

Expected<Metrics, RowError> parse_metrics(const std::array<std::string_view, 8>& fields,
                                          std::string_view symbol, Duration label_shift) noexcept {
  RowFields row{fields};
  const auto value = [&row](int field) -> std::optional<double> {
    if (row.at(field).empty()) return std::nullopt;
    const auto parsed = parse_double(row.at(field));
    if (parsed) return *parsed;
    row.check(false, parsed.error(), field);
    return std::nullopt;
  };
  Metrics metrics;
  const auto label = parse_utc_text(row.at(kCreateTime));
  row.check(label.has_value(), RowFault::BadTime, kCreateTime);
  metrics.ts_event = label.value_or(Timestamp{}) + label_shift;
  row.check(!symbol.empty() && row.at(kSymbol) == symbol, RowFault::WrongSymbol, kSymbol);
  metrics.open_interest = value(kOpenInterest);
  metrics.open_interest_value = value(kOpenInterestValue);
  metrics.toptrader_count_ls = value(kToptraderCountLs);
  metrics.toptrader_sum_ls = value(kToptraderSumLs);
  metrics.count_ls = value(kCountLs);
  metrics.taker_ls = value(kTakerLs);
  if (row.failed()) return row.error();
  return metrics;
}

}  // namespace toxvol::csv
