#pragma once

#include <string>

namespace toxvol::jobs {

/// A hash of the file that this code runs from, the command or the Python module: another build,
/// another text. Empty where the system does not tell.
[[nodiscard]] const std::string& program_hash();

}  // namespace toxvol::jobs
