#include "toxvol/jobs/trials.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/market/data_folder.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_family.hpp"
#include "toxvol/study/trial_log.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::jobs {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using study::Trial;
using study::TrialFigures;

bool is_of(const Trial& trial, const std::string& study) {
  return study.empty() || (trial.study && trial.study->starts_with(study));
}

/// Figures of every shown trial; trials of one window have one family.
std::vector<TrialFigures> all_figures(const TrialsListing& listing) {
  std::map<std::tuple<std::string, Timestamp, Timestamp>, study::TrialFamily> families;
  std::vector<TrialFigures> figures;
  for (const std::size_t place : listing.shown) {
    const Trial& trial = listing.log.trials[place];
    // Its own family alone leaves lines out, or holds one that the window does not.
    const bool is_plain =
        study::is_counted(trial.kind) && trial.kind != study::TrialKind::Walkforward && trial.n > 0;
    std::optional<study::TrialFamily> own;
    const study::TrialFamily* family = nullptr;
    if (is_plain) {
      const auto key = std::tuple{trial.symbol, trial.from, trial.to};
      auto known = families.find(key);
      if (known == families.end()) {
        known = families.emplace(key, study::family_of(listing.log, trial)).first;
      }
      family = &known->second;
    } else {
      own = study::family_of(listing.log, trial);
      family = &*own;
    }
    figures.push_back(study::figures_of(listing.log, listing.path.string(), *family, trial));
  }
  return figures;
}

std::string figure(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "-";
}

std::string annual_sharpe(const Trial& trial) {
  if (!trial.sharpe) return "-";
  const std::chrono::duration<double> year = std::chrono::hours{8760};
  const std::chrono::duration<double> unit = study::length_of(trial.unit);
  return figure(*trial.sharpe * std::sqrt(year / unit), 2);
}

/// `2024-01-31`, with the time where it is not midnight.
std::string short_time(Timestamp ts) {
  const bool is_midnight = ts == Timestamp{day_of(ts)};
  return is_midnight ? to_string(day_of(ts)) : to_string(ts).substr(0, 16);
}

}  // namespace

fs::path trial_log(const MarketOptions& market, const std::string& file) {
  if (file.empty()) {
    return market.catalog.empty() ? fs::path{} : study::trial_log_of(market.catalog);
  }
  const fs::path path = file;
  if (fs::is_directory(path)) {
    throw Error{
        fmt::format("--trials {}: a folder; name the file that is to hold the trials", file),
        ErrorCode::Exists};
  }
  const fs::path folder = path.parent_path();
  if (!folder.empty() && !fs::is_directory(folder)) {
    throw Error{
        fmt::format("--trials {}: there is no folder {}; create it first", file, folder.string()),
        ErrorCode::NotFound};
  }
  return path;
}

std::string not_counted(std::string_view why) {
  return fmt::format("trials not counted: {}", why);
}

TrialsListing list_trials(const TrialsRequest& request) {
  if (request.catalog.empty() == request.file.empty()) {
    throw UsageError{"trials: name a catalog, or a log with --trials"};
  }
  TrialsListing listing;
  if (request.file.empty()) {
    check_catalog(request.catalog);
    listing.path = study::trial_log_of(request.catalog);
  } else {
    check_readable(request.file, "name a log that a run with --trials has written");
    listing.path = request.file;
  }
  listing.log = study::read_trial_log(listing.path);
  for (std::size_t place = 0; place < listing.log.trials.size(); ++place) {
    if (is_of(listing.log.trials[place], request.study)) listing.shown.push_back(place);
  }
  if (!request.study.empty()) {
    if (listing.shown.empty()) {
      throw Error{
          fmt::format("--study {}: no trial of {} is of such a study; without --study all "
                      "are listed",
                      request.study, listing.path.string())};
    }
    std::erase_if(listing.log.studies,
                  [&](const study::StudyEnd& end) { return !end.id.starts_with(request.study); });
  }
  listing.figures = all_figures(listing);
  return listing;
}

std::vector<std::string> trials_lines(const TrialsListing& listing) {
  std::vector<std::string> lines;
  const auto line = [&](std::string_view at, std::string_view kind, std::string_view symbol,
                        std::string_view from, std::string_view to, std::string_view net,
                        std::string_view sharpe, std::string_view m, std::string_view dsr_null,
                        std::string_view dsr, std::string_view id) {
    lines.push_back(
        fmt::format("{:<16}  {:<11}  {:<10} {:<16} {:<16} {:>14} {:>8} {:>6} {:>8} {:>7}  {}", at,
                    kind, symbol, from, to, net, sharpe, m, dsr_null, dsr, id));
  };
  if (!listing.shown.empty()) {
    line("at", "kind", "symbol", "from", "to", "net", "Sharpe", "M", "dsr_null", "dsr", "id");
  }
  for (std::size_t i = 0; i < listing.shown.size(); ++i) {
    const Trial& trial = listing.log.trials[listing.shown[i]];
    const TrialFigures& figures = listing.figures[i];
    line(to_string(trial.at).substr(0, 16), study::name(trial.kind), trial.symbol,
         short_time(trial.from), short_time(trial.to), trial.net, annual_sharpe(trial),
         figures.place ? std::to_string(figures.m.value_or(0)) : "-", figure(figures.dsr_null, 4),
         figure(figures.dsr, 4), std::string_view{trial.id}.substr(0, 12));
  }
  for (const study::StudyEnd& study : listing.log.studies) {
    lines.push_back(fmt::format("study {}  {}  {} members, {} of them different",
                                std::string_view{study.id}.substr(0, 12), study.type, study.members,
                                figure(study.n_hat, 1)));
  }
  std::string last = fmt::format("{}: {} trials of {} lines", listing.path.string(),
                                 listing.log.trials.size(), listing.log.lines);
  if (listing.log.damaged > 0) last += fmt::format(", {} damaged", listing.log.damaged);
  if (listing.log.since) last += ", since " + to_string(day_of(*listing.log.since));
  lines.push_back(std::move(last));
  return lines;
}

std::string trials_json(const TrialsListing& listing) {
  Json json = Json::object();
  json["log"] = listing.path.string();
  json["lines"] = listing.log.lines;
  json["damaged"] = listing.log.damaged;
  json["since"] = listing.log.since ? Json(to_string(*listing.log.since)) : Json(nullptr);
  json["trials"] = Json::array();
  for (std::size_t i = 0; i < listing.shown.size(); ++i) {
    Json trial = Json::parse(study::line_of(listing.log.trials[listing.shown[i]]));
    Json figures = Json::parse(study::trials_json(listing.figures[i]));
    for (const char* key : {"v", "x"}) trial.erase(key);
    for (const char* key : {"schema", "id", "log", "lines", "damaged", "since", "words"}) {
      figures.erase(key);
    }
    trial.update(figures);
    json["trials"].push_back(std::move(trial));
  }
  json["studies"] = Json::array();
  for (const study::StudyEnd& study : listing.log.studies) {
    Json end = Json::parse(study::line_of(study));
    for (const char* key : {"v", "kind", "x"}) end.erase(key);
    json["studies"].push_back(std::move(end));
  }
  constexpr int kIndent = 2;
  return json.dump(kIndent);
}

}  // namespace toxvol::jobs
