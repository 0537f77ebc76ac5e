#include "toxvol/report/run_folder.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/run/tables.hpp"

namespace toxvol::report {

namespace {

namespace fs = std::filesystem;

Json read_document(const fs::path& path) {
  Json json = Json::parse(io::read_file(path), nullptr, false);
  if (!json.is_object()) {
    throw Error(path.string() + ": damaged, not a JSON object; run the backtest again");
  }
  return json;
}

std::string file_of(const RunFolder& folder, std::string_view table) {
  return (folder.path / fmt::format("{}.parquet", table)).string();
}

}  // namespace

RunFolder open_run(const fs::path& path) {
  if (!fs::exists(path)) {
    throw Error(path.string() + ": no such folder; give one that `toxvol backtest` wrote");
  }
  if (!fs::exists(path / "run.json")) {
    throw Error(path.string() +
                " is not a run folder: it has no run.json; give one that `toxvol backtest` wrote");
  }
  return {.path = path,
          .run = read_document(path / "run.json"),
          .summary = read_document(path / "summary.json")};
}

void for_each_block(const RunFolder& folder, std::string_view table,
                    const std::vector<std::string>& columns,
                    const std::function<void(const columnar::TableBlock&)>& use) {
  const std::string file = file_of(folder, table);
  columnar::TableReader reader{file};
  if (reader.schema() != run::table_schema(table)) {
    throw Error(file + ": its columns are not those of docs/schemas.md; run the backtest again");
  }
  reader.select(columns);
  while (const auto block = reader.next()) use(*block);
}

std::int64_t row_count(const RunFolder& folder, std::string_view table) {
  return columnar::TableReader{file_of(folder, table)}.rows();
}

bool is_input(const RunFolder& folder, std::string_view kind) {
  const Json kinds =
      folder.run.at("config").value(Json::json_pointer{"/run/inputs"}, Json::array());
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool is_script(const RunFolder& folder) {
  return folder.run.value("strategy", "toxvol") == "script";
}

int tick_decimals(const RunFolder& folder) {
  const Json& tick = folder.run.at("instrument").at("tick");
  return tick.is_null() ? 0 : decimals(parse_decimal(tick.get<std::string>(), "tick"));
}

std::int64_t money_at(const Json& object, const std::string& key) {
  return parse_decimal(object.at(key).get<std::string>(), key);
}

}  // namespace toxvol::report
