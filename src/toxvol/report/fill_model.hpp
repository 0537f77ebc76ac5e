#pragma once

#include <string>
#include <string_view>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// A rule of docs/engine.md in a few words; empty for an unknown code.
[[nodiscard]] std::string fill_rule_meaning(std::string_view rule);

/// What is not real about the fills of this run, the worst first: `code`, `text`.
[[nodiscard]] Json caveats(const RunFolder& folder);

}  // namespace toxvol::report
