#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/kind.hpp"

/// What a folder's or catalog's days can carry, by files alone: where `check` ends (docs/data.md).
namespace toxvol::jobs {

/// One window, and the presets that come to a decision in it.
struct RunChoice {
  std::string_view data;  // the richest it has: `quotes`, `trades`, `klines`
  catalog::DayWindow window;
  std::vector<std::string> presets;
};

/// Whether a first decision is possible in the window: the days of the kinds up to its end, those
/// of the automatic warm-up before it among them, are more than `config::first_decision` asks for.
/// `kinds` are the window's prices and flow; metrics and funding count where they are inputs.
[[nodiscard]] bool has_time(const config::Config& config, const catalog::Coverage& coverage,
                            const std::vector<Kind>& kinds, catalog::DayWindow window);

/// For one symbol: with quotes, with trades, klines only, each the longest first. A window that has
/// more is not told again with less.
[[nodiscard]] std::vector<RunChoice> run_choices(const catalog::Coverage& coverage);

/// Of the richest data on which `config` can decide the longest window; where it can on none, the
/// longest of the richest. Its `presets` stay empty.
[[nodiscard]] RunChoice window_for(const config::Config& config, const catalog::Coverage& coverage);

/// The richest data on which a preset that teaches something can decide, else any preset; null
/// where none can. Its first preset is the one to take.
[[nodiscard]] const RunChoice* best_choice(const std::vector<RunChoice>& choices);

/// The command that runs it. `source` is `--raw` or `--catalog`.
[[nodiscard]] std::string command_for(const RunChoice& choice, std::string_view symbol,
                                      std::string_view source, std::string_view path);

}  // namespace toxvol::jobs
