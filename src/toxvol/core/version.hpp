#pragma once

#include <string_view>

namespace toxvol {

/// Of the program, from CMakeLists.txt.
extern const std::string_view kVersion;

}  // namespace toxvol
