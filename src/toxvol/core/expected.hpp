#pragma once

#include <tl/expected.hpp>

namespace toxvol {

/// A value, or why a row has none. Becomes `std::expected` with C++23.
template <class T, class E>
using Expected = tl::expected<T, E>;
template <class E>
using Unexpected = tl::unexpected<E>;

}  // namespace toxvol
