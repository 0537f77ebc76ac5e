#include "toxvol/jobs/recorded_run.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/version.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/version.hpp"
#include "toxvol/run/json_files.hpp"
#include "toxvol/run/run_folder.hpp"

namespace toxvol::jobs {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

}  // namespace

std::string other_version(const run::RunFolder& folder) {
  return fmt::format("it was made by toxvol {} ({}), this is {} ({})", folder.run.version,
                     folder.run.commit, kVersion, kCommit);
}

config::Config recorded_config(const Json& tables, const run::RunFolder& folder) {
  std::string toml;  // which spells values as JSON does
  for (const auto& [table, keys] : tables.items()) {
    toml += fmt::format("[{}]\n", table);
    for (const auto& [key, value] : keys.items()) {
      toml += fmt::format("{} = {}\n", key, value.dump());
    }
  }
  config::Config config = config::parse(toml, (folder.path / "run.json").string());
  if (run::canonical_config(config::to_json(config)) != tables.dump()) {
    throw Error{
        fmt::format("{}: its configuration has other keys than this program knows: {}; run "
                    "it again",
                    folder.path.string(), other_version(folder))};
  }
  return config;
}

MarketOptions recorded_market(const run::RunFolder& folder, const std::string& catalog,
                              const std::vector<std::string>& raw) {
  MarketOptions options{.catalog = catalog,
                        .raw = raw,
                        .from = to_string(folder.run.from),
                        .to = to_string(folder.run.to)};
  // A stitched run begins where its first test window does, with or without data there.
  options.is_settled = run::is_stitched(folder);
  if (!options.catalog.empty() || !options.raw.empty()) return options;
  const fs::path timing = folder.path / "timing.json";
  const Json json =
      fs::exists(timing) ? Json::parse(io::read_file(timing), nullptr, false) : Json(nullptr);
  const Json said = json.is_object() ? json.value("catalog", Json(nullptr)) : Json(nullptr);
  if (!said.is_string()) {
    throw Error{
        fmt::format("{}: it was not made from a catalog; say where its data are with --raw, "
                    "or --catalog",
                    folder.path.string()),
        ErrorCode::NotFound};
  }
  options.catalog = said.get<std::string>();
  if (!fs::exists(options.catalog)) {
    throw Error{fmt::format("{}: its catalog {} is not there; name it with --catalog",
                            folder.path.string(), options.catalog),
                ErrorCode::NotFound};
  }
  return options;
}

}  // namespace toxvol::jobs
