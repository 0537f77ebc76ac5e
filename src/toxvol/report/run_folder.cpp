#include "toxvol/report/run_folder.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/run/json_files.hpp"
#include "toxvol/run/run_folder.hpp"

namespace toxvol::report {

RunFolder open_run(const std::filesystem::path& path, const TrialCount& count_again) {
  RunFolder folder = run::open_run(path);
  if (!count_again) return folder;
  Json now = count_again(folder);
  if (now.is_object()) folder.trials = std::move(now);
  return folder;
}

std::int64_t row_count(const RunFolder& folder, std::string_view table) {
  return columnar::TableReader{(folder.path / fmt::format("{}.parquet", table)).string()}.rows();
}

bool is_input(const RunFolder& folder, std::string_view kind) {
  const Json kinds = run::setting(folder, "run", "inputs");
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

int tick_decimals(const RunFolder& folder) {
  const auto& tick = folder.run.instrument.tick;
  return tick ? decimals(tick->raw()) : 0;
}

}  // namespace toxvol::report
