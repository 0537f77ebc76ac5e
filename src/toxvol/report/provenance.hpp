#pragma once

#include <optional>
#include <string>

#include "toxvol/report/report.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Every key of the configuration as sections of rows `key`, `value`, `preset` (the baseline's
/// value where it differs, else empty). `baseline` is a configuration as in run.json.
[[nodiscard]] Json configuration(const RunFolder& folder, const Json& baseline);

/// The contract as it was used: rows of `what`, `since`, `value`.
[[nodiscard]] Json instrument_table(const RunFolder& folder);

/// What tells this run from every other: label and value.
[[nodiscard]] Json identity(const RunFolder& folder, const std::optional<PresetNote>& preset);

/// The command that makes this run again from a catalog of the same data; no path of this machine.
[[nodiscard]] std::string command_line(const RunFolder& folder, const Json& baseline);

/// One line under every chart: the run's parameters, seed and input hash.
[[nodiscard]] std::string caption(const RunFolder& folder);

}  // namespace toxvol::report
