#include "toxvol/catalog/jobs/ingest.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/session.hpp"
#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/ingest_finding.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/ingest.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::app {

namespace {

constexpr std::size_t kShownFindings = 40;

std::string place(const quality::Finding& finding) {
  if (finding.code == quality::Code::DayMissing) {
    return " " + catalog::days_of(held(finding.ts), held(finding.ts_end)).text();
  }
  std::string text;
  if (finding.line) text += fmt::format(" line {}", *finding.line);
  if (!finding.column.empty()) text += fmt::format(" {}", finding.column);
  if (!finding.value.empty()) text += fmt::format(" '{}'", finding.value);
  if (finding.ts) text += fmt::format(" {}", to_string(*finding.ts));
  if (finding.ts_end) text += fmt::format("..{}", to_string(*finding.ts_end));
  return text;
}

void print(const catalog::IngestReport& report) {
  fmt::print("{:<12} {:>6} {:>13}   {:>13} {:>9} {:>12} {:>10}\n", "kind", "files", "rows in CSV",
             "kept", "dropped", "quarantined", "re-sorted");
  for (const auto& kind : report.kinds) {
    if (kind.files == 0) continue;
    fmt::print("{:<12} {:>6} {:>13} = {:>13} {:>9} {:>12} {:>10}\n", name(kind.kind), kind.files,
               kind.rows.read, kind.rows.kept, kind.rows.dropped, kind.rows.quarantined,
               kind.rows.repaired);
  }
  // One line for each code of a file: how much of it, and the first place.
  struct Group {
    std::int64_t count = 0;
    std::size_t places = 0;
    const catalog::IngestFinding* first = nullptr;
  };
  std::map<std::tuple<std::string, std::string, quality::Code, Kind>, Group> groups;
  for (const auto& item : report.findings) {
    const auto action = quality::info(item.finding.code).action;
    if (action == quality::Action::SkippedFile) continue;  // named on stderr
    if (quality::info(item.finding.code).severity == quality::Severity::Info) continue;
    Group& group = groups[{item.file, item.symbol, item.finding.code, item.kind}];
    group.count += item.finding.count;
    ++group.places;
    if (group.first == nullptr) group.first = &item;
  }
  std::size_t shown = 0;
  for (const auto& [key, group] : groups) {
    if (++shown > kShownFindings) break;
    const catalog::IngestFinding& item = *group.first;
    const quality::CodeInfo& info = quality::info(item.finding.code);
    fmt::print("{:<8} {:<21} {:>9}  {}{}{}: {}\n", quality::name(info.severity), info.name,
               group.count, item.file.empty() ? item.symbol : item.file, place(item.finding),
               group.places > 1 ? fmt::format(" and {} more places", group.places - 1) : "",
               item.finding.text.empty() ? info.text : std::string_view{item.finding.text});
  }
  if (groups.size() > kShownFindings) {
    fmt::print("… and {} more: see toxvol/quality.parquet in the catalog\n",
               groups.size() - kShownFindings);
  }
  for (const std::string& file : report.changed) {
    fmt::print("{}: other contents than at the last ingest\n", file);
  }
  if (report.unchanged == report.files) {
    fmt::print("nothing to do: all {} files are in the catalog already\n", report.files);
  } else {
    fmt::print("{} files ingested, {} unchanged, {:.1f} MB in the catalog\n", report.ingested,
               report.unchanged, static_cast<double>(report.output_bytes) / 1e6);
  }
}

}  // namespace

void add_ingest(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand("ingest", "Raw Binance files into a catalog (docs/data.md)");
  auto flags = std::make_shared<jobs::IngestRequest>();
  verb->add_option("raw", flags->raw, "Folders or files, in any tree, CSV or ZIP")->required();
  verb->add_option("--catalog", flags->catalog, "Folder of the catalog, made if need be")
      ->required();
  verb->add_option("--symbol", flags->symbols, "Only these symbols (default: all found)");
  verb->add_option("--from", flags->from, "First day, 2024-01-01");
  verb->add_option("--to", flags->to, "Day after the last");
  verb->add_option("--jobs", flags->jobs, "Files at a time (default: processors)")
      ->check(CLI::PositiveNumber);
  verb->add_flag("--strict", flags->strict, "Stop at the first row that cannot be read");
  verb->callback([flags, &session] {
    session.goes_on = true;
    const catalog::IngestReport report = jobs::run_ingest(*flags, *session.progress);
    session.progress.reset();
    if (session.json) {
      nlohmann::ordered_json json{{"catalog", flags->catalog}};
      json.update(nlohmann::ordered_json::parse(jobs::to_json(report)));
      fmt::print("{}\n", json.dump(1));
    } else if (!session.quiet) {
      print(report);
    }
    for (const std::string& line : report.skipped) fmt::print(stderr, "toxvol: {}\n", line);
    if (!report.skipped.empty()) session.exit_code = 1;
  });
}

}  // namespace toxvol::app
