#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// What a larger number in a column means for the result; the page colours by it.
enum class Gain : std::int8_t { None, Good, Bad };

struct Column {
  std::string_view label;
  bool is_number = true;
  Gain gain = Gain::None;
};

/// A table of the page without rows: {title, note, columns, rows}.
[[nodiscard]] Json table(std::string_view title, std::string_view note,
                         const std::vector<Column>& columns);

}  // namespace toxvol::report
