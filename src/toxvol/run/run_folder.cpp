#include "toxvol/run/run_folder.hpp"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/run/json_files.hpp"

namespace toxvol::run {

namespace {

namespace fs = std::filesystem;

nlohmann::ordered_json read_trials(const fs::path& path) {
  auto json = nlohmann::ordered_json::parse(io::read_file(path), nullptr, false);
  if (!json.is_object()) {
    throw Error(path.string() + ": damaged, not a JSON object; run the backtest again",
                ErrorCode::Corrupt);
  }
  return json;
}

}  // namespace

RunFolder open_run(const fs::path& path) {
  if (!fs::exists(path)) {
    throw Error(path.string() + ": no such folder; give one that `toxvol backtest` wrote",
                ErrorCode::NotFound);
  }
  if (!fs::exists(path / "run.json")) {
    throw Error(
        path.string() +
            " is not a run folder: it has no run.json; give one that `toxvol backtest` wrote",
        ErrorCode::NotFound);
  }
  return {.path = path,
          .run = read_run(path / "run.json"),
          .summary = read_summary(path / "summary.json"),
          .trials = fs::exists(path / "trials.json") ? read_trials(path / "trials.json")
                                                     : nlohmann::ordered_json(nullptr)};
}

nlohmann::ordered_json setting(const RunFolder& folder, const char* table, const char* key) {
  const auto& config = folder.run.config;
  if (!config.contains(table) || !config.at(table).contains(key)) return nullptr;
  return config.at(table).at(key);
}

bool is_stitched(const RunFolder& folder) {
  return folder.run.config.contains("folds");
}

bool is_native(const RunFolder& folder) {
  return folder.run.engine == "native";
}

bool is_script(const RunFolder& folder) {
  return folder.run.strategy == "script";
}

bool is_own_signal(const RunFolder& folder) {
  return folder.run.signal.has_value();
}

}  // namespace toxvol::run
