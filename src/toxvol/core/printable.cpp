#include "toxvol/core/printable.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace toxvol {

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string shown{text.substr(0, max_bytes)};
  for (char& c : shown) {
    if (c < ' ' || c > '~') c = '?';
  }
  return shown;
}

}  // namespace toxvol
