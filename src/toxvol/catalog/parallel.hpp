#pragma once

#include <cstddef>
#include <functional>

namespace toxvol::catalog {

/// Runs `work(i)` for i < count on `jobs` threads. The first exception stops the others and comes
/// out.
void in_parallel(std::size_t count, int jobs, const std::function<void(std::size_t)>& work);

}  // namespace toxvol::catalog
