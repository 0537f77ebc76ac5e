#include "toxvol/jobs/what_can_run.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/shell.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::jobs {

bool has_time(const config::Config& config, const catalog::Coverage& coverage,
              const std::vector<Kind>& kinds, catalog::DayWindow window) {
  const config::FirstDecision needed = config::first_decision(config);
  const catalog::DayWindow seen{.first = day_of(window.from() - config::warmup(config)),
                                .last = window.last};
  const auto enough = [&](const std::vector<Kind>& of, Duration least) {
    return std::chrono::days{catalog::days_with(coverage, of, seen)} > least;
  };
  if (!enough({Kind::Klines}, needed.compression)) return false;
  if (!enough(kinds, std::max(needed.pressure, needed.toxicity))) return false;
  // Crowding needs one of its two; where neither is an input the regime is neutral (C9).
  const auto is_input = [&](Kind kind) {
    return catalog::share(coverage, kind, window.from(), window.to()) >= catalog::kInputShare;
  };
  const bool metrics = is_input(Kind::Metrics);
  const bool funding = is_input(Kind::Funding);
  return (!metrics && !funding) || (metrics && enough({Kind::Metrics}, needed.metrics)) ||
         (funding && enough({Kind::Funding}, needed.funding));
}

std::vector<RunChoice> run_choices(const catalog::Coverage& coverage) {
  std::vector<std::pair<std::string, config::Config>> presets;
  for (const std::string& name : config::preset_names()) {
    presets.emplace_back(name, config::preset(name));
  }
  std::vector<RunChoice> result;
  const auto add = [&](std::string_view data, const std::vector<Kind>& kinds,
                       const std::vector<catalog::DayWindow>& windows) {
    for (const catalog::DayWindow& window : windows) {
      const bool richer = std::any_of(result.begin(), result.end(), [&](const RunChoice& before) {
        return before.window == window;
      });
      if (richer) continue;
      RunChoice choice{.data = data, .window = window, .presets = {}};
      for (const auto& [name, config] : presets) {
        if (has_time(config, coverage, kinds, window)) choice.presets.push_back(name);
      }
      result.push_back(std::move(choice));
    }
  };
  const catalog::Runnable runnable = catalog::runnable(coverage);
  add("quotes", {Kind::Klines, Kind::AggTrades, Kind::BookTicker}, runnable.with_quotes);
  add("trades", {Kind::Klines, Kind::AggTrades}, runnable.with_trades);
  add("klines", {Kind::Klines}, runnable.with_klines);
  return result;
}

RunChoice window_for(const config::Config& config, const catalog::Coverage& coverage) {
  const catalog::Runnable runnable = catalog::runnable(coverage);
  const std::tuple<std::string_view, std::vector<Kind>, const std::vector<catalog::DayWindow>*>
      ranked[] = {
          {"quotes", {Kind::Klines, Kind::AggTrades, Kind::BookTicker}, &runnable.with_quotes},
          {"trades", {Kind::Klines, Kind::AggTrades}, &runnable.with_trades},
          {"klines", {Kind::Klines}, &runnable.with_klines}};
  std::optional<RunChoice> richest;
  for (const auto& [data, kinds, windows] : ranked) {
    for (const catalog::DayWindow& window : *windows) {
      RunChoice choice{.data = data, .window = window, .presets = {}};
      if (has_time(config, coverage, kinds, window)) return choice;
      if (!richest) richest = std::move(choice);
    }
  }
  return richest.value_or(RunChoice{});
}

const RunChoice* best_choice(const std::vector<RunChoice>& choices) {
  const RunChoice* any = nullptr;
  for (const RunChoice& choice : choices) {
    if (choice.presets.empty()) continue;
    if (!config::is_exercise(choice.presets.front())) return &choice;
    if (any == nullptr) any = &choice;
  }
  return any;
}

std::string command_for(const RunChoice& choice, std::string_view symbol, std::string_view source,
                        std::string_view path) {
  std::string command = fmt::format("toxvol backtest {} {}", source, shell_word(path));
  const config::Config defaults;
  if (symbol != defaults.symbol) command += fmt::format(" --symbol {}", symbol);
  return command + fmt::format(" --preset {} --from {} --to {}", choice.presets.front(),
                               to_string(choice.window.first),
                               to_string(day_of(choice.window.to())));
}

}  // namespace toxvol::jobs
