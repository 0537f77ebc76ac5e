#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "toxvol/catalog/jobs/coverage.hpp"

namespace toxvol::jobs {

/// `toxvol try`, as typed; empty: chosen.
struct TryRequest {
  std::string folder;  // raw files, or a catalog
  std::string symbol;
  std::string catalog;
  std::string out;
};

/// What a folder can carry, settled before anything is written.
struct TryPlan {
  std::string symbol;
  std::string data;  // what the window has: `quotes`, `trades`, `klines`
  catalog::DayWindow window;
  std::string preset;
  std::filesystem::path catalog;
  std::filesystem::path out;
  bool is_cut = false;              // to the last days, for quickness; ingested alone
  bool force = false;               // `out` is a place of try's own
  std::vector<std::string> there;   // a line for each symbol: what there is of it
  std::vector<std::string> choice;  // what was taken, and why
  std::vector<std::string> ingest;  // the commands, word by word; this one is empty for a catalog
  std::vector<std::string> backtest;
  std::vector<std::string> report;
  std::vector<std::vector<std::string>> next;  // commands worth a look afterwards
};

/// Takes the richest window there is: with quotes, else with trades, else of klines; of these the
/// longest, and the slowest preset that can decide often in it, else `short`. Throws `Error`, one
/// line, for a folder that nothing can be made of.
[[nodiscard]] TryPlan plan_try(const TryRequest& request);

}  // namespace toxvol::jobs
