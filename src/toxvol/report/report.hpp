#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

struct PresetNote {
  std::string name;
  std::string text;       // what it is, how often it decides, how much data it needs first
  bool exercise = false;  // its result means nothing
};

struct Options {
  /// The configuration to compare with, as in run.json (preset A): changed keys are marked.
  std::string baseline_config = "{}";
  std::vector<PresetNote> presets;
  /// Where the run's market can be read; empty: the page has no candles and no close-ups.
  MarketReader market{};
  /// The text of the market's SYNTHETIC.json: the page says what was planted. Empty: not at hand.
  std::string synthetic_label{};
  /// Empty: trials are told as they were when the run ended.
  TrialCount count_again{};
};

/// All that the page shows of the run folder `run`, as one JSON object: texts and bars as they
/// appear, charts packed and bounded. Depends on nothing but the folder's files
/// (less timing.json), what a band and an evaluation left of it beside it, and `options`. Throws
/// `Error` for a folder that is no run, or a damaged one.
[[nodiscard]] std::string page_data(const std::filesystem::path& run, const Options& options);

/// `page` (of web/) with `data` in the place that waits for it. Throws `Error` for another page.
[[nodiscard]] std::string fill_page(const std::string& page, const std::string& data);

/// Writes the page of `run` to `out`, whole or not at all.
void write_report(const std::filesystem::path& run, const std::filesystem::path& out,
                  const Options& options);
/// The same of a finished study, and of the list of what lies below a folder.
void write_study(const std::filesystem::path& study, const std::filesystem::path& out);
void write_index(const std::filesystem::path& root, const std::filesystem::path& out,
                 const TrialCount& count_again = {});

}  // namespace toxvol::report
