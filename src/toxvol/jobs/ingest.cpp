#include "toxvol/jobs/ingest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/config/instrument.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::jobs {

namespace {

std::optional<Day> optional_day(const std::string& text, std::string_view option) {
  if (text.empty()) return std::nullopt;
  const Timestamp time = parse_time(text, option);
  const Day day = day_of(time);
  if (Timestamp{day} != time) {
    throw UsageError{
        fmt::format("{} {}: a day is wanted, such as {}", option, text, to_string(day))};
  }
  return day;
}

}  // namespace

std::string to_json(const catalog::IngestReport& report) {
  nlohmann::ordered_json json{{"files", report.files},
                              {"ingested", report.ingested},
                              {"unchanged", report.unchanged},
                              {"changed", report.changed},
                              {"damaged", report.damaged},
                              {"skipped", report.skipped},
                              {"output_bytes", report.output_bytes},
                              {"kinds", nlohmann::ordered_json::array()},
                              {"findings", nlohmann::ordered_json::object()}};
  for (const auto& kind : report.kinds) {
    if (kind.files == 0) continue;
    json["kinds"].push_back({{"kind", name(kind.kind)},
                             {"files", kind.files},
                             {"rows_read", kind.rows.read},
                             {"kept", kind.rows.kept},
                             {"dropped", kind.rows.dropped},
                             {"repaired", kind.rows.repaired},
                             {"quarantined", kind.rows.quarantined}});
  }
  for (const auto& item : report.findings) {
    auto& count = json["findings"][std::string{quality::info(item.finding.code).name}];
    count = (count.is_null() ? 0 : count.get<std::int64_t>()) + item.finding.count;
  }
  return json.dump(1);
}

catalog::IngestReport run_ingest(const IngestRequest& request, Progress& progress) {
  catalog::IngestOptions options;
  for (const std::string& path : request.raw) options.raw.emplace_back(path);
  for (const std::string& symbol : request.symbols) check_symbol(symbol, "--symbol");
  options.catalog = request.catalog;
  options.symbols = request.symbols;
  options.from = optional_day(request.from, "--from");
  options.to = optional_day(request.to, "--to");
  options.jobs = threads_of(request.jobs);
  options.strict = request.strict;
  options.known = [](std::string_view symbol) { return config::known_instrument(symbol); };
  catalog::IngestReport report = catalog::ingest(options, progress);
  for (const auto& path : options.raw) {
    if (const auto label = find_synthetic_label(path)) {
      io::write_file_atomically(synthetic_label(options.catalog), io::read_file(*label));
    }
  }
  return report;
}

}  // namespace toxvol::jobs
