#include "toxvol/run/run_folder.hpp"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/run/json_files.hpp"

namespace toxvol::run {

namespace {

namespace fs = std::filesystem;

nlohmann::ordered_json read_document(const fs::path& path) {
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
          .run = read_document(path / "run.json"),
          .summary = read_summary(path / "summary.json"),
          .trials = fs::exists(path / "trials.json") ? read_document(path / "trials.json")
                                                     : nlohmann::ordered_json(nullptr)};
}

bool is_script(const RunFolder& folder) {
  return folder.run.value("strategy", "toxvol") == "script";
}

bool is_own_signal(const RunFolder& folder) {
  return folder.run.contains("signal");
}

}  // namespace toxvol::run
