#include "toxvol/jobs/report.hpp"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "toxvol/catalog/market/market.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/jobs/market_source.hpp"
#include "toxvol/jobs/recorded_run.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/report.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/run/run_folder.hpp"

namespace toxvol::jobs {

namespace {

/// Reads parts of the market that a run was made from; empty where it is not at hand.
report::MarketReader market_reader(const std::filesystem::path& run, const std::string& catalog) {
  const run::RunFolder folder = run::open_run(run);
  try {
    const MarketOptions options = recorded_market(folder, catalog, {});
    auto symbol = folder.run.at("symbol").get<std::string>();
    return [folder = options.catalog, symbol = std::move(symbol)](
               std::span<const TimeRange> parts, const Inputs& kinds,
               const std::function<void(MarketData&)>& use) {
      MarketData data = catalog::open_parts(folder, symbol, parts, kinds);
      use(data);
    };
  } catch (const Error&) {
    return {};  // the page says so
  }
}

/// The mark of the synthetic market that a run was made from; empty where there is none at hand.
std::string synthetic_label_of(const std::filesystem::path& run, const std::string& catalog) {
  const run::RunFolder folder = run::open_run(run);
  try {
    const MarketOptions options = recorded_market(folder, catalog, {});
    const std::filesystem::path label = synthetic_label(options.catalog);
    return std::filesystem::exists(label) ? io::read_file(label) : std::string{};
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::filesystem::path run_report(const std::filesystem::path& run, const std::string& out,
                                 const std::string& catalog) {
  const std::filesystem::path page = out.empty() ? run / "report.html" : std::filesystem::path{out};
  if (report::is_study(run)) {
    report::write_study(run, page);
    return page;
  }
  report::Options options;
  options.baseline_config = config::to_json(config::preset(config::kDefaultPreset));
  options.market = market_reader(run, catalog);
  options.synthetic_label = synthetic_label_of(run, catalog);
  for (const std::string& name : config::preset_names()) {
    options.presets.push_back(
        {.name = name, .text = config::preset_line(name), .exercise = config::is_exercise(name)});
  }
  report::write_report(run, page, options);
  return page;
}

std::filesystem::path run_index(const std::filesystem::path& root, const std::string& out) {
  const std::filesystem::path page = out.empty() ? root / "index.html" : std::filesystem::path{out};
  report::write_index(root, page);
  return page;
}

}  // namespace toxvol::jobs
