#pragma once

#include <cstdint>
#include <string_view>

namespace toxvol::csv {

/// Why a row gives no record.
enum class RowFault : std::uint8_t {
  FieldCount,       // too few or too many fields; a blank line with rows after it
  BadInteger,       // empty, or not digits with an optional '-'
  BadDecimal,       // empty, or not a plain decimal number
  TooManyDecimals,  // a ninth decimal that is not zero
  BadNumber,        // metrics: not a finite number
  BadFlag,          // neither true nor false
  BadTime,          // no time of the years 2001 to 2128, or not in the file's unit
  OutOfRange,       // a number that the column cannot have
  Inconsistent,     // contradicts another column of the row (kline range, close time)
  WrongSymbol,      // metrics: another symbol than the rows before
  Quoted,           // holds a quote character; Binance writes none
  LineTooLong,
};

struct RowError {
  RowFault fault{};
  int field = 0;  // index into the kind's columns, canonical order; -1: the line as a whole
  friend constexpr bool operator==(const RowError&, const RowError&) = default;
};

/// A few words for a person: "not a decimal number".
[[nodiscard]] std::string_view describe(RowFault fault);

}  // namespace toxvol::csv
