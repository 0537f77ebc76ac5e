#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace toxvol::run {

/// A column in which two rows of one table differ, and what stands there.
struct Difference {
  std::string column;
  std::string first;
  std::string second;
};

/// The first such column. `Record`: a row of any of the six tables.
template <class Record>
[[nodiscard]] std::optional<Difference> first_difference(const Record& first, const Record& second);

/// The same in words: `f1 is 1.31, recomputed it is 1.32`.
template <class Record>
[[nodiscard]] std::optional<std::string> difference(const Record& stored, const Record& recomputed);

/// Equal for rows without a difference, and by all odds different for others.
template <class Record>
[[nodiscard]] std::uint64_t row_hash(const Record& record);

}  // namespace toxvol::run
