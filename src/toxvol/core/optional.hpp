#pragma once

#include <optional>

namespace toxvol {

/// Whether a type is a `std::optional`: what a document or a column may leave out.
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

}  // namespace toxvol
