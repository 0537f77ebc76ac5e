#include "toxvol/csv/number.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/expected.hpp"
#include "toxvol/csv/row_error.hpp"

namespace toxvol::csv {

namespace {

RowFault row_fault(DecimalFault fault) noexcept {
  switch (fault) {
    case DecimalFault::NotADecimal:
      return RowFault::BadDecimal;
    case DecimalFault::TooManyDecimals:
      return RowFault::TooManyDecimals;
    case DecimalFault::OutOfRange:
      break;
  }
  return RowFault::OutOfRange;
}

}  // namespace

Expected<std::int64_t, RowFault> parse_e8(std::string_view text) noexcept {
  return parse_decimal(text).map_error(row_fault);
}

Expected<std::int64_t, RowFault> parse_int(std::string_view text) noexcept {
  std::int64_t value = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stop, status] = std::from_chars(begin, end, value);
  if (status == std::errc::invalid_argument || stop != end) {
    return Unexpected<RowFault>{RowFault::BadInteger};
  }
  if (status != std::errc{}) return Unexpected<RowFault>{RowFault::OutOfRange};
  return value;
}

Expected<bool, RowFault> parse_bool(std::string_view text) noexcept {
  if (text == "true" || text == "True") return true;
  if (text == "false" || text == "False") return false;
  return Unexpected<RowFault>{RowFault::BadFlag};
}

Expected<double, RowFault> parse_double(std::string_view text) noexcept {
  double value = 0.0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stop, status] = std::from_chars(begin, end, value);
  if (status == std::errc::result_out_of_range) return Unexpected<RowFault>{RowFault::OutOfRange};
  // from_chars reads "nan" and "inf" too.
  if (status != std::errc{} || stop != end || !std::isfinite(value)) {
    return Unexpected<RowFault>{RowFault::BadNumber};
  }
  return value;
}

}  // namespace toxvol::csv
