#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/run/info.hpp"
#include "toxvol/run/summary.hpp"

namespace toxvol::run {

/// The text of a configuration that is hashed and kept: `config_json` parsed and printed without
/// white space, keys in its order. Throws `Error` where it is not a JSON object.
[[nodiscard]] std::string canonical_config(const std::string& config_json);

/// What only the finished run knows.
struct RunFacts {
  std::vector<std::string> modes;  // of its minutes, sorted
  std::string config_sha256;
  std::vector<std::pair<std::string, std::int64_t>> rows;  // of each table
  std::string fingerprint;
};

[[nodiscard]] std::string run_json(const RunInfo& info, const RunFacts& facts);
[[nodiscard]] std::string summary_json(const Summary& summary);
[[nodiscard]] std::string timing_json(const Timing& timing);

/// `-12.5`: units of 1e-8 without trailing zeros.
[[nodiscard]] std::string decimal_text(std::int64_t raw);

}  // namespace toxvol::run
