#pragma once

#include <algorithm>

#include <fmt/format.h>

#include "toxvol/core/error.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/table.hpp"

namespace toxvol::study {

/// A table with a row a point has a column for each axis. Throws `Error` for an axis that is called
/// as a column which every such table has.
template <class Row>
void check_axis_names(const Design& design) {
  SchemaVisitor visitor;
  columns(Row{}, visitor);
  for (const Axis& axis : design.axes) {
    const bool is_taken = std::any_of(visitor.schema().begin(), visitor.schema().end(),
                                      [&](const auto& column) { return column.name == axis.name; });
    if (!is_taken) continue;
    throw Error{fmt::format("{}:{}: axis {}: a column of the results has that name; give the axis "
                            "another one",
                            design.file, axis.line, axis.name),
                ErrorCode::Config};
  }
}

}  // namespace toxvol::study
