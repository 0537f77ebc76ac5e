#include "toxvol/catalog/jobs/check.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/session.hpp"
#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/check.hpp"
#include "toxvol/jobs/what_can_run.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::app {

namespace {

constexpr std::size_t kShownWindows = 3;

void print_kinds(const catalog::CheckReport& report) {
  fmt::print("{:<12} {:<12} {:>6} {:>6} {:>10} {:<10} {}\n", "symbol", "kind", "files", "days",
             "MB", "first", "last");
  for (const auto& kind : report.kinds) {
    fmt::print("{:<12} {:<12} {:>6} {:>6} {:>10.1f} {:<10} {}\n", kind.symbol, name(kind.kind),
               kind.files, kind.days, static_cast<double>(kind.bytes) / 1e6, to_string(kind.first),
               to_string(kind.last));
  }
  if (!report.deep) return;
  fmt::print("\n{:<12} {:<12} {:>13}   {:>13} {:>9} {:>12} {:>10}\n", "symbol", "kind",
             "rows in CSV", "kept", "dropped", "quarantined", "re-sorted");
  for (const auto& kind : report.kinds) {
    fmt::print("{:<12} {:<12} {:>13} = {:>13} {:>9} {:>12} {:>10}\n", kind.symbol, name(kind.kind),
               kind.rows.read, kind.rows.kept, kind.rows.dropped, kind.rows.quarantined,
               kind.rows.repaired);
  }
}

/// Missing days: one line a kind, against the span of the klines.
void print_missing(const catalog::CheckReport& report) {
  std::map<std::pair<std::string, Kind>, std::vector<const quality::Finding*>> missing;
  for (const auto& item : report.findings) {
    if (item.finding.code != quality::Code::DayMissing) continue;
    missing[{item.symbol, item.kind}].push_back(&item.finding);
  }
  for (const auto& [key, findings] : missing) {
    std::int64_t count = 0;
    for (const quality::Finding* finding : findings) count += finding->count;
    const quality::Finding& first = *findings.front();
    const bool months = facts(key.second).by_month;
    const bool some = report.coverage.at(key.first).has(key.second);
    fmt::print("{}  {} {}  {}{}, {} {}{}\n", quality::info(first.code).name, key.first,
               name(key.second),
               some && first.ts && first.ts_end ? catalog::days_of(*first.ts, *first.ts_end).text()
                                                : "none at all",
               findings.size() > 1 ? fmt::format(" and {} more", findings.size() - 1) : "", count,
               months ? "month" : "day", count == 1 ? "" : "s");
  }
}

void print_findings(const catalog::CheckReport& report) {
  std::map<std::pair<std::string, std::string>,
           std::pair<std::int64_t, const catalog::IngestFinding*>>
      grouped;
  for (const auto& item : report.findings) {
    if (item.finding.code == quality::Code::DayMissing) continue;
    auto& group = grouped[{std::string{quality::info(item.finding.code).name},
                           item.file.empty() ? item.symbol : item.file}];
    group.first += item.finding.count;
    if (group.second == nullptr) group.second = &item;
  }
  for (const auto& [key, group] : grouped) {
    const quality::CodeInfo& info = quality::info(group.second->finding.code);
    fmt::print("{:<8} {:<22} {:>9}  {}: {}\n", quality::name(info.severity), info.name, group.first,
               key.second, info.text);
  }
}

/// `A, B`, or why none.
std::string presets_text(const jobs::RunChoice& choice) {
  return choice.presets.empty() ? "no preset" : fmt::format("{}", fmt::join(choice.presets, ", "));
}

void print_windows(std::string_view data, const std::vector<jobs::RunChoice>& choices) {
  std::size_t shown = 0;
  for (const jobs::RunChoice& choice : choices) {
    if (choice.data != data || ++shown > kShownWindows) continue;
    const std::int64_t days = choice.window.days();
    fmt::print("  {:<12} {:<22} {:>4} {:<5} {}\n",
               shown > 1          ? ""
               : data == "klines" ? "klines only"
                                  : fmt::format("with {}", data),
               choice.window.text(), days, days == 1 ? "day" : "days", presets_text(choice));
  }
  if (shown > kShownWindows) fmt::print("  {:<12} and {} more\n", "", shown - kShownWindows);
}

/// How much data each preset asks for: why one is not in a line.
void print_needs() {
  std::vector<std::string> needs;
  for (const std::string& name : config::preset_names()) {
    needs.push_back(fmt::format(
        "{} {}", name, config::in_days(config::first_decision(config::preset(name)).all())));
  }
  fmt::print("  first decision after so much data, days before the window included:\n  {}\n",
             fmt::join(needs, ", "));
}

/// Ready to be copied; in two lines where it is longer than one.
void print_command(std::string command) {
  constexpr std::size_t kRoom = 78;
  const std::size_t options = command.rfind(" --preset ");
  if (command.size() > kRoom) command.replace(options, 1, " \\\n      ");
  fmt::print("  {}\n", command);
}

void print_runs(const catalog::CheckReport& report) {
  fmt::print("\nwhat can be run, and the presets that have time to decide in it\n");
  for (const auto& [symbol, coverage] : report.coverage) {
    const std::vector<jobs::RunChoice> choices = jobs::run_choices(coverage);
    fmt::print("{}\n", symbol);
    if (choices.empty()) {
      fmt::print("  nothing: a minute is a kline; add files such as {}-1m-2024-01-31.zip\n",
                 symbol);
      continue;
    }
    for (const std::string_view data : {"quotes", "trades", "klines"}) print_windows(data, choices);
    if (const jobs::RunChoice* best = jobs::best_choice(choices)) {
      print_command(jobs::command_of(*best, symbol, report));
    }
  }
  if (!report.coverage.empty()) print_needs();
}

void print(const catalog::CheckReport& report) {
  print_kinds(report);
  print_missing(report);
  print_findings(report);
  if (!report.catalog) {
    fmt::print("a catalog of it would take about {:.1f} MB\n",
               static_cast<double>(report.estimated_bytes) / 1e6);
  }
  print_runs(report);
}

}  // namespace

void add_check(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "check", "What is in a folder of raw files or in a catalog, and what is wrong with it");
  auto flags = std::make_shared<jobs::CheckRequest>();
  auto nautilus = std::make_shared<bool>(false);
  verb->add_option("path", flags->path, "Raw folder or catalog")->required();
  verb->add_flag("--deep", flags->deep, "Read everything (default: names and sizes)");
  verb->add_option("--jobs", flags->jobs, "Files at a time (default: processors)")
      ->check(CLI::PositiveNumber);
  verb->add_flag("--nautilus", *nautilus,
                 "Let NautilusTrader read every file of a catalog; the Python package does it");
  verb->callback([flags, nautilus, &session] {
    if (*nautilus) {
      throw UsageError{
          "check --nautilus: only the command of the Python package can: pip install "
          "'toxvol[nautilus]' (Python 3.11 to 3.13), docs/nautilus.md"};
    }
    const catalog::CheckReport report = jobs::run_check(*flags, *session.progress);
    session.progress.reset();
    if (session.json) {
      fmt::print("{}\n", jobs::to_json(report));
    } else if (!session.quiet) {
      print(report);
    }
    for (const std::string& line : report.errors) fmt::print(stderr, "toxvol: {}\n", line);
    if (!report.errors.empty()) session.exit_code = 1;
  });
}

}  // namespace toxvol::app
