#pragma once

#include <filesystem>

#include <nlohmann/json.hpp>

#include "toxvol/run/run_document.hpp"
#include "toxvol/run/summary.hpp"

namespace toxvol::run {

/// A run folder being read: its documents. Its tables: record_reader.hpp.
struct RunFolder {
  std::filesystem::path path;
  RunDocument run;
  Summary summary;
  nlohmann::ordered_json trials{};  // trials.json; null where there is none
};

/// Throws `Error`: no such folder, no run folder, a damaged document.
[[nodiscard]] RunFolder open_run(const std::filesystem::path& path);

/// A value of its resolved configuration; null where there is no such key.
[[nodiscard]] nlohmann::ordered_json setting(const RunFolder& folder, const char* table,
                                             const char* key);
/// Whether it was stitched from the folds of a walk-forward.
[[nodiscard]] bool is_stitched(const RunFolder& folder);
/// Whether toxvol's own engine made it.
[[nodiscard]] bool is_native(const RunFolder& folder);
/// Whether an order script stood in the place of the strategy.
[[nodiscard]] bool is_script(const RunFolder& folder);
/// Whether a user's own signal stood in the place of both alphas.
[[nodiscard]] bool is_own_signal(const RunFolder& folder);

}  // namespace toxvol::run
