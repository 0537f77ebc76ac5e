#pragma once

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"

namespace toxvol::engine {

/// Throws `Error` where a run is impossible: too many decimals for exact money, no fees of the tier
/// at some time of the run, an empty window, a leverage that no bracket allows.
void validate(const EngineParams& params, const Instrument& instrument);

/// Throws `Error` where a strategy gives a command at `now`, before trading starts at `from`.
void require_trading(Timestamp now, Timestamp from);

}  // namespace toxvol::engine
