#include "toxvol/run/table_rows.hpp"

#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::run {

using columnar::ColumnBlock;
using columnar::ColumnType;

bool TableRows::advance() {
  ++row_;
  ++number_;
  while (!block_ || row_ >= block_->rows) {
    block_ = reader_.next();
    row_ = 0;
    if (!block_) return false;
  }
  return true;
}

std::string TableRows::text(std::size_t i) const {
  const ColumnBlock& values = column(i);
  if (values.is_null(row_)) return "null";
  switch (values.type()) {
    case ColumnType::Timestamp:
      return to_string(from_ns(held(values.integer(row_))));
    case ColumnType::Decimal:
      return decimal_text(held(values.integer(row_)));
    case ColumnType::Text:
      return std::string{held(values.text(row_))};
    case ColumnType::Float64:
      return fmt::format("{}", held(values.real(row_)));
    case ColumnType::Bool:
      return held(values.integer(row_)) != 0 ? "true" : "false";
    case ColumnType::Date:
      return to_string(Day{std::chrono::days{held(values.integer(row_))}});
    default:
      return std::to_string(held(values.integer(row_)));
  }
}

bool is_equal(const TableRows& a, const TableRows& b, std::size_t i) {
  const ColumnBlock& left = a.column(i);
  const ColumnBlock& right = b.column(i);
  if (left.is_null(a.row()) || right.is_null(b.row())) {
    return left.is_null(a.row()) == right.is_null(b.row());
  }
  if (left.type() == ColumnType::Text) return left.text(a.row()) == right.text(b.row());
  if (left.type() == ColumnType::Float64) return left.real(a.row()) == right.real(b.row());
  return left.integer(a.row()) == right.integer(b.row());
}

}  // namespace toxvol::run
