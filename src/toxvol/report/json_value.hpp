#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Values of a document of a study, and what its words mean to a reader.

/// Nothing where the member is null, absent or no number.
[[nodiscard]] std::optional<double> real(const Json& object, std::string_view key);
[[nodiscard]] std::int64_t integer(const Json& object, std::string_view key);
/// Empty where the member is null, absent or no text.
[[nodiscard]] std::string text(const Json& object, std::string_view key);

/// `too_short` is `fewer than 30 points`: why a figure is missing (R5). Another text stays.
[[nodiscard]] std::string note_words(const std::string& note);
/// `30 s`, `5 min`, `4 h`: of a horizon.
[[nodiscard]] std::string horizon_text(std::int64_t seconds);
/// With a capital letter and a full stop.
[[nodiscard]] std::string sentence(std::string words);

}  // namespace toxvol::report
