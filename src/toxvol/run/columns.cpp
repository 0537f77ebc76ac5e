#include "toxvol/run/columns.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

Money net(const trading::PositionRecord& position) {
  const auto exact =
      narrow(Int128{position.realised.raw()} - position.fees.raw() + position.funding.raw());
  if (!exact) {
    throw Error("position " + kPositionId.text(position.position) + ": net does not fit 64 bits");
  }
  return Money::from_raw(*exact);
}

std::optional<Price> nearest_decimal(const std::optional<double>& value, std::string_view column) {
  if (!value) return std::nullopt;
  const double raw = *value * static_cast<double>(Price::kOne);
  if (!(std::abs(raw) < static_cast<double>(columnar::kDecimalLimit))) {
    throw Error("column " + std::string{column} + ": " + std::to_string(*value) +
                " does not fit decimal(18, 8)");
  }
  return Price::from_raw(std::llround(raw));
}

}  // namespace toxvol::run
