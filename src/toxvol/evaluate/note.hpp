#pragma once

#include <cstddef>
#include <string_view>

/// Why a figure is missing (R5), in the column `note`.
namespace toxvol::evaluate::note {

inline constexpr std::string_view kNotApplicable = "not_applicable";
inline constexpr std::string_view kTooShort = "too_short";
inline constexpr std::string_view kNoSpread = "no_spread";
inline constexpr std::string_view kImpossible = "impossible";

}  // namespace toxvol::evaluate::note
