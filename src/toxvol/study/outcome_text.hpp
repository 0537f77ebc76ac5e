#pragma once

#include <string>
#include <string_view>

#include "toxvol/study/outcome.hpp"

namespace toxvol::study {

/// What a study keeps of a point that is done: all figures of an outcome that its tables are made
/// of, to the last bit.
[[nodiscard]] std::string to_text(const Outcome& outcome);
/// The same back. Throws `Error` for a text that is none.
[[nodiscard]] Outcome outcome_of(std::string_view text);

}  // namespace toxvol::study
