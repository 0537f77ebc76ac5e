#pragma once

#include "toxvol/run/hashed_table.hpp"

namespace toxvol::run {

/// Puts one record (a factor row, or one of `Records`) into a table of its columns. Throws `Error`
/// where a value does not fit its column.
template <class Record>
void put_row(HashedTable& table, const Record& record);

}  // namespace toxvol::run
