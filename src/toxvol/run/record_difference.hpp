#pragma once

#include <optional>
#include <string>

namespace toxvol::run {

/// The first column in which two rows of one table differ, in words: `f1 is 1.31, recomputed it is
/// 1.32`. `Record`: decisions, orders, fills or positions.
template <class Record>
[[nodiscard]] std::optional<std::string> difference(const Record& stored, const Record& recomputed);

}  // namespace toxvol::run
