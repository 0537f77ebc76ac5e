#include "toxvol/report/window.hpp"

#include <chrono>

#include "toxvol/core/time.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

Window window_of(const RunFolder& folder) {
  const Duration length = folder.run.to - folder.run.from;
  return {.from = folder.run.from, .seconds = std::chrono::duration<double>(length).count()};
}

}  // namespace toxvol::report
