#pragma once

#include <optional>
#include <vector>

#include "toxvol/core/signal_row.hpp"
#include "toxvol/strategy/sizing.hpp"
#include "toxvol/strategy/step.hpp"

namespace toxvol::strategy {

/// How the last row was judged, for who explains it.
struct Judgement {
  std::vector<Step> signal;          // its steps, also those after the first that does not hold
  std::optional<SignalRow> own;      // the row of a user's own signal that counted
  std::vector<Step> guards;          // the same of guards and position; empty without a signal
  std::optional<SizeInputs> inputs;  // of the size; empty where there was no price to size at
  std::optional<Size> size;
};

}  // namespace toxvol::strategy
