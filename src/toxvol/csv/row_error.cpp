#include "toxvol/csv/row_error.hpp"

#include <string_view>

namespace toxvol::csv {

std::string_view describe(RowFault fault) {
  switch (fault) {
    case RowFault::FieldCount:
      return "wrong number of fields";
    case RowFault::BadInteger:
      return "not an integer";
    case RowFault::BadDecimal:
      return "not a decimal number";
    case RowFault::TooManyDecimals:
      return "more than 8 decimals";
    case RowFault::BadNumber:
      return "not a finite number";
    case RowFault::BadFlag:
      return "neither true nor false";
    case RowFault::BadTime:
      return "not a time, or not in the unit of the file";
    case RowFault::OutOfRange:
      return "out of range";
    case RowFault::Inconsistent:
      return "contradicts the other columns";
    case RowFault::WrongSymbol:
      return "another symbol than the rest of the file";
    case RowFault::Quoted:
      return "quote character";
    case RowFault::LineTooLong:
      return "line too long";
  }
  return "";
}

}  // namespace toxvol::csv
