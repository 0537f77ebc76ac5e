#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/time.hpp"
#include "toxvol/jobs/poison.hpp"
#include "toxvol/jobs/poison/check.hpp"

namespace toxvol::jobs {

namespace {

std::string counted(std::int64_t number, std::string_view what) {
  return fmt::format("{} {}{}", fmt::group_digits(number), what, number == 1 ? "" : "s");
}

std::string difference_line(const PoisonTrial& trial, const PoisonDifference& found) {
  return fmt::format(
      "trial {}: what comes from {} on changes {}.parquet, row of {}: {} is {}, with another "
      "future {}",
      trial.number, to_string(trial.moment), found.table, to_string(found.ts), found.column,
      found.clean, found.poisoned);
}

/// What a check that found nothing has not shown; empty where it has shown all it can.
std::vector<std::string> gaps(const PoisonResult& result) {
  std::vector<std::string> lines;
  const PoisonCounts counts = result.counts();
  if (!result.has_compared()) {
    lines.emplace_back(
        "nothing was decided before any moment, so that this proves nothing: choose a longer "
        "window, or see `toxvol config explain` for the time to the first decision");
    return lines;
  }
  if (counts.fills == 0) {
    lines.emplace_back(
        "nothing was filled before any moment: what fills and the account depend on is not shown");
  }
  const auto empty =
      std::count_if(result.trials.begin(), result.trials.end(),
                    [](const PoisonTrial& trial) { return trial.counts.decisions == 0; });
  if (empty > 0) {
    lines.push_back(fmt::format("{} of {} proved nothing: no decision came before",
                                counted(empty, "trial"), result.trials.size()));
  }
  return lines;
}

std::string_view verdict_of(const PoisonResult& result) {
  if (result.changed() > 0) return "changed";
  if (result.same_close_fills > 0) return "same_close";
  if (!result.has_compared()) return "nothing_compared";
  return result.counts().fills == 0 ? "unchanged_without_fills" : "unchanged";
}

nlohmann::ordered_json json_of(const PoisonCounts& counts) {
  return {{"decisions", counts.decisions}, {"minutes", counts.minutes},
          {"commands", counts.commands},   {"orders", counts.orders},
          {"fills", counts.fills},         {"positions", counts.positions},
          {"equity", counts.equity}};
}

nlohmann::ordered_json json_of(const PoisonTrial& trial) {
  nlohmann::ordered_json json{{"trial", trial.number},
                              {"moment", to_string(trial.moment)},
                              {"drawn", trial.drawn},
                              {"compared", json_of(trial.counts)},
                              {"difference", nullptr}};
  if (trial.difference) {
    const PoisonDifference& found = *trial.difference;
    json["difference"] = {{"table", found.table},
                          {"ts", to_string(found.ts)},
                          {"column", found.column},
                          {"clean", found.clean},
                          {"poisoned", found.poisoned}};
  }
  return json;
}

}  // namespace

std::vector<std::string> poison_findings(const PoisonResult& result) {
  std::vector<std::string> lines;
  for (const PoisonTrial& trial : result.trials) {
    if (trial.difference) lines.push_back(difference_line(trial, *trial.difference));
  }
  if (result.same_close_fills > 0) {
    lines.push_back(fmt::format(
        "entry.fill = same_close: {} at the close that decided them, the first at {}: nobody could "
        "have had that price (X24); take entry.fill = next",
        counted(result.same_close_fills, "fill"), to_string(result.first_same_close)));
  }
  return lines;
}

std::vector<std::string> poison_summary(const PoisonResult& result) {
  std::vector<std::string> lines;
  const PoisonCounts counts = result.counts();
  const std::int64_t changed = result.changed();
  lines.push_back(fmt::format(
      "{}: {}, {}, {} and {} before the moments: {}", counted(std::ssize(result.trials), "trial"),
      counted(counts.decisions, "decision"), counted(counts.commands, "command"),
      counted(counts.fills, "fill"), counted(counts.equity, "equity row"),
      changed == 0 ? "none changed"
                   : fmt::format("changed in {} of them", fmt::group_digits(changed))));
  if (changed == 0) {
    for (std::string& line : gaps(result)) lines.push_back(std::move(line));
  }
  return lines;
}

std::string poison_json(const PoisonResult& result) {
  nlohmann::ordered_json json{
      {"verdict", verdict_of(result)},        {"from", to_string(result.from)},
      {"to", to_string(result.to)},           {"seed", result.seed},
      {"changed", result.changed()},          {"same_close_fills", result.same_close_fills},
      {"compared", json_of(result.counts())}, {"trials", nlohmann::ordered_json::array()}};
  for (const PoisonTrial& trial : result.trials) json["trials"].push_back(json_of(trial));
  return json.dump(1) + "\n";
}

}  // namespace toxvol::jobs
