#include "toxvol/study/unit.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace toxvol::study {

namespace {

constexpr std::array<std::string_view, 5> kUnits = {"1m", "15m", "1h", "4h", "1d"};
constexpr std::array<std::string_view, 9> kNotes = {"not_applicable", "no_trades",  "ruined",
                                                    "too_short",      "no_spread",  "one_trial",
                                                    "no_overlap",     "impossible", "fallback"};

}  // namespace

std::string_view name(Unit unit) {
  return kUnits.at(static_cast<std::size_t>(unit));
}

std::optional<Unit> unit_named(std::string_view word) {
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    if (kUnits.at(i) == word) return static_cast<Unit>(i);
  }
  return std::nullopt;
}

std::string_view name(Note note) {
  return kNotes.at(static_cast<std::size_t>(note));
}

std::optional<Note> first_of(std::optional<Note> a, std::optional<Note> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace toxvol::study
