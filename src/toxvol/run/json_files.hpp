#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/run/run_document.hpp"
#include "toxvol/run/run_info.hpp"
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

[[nodiscard]] RunDocument run_document(const RunInfo& info, const RunFacts& facts);
[[nodiscard]] std::string run_json(const RunDocument& run);
/// run.json back. Throws `Error` for a damaged one.
[[nodiscard]] RunDocument read_run(const std::filesystem::path& path);
[[nodiscard]] std::string summary_json(const Summary& summary);
/// summary.json back. Throws `Error` for a damaged one.
[[nodiscard]] Summary read_summary(const std::filesystem::path& path);
[[nodiscard]] std::string timing_json(const Timing& timing);

}  // namespace toxvol::run
