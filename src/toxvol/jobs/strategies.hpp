#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/strategy/script.hpp"
#include "toxvol/strategy/toxvol.hpp"

namespace toxvol::jobs {

/// The strategy that `config` describes, for any engine; with `own` its directions are a user's.
[[nodiscard]] strategy::ToxVol make_toxvol(const config::Config& config, const Market& market,
                                           strategy::DecisionSink sink,
                                           std::shared_ptr<strategy::OwnSignal> own = nullptr);

using ScriptedStrategy = strategy::Scripted<factors::FactorModel>;

/// An order script in its place.
[[nodiscard]] ScriptedStrategy make_scripted(const config::Config& config, const Market& market,
                                             std::vector<strategy::ScriptCommand> script,
                                             strategy::DecisionSink sink);

/// An order script's file. Throws `Error`.
[[nodiscard]] std::vector<strategy::ScriptCommand> read_script(const std::string& path);

/// When the commands of a script are given; nothing for an empty one.
[[nodiscard]] std::optional<TimeSpan> span_of(const std::vector<strategy::ScriptCommand>& script);

}  // namespace toxvol::jobs
