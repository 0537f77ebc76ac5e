#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "toxvol/app/market_source.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/info.hpp"

namespace toxvol::app {

/// run.json of a run of `config` on `market`, whose data have been read.
[[nodiscard]] run::RunInfo run_info(const config::Config& config, const Market& market);

/// Since when a run is at work, for timing.json.
class RunClock {
 public:
  [[nodiscard]] run::Timing stop(std::vector<std::string> argv, std::string catalog) const;

 private:
  std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point clock_ = std::chrono::steady_clock::now();
};

}  // namespace toxvol::app
