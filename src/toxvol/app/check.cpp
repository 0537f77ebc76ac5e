#include "toxvol/catalog/check.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/jobs.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/config/instrument.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::app {

namespace {

constexpr std::size_t kShownHoles = 5;

std::string holes_text(const catalog::KindReport& kind) {
  std::string text;
  for (std::size_t i = 0; i < kind.holes.size() && i < kShownHoles; ++i) {
    const catalog::Hole& hole = kind.holes[i];
    text += fmt::format(" {}", to_string(hole.from));
    if (hole.to != hole.from) text += fmt::format("..{}", to_string(hole.to));
  }
  if (kind.holes.size() > kShownHoles) {
    text += fmt::format(" and {} more", kind.holes.size() - kShownHoles);
  }
  return text;
}

void print(const catalog::CheckReport& report) {
  fmt::print("{:<12} {:<12} {:>6} {:>6} {:>10} {:<10} {:<10} holes\n", "symbol", "kind", "files",
             "days", "MB", "first", "last");
  for (const auto& kind : report.kinds) {
    fmt::print("{:<12} {:<12} {:>6} {:>6} {:>10.1f} {:<10} {:<10}{}\n", kind.symbol,
               name(kind.kind), kind.files, kind.days, static_cast<double>(kind.bytes) / 1e6,
               to_string(kind.first), to_string(kind.last), holes_text(kind));
  }
  if (report.deep) {
    fmt::print("\n{:<12} {:<12} {:>13}   {:>13} {:>9} {:>12} {:>10}\n", "symbol", "kind",
               "rows in CSV", "kept", "dropped", "quarantined", "re-sorted");
    for (const auto& kind : report.kinds) {
      fmt::print("{:<12} {:<12} {:>13} = {:>13} {:>9} {:>12} {:>10}\n", kind.symbol,
                 name(kind.kind), kind.rows.read, kind.rows.kept, kind.rows.dropped,
                 kind.rows.quarantined, kind.rows.repaired);
    }
  }
  std::map<std::pair<std::string, std::string>,
           std::pair<std::int64_t, const catalog::IngestFinding*>>
      grouped;
  for (const auto& item : report.findings) {
    auto& group = grouped[{std::string{quality::info(item.finding.code).name}, item.file}];
    group.first += item.finding.count;
    if (group.second == nullptr) group.second = &item;
  }
  for (const auto& [key, group] : grouped) {
    const quality::CodeInfo& info = quality::info(group.second->finding.code);
    fmt::print("{:<8} {:<22} {:>9}  {}: {}\n", quality::name(info.severity), info.name, group.first,
               key.second.empty() ? group.second->symbol : key.second, info.text);
  }
  if (!report.catalog) {
    fmt::print("a catalog of it would take about {:.1f} MB\n",
               static_cast<double>(report.estimated_bytes) / 1e6);
  }
}

nlohmann::ordered_json json_of(const catalog::CheckReport& report) {
  using Json = nlohmann::ordered_json;
  Json json{{"catalog", report.catalog}, {"deep", report.deep},
            {"kinds", Json::array()},    {"estimated_bytes", report.estimated_bytes},
            {"findings", Json::array()}, {"errors", report.errors}};
  for (const auto& kind : report.kinds) {
    Json item{
        {"symbol", kind.symbol},        {"kind", name(kind.kind)}, {"files", kind.files},
        {"bytes", kind.bytes},          {"days", kind.days},       {"first", to_string(kind.first)},
        {"last", to_string(kind.last)}, {"holes", Json::array()}};
    for (const auto& hole : kind.holes) {
      item["holes"].push_back({{"from", to_string(hole.from)}, {"to", to_string(hole.to)}});
    }
    if (report.deep) {
      item["rows"] = {{"rows_read", kind.rows.read},
                      {"kept", kind.rows.kept},
                      {"dropped", kind.rows.dropped},
                      {"repaired", kind.rows.repaired},
                      {"quarantined", kind.rows.quarantined}};
    }
    json["kinds"].push_back(std::move(item));
  }
  for (const auto& item : report.findings) {
    const quality::CodeInfo& info = quality::info(item.finding.code);
    Json finding{{"file", item.file},
                 {"symbol", item.symbol},
                 {"code", info.name},
                 {"severity", quality::name(info.severity)},
                 {"action", quality::name(info.action)},
                 {"count", item.finding.count}};
    if (item.finding.line) finding["line"] = *item.finding.line;
    if (item.finding.day) finding["day"] = to_string(*item.finding.day);
    if (item.finding.ts) finding["ts"] = to_string(*item.finding.ts);
    if (item.finding.ts_end) finding["ts_end"] = to_string(*item.finding.ts_end);
    json["findings"].push_back(std::move(finding));
  }
  return json;
}

}  // namespace

std::string to_json(const catalog::CheckReport& report) {
  return json_of(report).dump(1);
}

catalog::CheckReport run_check(const CheckRequest& request, Progress& progress) {
  catalog::CheckOptions options;
  options.path = request.path;
  options.deep = request.deep;
  options.jobs = request.jobs > 0
                     ? request.jobs
                     : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  options.known = [](std::string_view symbol) { return config::known_instrument(symbol); };
  options.spill_folder = std::filesystem::temp_directory_path();
  return catalog::check(options, progress);
}

void add_check(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "check", "What is in a folder of raw files or in a catalog, and what is wrong with it");
  auto flags = std::make_shared<CheckRequest>();
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
          "'toxvol[nautilus]' (Python 3.11), docs/nautilus.md"};
    }
    const catalog::CheckReport report = run_check(*flags, *session.progress);
    session.progress.reset();
    if (session.json) {
      fmt::print("{}\n", to_json(report));
    } else if (!session.quiet) {
      print(report);
    }
    for (const std::string& line : report.errors) fmt::print(stderr, "toxvol: {}\n", line);
    if (!report.errors.empty()) session.exit_code = 1;
  });
}

}  // namespace toxvol::app
