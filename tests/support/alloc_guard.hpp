#pragma once

#include <cstdint>

namespace toxvol::test {

/// Counts the allocations of this thread since it was made. The program links alloc_guard.cpp,
/// which replaces the global `operator new`.
class AllocGuard {
 public:
  AllocGuard();
  [[nodiscard]] std::int64_t allocations() const;

 private:
  std::int64_t at_start_;
};

}  // namespace toxvol::test
