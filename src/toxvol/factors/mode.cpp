#include "toxvol/factors/mode.hpp"

#include <string>
#include <string_view>

#include "toxvol/core/market.hpp"

namespace toxvol::factors {

std::string mode_text(const Inputs& has) {
  std::string text;
  for (const auto& [word, field] : kModeWords) {
    if (has.*field) continue;
    if (!text.empty()) text += '+';
    text += word;
  }
  return text.empty() ? "full" : text;
}

bool names(std::string_view mode, std::string_view word) {
  while (!mode.empty()) {
    const auto end = mode.find('+');
    if (mode.substr(0, end) == word) return true;
    if (end == std::string_view::npos) break;
    mode.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace toxvol::factors
