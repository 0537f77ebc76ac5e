#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace toxvol {

/// The first `max_bytes` of `text` with every byte that is not printable ASCII as `?`: foreign
/// bytes in errors and findings stay on one line and harm no terminal and no UTF-8 column.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes = 80);

/// Of ASCII; the locale has no say.
[[nodiscard]] constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

}  // namespace toxvol
