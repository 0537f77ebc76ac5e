#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "toxvol/catalog/market/input_log.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/run_info.hpp"

namespace toxvol::jobs {

/// The rows that were read of these kinds, named by what they are: a day, or of funding a month.
[[nodiscard]] std::vector<run::RunInput> run_inputs(const catalog::InputLog& log,
                                                    const Inputs& kinds);

/// run.json of a run of `config` on `market`, whose data have been read.
[[nodiscard]] run::RunInfo run_info(const config::Config& config, const Market& market);

/// Since when a run is at work, for timing.json.
class RunClock {
 public:
  [[nodiscard]] Timestamp started() const {
    return std::chrono::time_point_cast<Duration>(started_);
  }
  [[nodiscard]] run::Timing stop(std::vector<std::string> argv, std::string catalog) const;

 private:
  std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point clock_ = std::chrono::steady_clock::now();
};

}  // namespace toxvol::jobs
