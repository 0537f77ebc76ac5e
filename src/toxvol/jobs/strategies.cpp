#include "toxvol/jobs/strategies.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <ios>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/strategy/script.hpp"
#include "toxvol/strategy/toxvol.hpp"

namespace toxvol::jobs {

strategy::ToxVol make_toxvol(const config::Config& config, const Market& market,
                             strategy::DecisionSink sink,
                             std::shared_ptr<strategy::OwnSignal> own) {
  return {factors::FactorModel{config.strategy.factors, market.inputs},
          {.params = config.strategy,
           .instrument = market.instrument,
           .inputs = market.inputs,
           .from = market.from,
           .own = std::move(own)},
          std::move(sink)};
}

ScriptedStrategy make_scripted(const config::Config& config, const Market& market,
                               std::vector<strategy::ScriptCommand> script,
                               strategy::DecisionSink sink) {
  return {factors::FactorModel{config.strategy.factors, market.inputs},
          strategy::Script{std::move(script)}, config.strategy, market.from, std::move(sink)};
}

std::vector<strategy::ScriptCommand> read_script(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) {
    throw Error{fmt::format("{}: cannot read the order script: {}", path, std::strerror(errno)),
                ErrorCode::Io};
  }
  const std::string text{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
  return strategy::parse_script(text, path);
}

std::optional<TimeSpan> span_of(const std::vector<strategy::ScriptCommand>& script) {
  if (script.empty()) return std::nullopt;
  return TimeSpan{.first = script.front().ts, .last = script.back().ts};
}

}  // namespace toxvol::jobs
