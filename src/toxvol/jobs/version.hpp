#pragma once

#include <string_view>

namespace toxvol::jobs {

/// Of the program, as built. In a source of its own: a commit compiles that one again.
extern const std::string_view kCommit;

}  // namespace toxvol::jobs
