#pragma once

#include <string>
#include <string_view>

#include "toxvol/engine/parity/rules.hpp"

namespace toxvol::engine::test {

/// A case of the parity tests: a small market and an order script, as make_logs.py writes it.
/// Gives the events of the native run by these rules, line by line, in make_logs.py's words.
[[nodiscard]] std::string replay(std::string_view text, const Rules& rules);

/// The part of a golden file behind its line `log`: what NautilusTrader did.
[[nodiscard]] std::string_view golden_log(std::string_view text);

}  // namespace toxvol::engine::test
