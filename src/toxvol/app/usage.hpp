#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace toxvol::app {

/// One line for a command line that could not be read: what was wrong, the nearest name there is,
/// and where to read on.
[[nodiscard]] std::string usage_error(const CLI::App& root, const CLI::ParseError& error);

}  // namespace toxvol::app
