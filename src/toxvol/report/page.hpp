#pragma once

#include <string>

namespace toxvol::report {

/// The bundle of web/, one HTML file that waits for its data.
[[nodiscard]] std::string page();

}  // namespace toxvol::report
