#pragma once

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report::test {

/// The numbers of a packed column as a JSON array, null where there is none; written from
/// docs/report.md, not from packed.cpp.
[[nodiscard]] Json unpack(const Json& packed);

}  // namespace toxvol::report::test
