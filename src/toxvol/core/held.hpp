#pragma once

#include <optional>
#include <utility>

#include "toxvol/core/assert.hpp"

namespace toxvol {

/// What `value` holds, where a contract says that it holds something.
template <class T>
[[nodiscard]] constexpr const T& held(const std::optional<T>& value) {
  TOXVOL_ASSERT(value.has_value());
  return *value;
}
template <class T>
[[nodiscard]] constexpr T held(std::optional<T>&& value) {
  TOXVOL_ASSERT(value.has_value());
  return *std::move(value);
}

}  // namespace toxvol
