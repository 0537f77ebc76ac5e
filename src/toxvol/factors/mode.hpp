#pragma once

#include <array>
#include <string>
#include <string_view>

#include "toxvol/core/market.hpp"

namespace toxvol::factors {

/// What `mode` says of a kind that is missing (A6, N2), in the order in which it says it.
struct ModeWord {
  std::string_view word;
  bool Inputs::* field;
};
inline constexpr std::array<ModeWord, 4> kModeWords = {{{"klines", &Inputs::trades},
                                                        {"no_quotes", &Inputs::quotes},
                                                        {"no_metrics", &Inputs::metrics},
                                                        {"no_funding", &Inputs::funding}}};

/// The words of the kinds that `has` lacks, joined by +; `full` where it lacks none.
[[nodiscard]] std::string mode_text(const Inputs& has);
/// Whether `mode` has that word.
[[nodiscard]] bool names(std::string_view mode, std::string_view word);

}  // namespace toxvol::factors
