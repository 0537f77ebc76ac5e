#include "toxvol/jobs/run_facts.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include "toxvol/catalog/market/input_log.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/version.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/version.hpp"
#include "toxvol/quality/finding.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/run_info.hpp"

namespace toxvol::jobs {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "";
  return name.data();
}

}  // namespace

std::vector<run::RunInput> run_inputs(const catalog::InputLog& log, const Inputs& kinds) {
  std::vector<run::RunInput> inputs;
  for (const auto& input : log.list()) {
    if (!kinds[input.kind]) continue;
    std::string day = to_string(input.day);
    if (facts(input.kind).by_month) day.resize(7);
    inputs.push_back({.kind = std::string{name(input.kind)},
                      .day = std::move(day),
                      .rows = input.rows,
                      .sha256 = input.sha256});
  }
  return inputs;
}

run::RunInfo run_info(const config::Config& config, const Market& market) {
  run::RunInfo info;
  info.version = kVersion;
  info.commit = kCommit;
  info.profile = engine::name(config.exchange.profile);
  info.preset = config.preset;
  info.synthetic = market.synthetic;
  info.symbol = config.symbol;
  info.from = market.from;
  info.to = market.to;
  info.asked_from = market.asked_from;
  info.asked_to = market.asked_to;
  info.kinds = market.inputs;
  info.seed = static_cast<std::uint64_t>(config.seed);
  info.config_json = config::to_json(config, market.inputs);
  info.instrument = market.instrument;
  info.fee_tier = config.strategy.costs.tier;
  info.quality = market.quality;
  if (market.opened.inputs) {
    info.inputs = run_inputs(*market.opened.inputs, market.inputs);
    for (const auto& [which, rows] : market.opened.inputs->left_out()) {
      const auto& [why, day] = which;
      if (day < day_of(market.from) || Timestamp{day} >= market.to) continue;
      info.quality[std::string{quality::info(why).name}] += rows;
    }
  }
  return info;
}

run::Timing RunClock::stop(std::vector<std::string> argv, std::string catalog) const {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - clock_;
  run::Timing timing;
  timing.started = started();
  timing.duration_s = elapsed.count();
  timing.peak_rss_bytes = std::int64_t{usage.ru_maxrss} * 1024;
  timing.host = host_name();
  timing.argv = std::move(argv);
  timing.catalog = std::move(catalog);
  return timing;
}

}  // namespace toxvol::jobs
