#pragma once

#include <string_view>

namespace toxvol::app {

/// Of the program, as built. In a source of their own: a commit compiles that one again.
extern const std::string_view kVersion;
extern const std::string_view kCommit;

}  // namespace toxvol::app
