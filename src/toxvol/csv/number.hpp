#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/csv/row_error.hpp"

namespace toxvol::csv {

/// Decimal text as a count of 1e-8, exactly: `-0.5`, `27077.3`, `2474.30000000`, `.5`, `5.`.
/// `BadDecimal`: empty, a letter, exponent, quote or `+`. `TooManyDecimals`: a ninth decimal that
/// is not zero. `OutOfRange`: beyond int64.
[[nodiscard]] Expected<std::int64_t, RowFault> parse_e8(std::string_view text) noexcept;

/// Digits with an optional `-`.
[[nodiscard]] Expected<std::int64_t, RowFault> parse_int(std::string_view text) noexcept;

/// `true`, `True`, `false`, `False`: both of Binance's spellings.
[[nodiscard]] Expected<bool, RowFault> parse_bool(std::string_view text) noexcept;

/// The correctly rounded finite double; an exponent is allowed.
[[nodiscard]] Expected<double, RowFault> parse_double(std::string_view text) noexcept;

}  // namespace toxvol::csv
