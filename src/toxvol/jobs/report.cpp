#include "toxvol/jobs/report.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/catalog/market/market.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/recorded_run.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/report.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_family.hpp"
#include "toxvol/study/trial_log.hpp"

namespace toxvol::jobs {

namespace {

using Json = nlohmann::ordered_json;

/// Reads parts of the market that a run was made from; empty where it is not at hand.
report::MarketReader market_reader(const std::filesystem::path& run, const std::string& catalog) {
  const run::RunFolder folder = run::open_run(run);
  try {
    const MarketOptions options = recorded_market(folder, catalog, {});
    std::string symbol = folder.run.symbol;
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

/// Counts runs again in the logs that counted them (R25), or in that of `catalog`, which may have
/// moved. A log is read once.
class LogReader {
 public:
  explicit LogReader(std::filesystem::path catalog) : catalog_{std::move(catalog)} {}

  [[nodiscard]] Json operator()(const run::RunFolder& folder) {
    const auto text = [&folder](const char* key) {
      const Json value =
          folder.trials.is_object() ? folder.trials.value(key, Json(nullptr)) : Json(nullptr);
      return value.is_string() ? value.get<std::string>() : std::string{};
    };
    const std::string id = text("id");
    if (id.empty()) return nullptr;
    std::vector<std::filesystem::path> paths{text("log")};
    if (!catalog_.empty()) paths.push_back(study::trial_log_of(catalog_));
    for (const std::filesystem::path& path : paths) {
      Json now = counted(path, id, !run::is_script(folder));
      if (!now.is_null()) return now;
    }
    return nullptr;
  }

 private:
  /// Null where the trial is not in that log.
  [[nodiscard]] Json counted(const std::filesystem::path& path, const std::string& id,
                             bool is_counted) {
    const study::TrialLog& log = log_at(path);
    const auto own = std::find_if(log.trials.begin(), log.trials.end(), [&](const auto& trial) {
      return trial.id == id && study::is_counted(trial.kind) == is_counted;
    });
    if (own == log.trials.end()) return nullptr;
    Timestamp newest = own->at;
    for (const study::Trial& trial : log.trials) newest = std::max(newest, trial.at);
    Json now = Json::parse(study::trials_json(
        study::figures_of(log, path.string(), study::family_of(log, *own), *own)));
    now["as_of"] = to_string(std::chrono::floor<std::chrono::seconds>(newest));
    return now;
  }

  [[nodiscard]] const study::TrialLog& log_at(const std::filesystem::path& path) {
    const auto [known, is_new] = logs_.try_emplace(path);
    if (!is_new) return known->second;
    try {
      known->second = study::read_trial_log(path);
    } catch (const Error&) {  // not at hand: the page says so
    }
    return known->second;
  }

  std::filesystem::path catalog_;
  std::map<std::filesystem::path, study::TrialLog> logs_;
};

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
  options.count_again = LogReader{catalog};
  for (const std::string& name : config::preset_names()) {
    options.presets.push_back(
        {.name = name, .text = config::preset_line(name), .exercise = config::is_exercise(name)});
  }
  report::write_report(run, page, options);
  return page;
}

std::filesystem::path run_index(const std::filesystem::path& root, const std::string& out) {
  const std::filesystem::path page = out.empty() ? root / "index.html" : std::filesystem::path{out};
  report::write_index(root, page, LogReader{{}});
  return page;
}

}  // namespace toxvol::jobs
