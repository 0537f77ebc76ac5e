#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_family.hpp"
#include "toxvol/study/trial_log.hpp"

namespace toxvol::jobs {

/// The log that a run's trials go to: the file of --trials, else the catalog's, else none. Throws
/// `Error` where it cannot be, before a run begins.
[[nodiscard]] std::filesystem::path trial_log(const MarketOptions& market, const std::string& file);

/// What is told of a trial that could not be logged.
[[nodiscard]] std::string not_counted(std::string_view why);

/// A log, as `toxvol trials` lists it.
struct TrialsRequest {
  std::string catalog;  // or
  std::string file;     // --trials
  std::string study;    // only of this one (the first digits of its id are enough); empty: all
};
struct TrialsListing {
  std::filesystem::path path;
  study::TrialLog log;
  std::vector<std::size_t> shown;            // places in log.trials, in its order
  std::vector<study::TrialFigures> figures;  // one each, as the log now is
};
[[nodiscard]] TrialsListing list_trials(const TrialsRequest& request);

/// For the terminal, a line each.
[[nodiscard]] std::vector<std::string> trials_lines(const TrialsListing& listing);
[[nodiscard]] std::string trials_json(const TrialsListing& listing);

}  // namespace toxvol::jobs
