#include "toxvol/catalog/jobs/manifest.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/ingest_finding.hpp"
#include "toxvol/catalog/jobs/missing_days.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/catalog/store/sidecar_json.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/version.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

struct QualityRow {
  std::string file;
  std::string kind;
  std::string symbol;
  quality::Finding finding;
};

const columnar::Schema& quality_schema() {
  using enum columnar::ColumnType;
  static const columnar::Schema schema{{.name = "file", .type = Text},
                                       {.name = "kind", .type = Text},
                                       {.name = "symbol", .type = Text},
                                       {.name = "code", .type = Text},
                                       {.name = "text", .type = Text},
                                       {.name = "day", .type = Date, .nullable = true},
                                       {.name = "severity", .type = Text},
                                       {.name = "action", .type = Text},
                                       {.name = "line", .type = Int64, .nullable = true},
                                       {.name = "byte", .type = Int64, .nullable = true},
                                       {.name = "count", .type = Int64},
                                       {.name = "column", .type = Text, .nullable = true},
                                       {.name = "value", .type = Text, .nullable = true},
                                       {.name = "ts", .type = Timestamp, .nullable = true},
                                       {.name = "ts_end", .type = Timestamp, .nullable = true}};
  return schema;
}

void write_quality(const fs::path& path, const std::vector<QualityRow>& rows) {
  columnar::TableWriter writer{path.string(), quality_schema()};
  const auto text_or_null = [&](const std::string& text) {
    if (text.empty()) {
      writer.put_null();
    } else {
      writer.put(text);
    }
  };
  for (const QualityRow& row : rows) {
    const quality::CodeInfo& info = quality::info(row.finding.code);
    writer.put(row.file);
    writer.put(row.kind);
    writer.put(row.symbol);
    writer.put(info.name);
    writer.put(row.finding.text.empty() ? info.text : std::string_view{row.finding.text});
    writer.put(row.finding.day);
    writer.put(quality::name(info.severity));
    writer.put(quality::name(info.action));
    writer.put(row.finding.line);
    writer.put(row.finding.byte);
    writer.put(row.finding.count);
    text_or_null(row.finding.column);
    text_or_null(row.finding.value);
    writer.put(row.finding.ts);
    writer.put(row.finding.ts_end);
    writer.end_row();
  }
  writer.close();
}

/// Every finding there is, in an order that depends on nothing but the findings.
std::vector<QualityRow> quality_rows(const fs::path& catalog,
                                     const std::vector<Sidecar>& sidecars) {
  std::vector<QualityRow> rows;
  std::set<std::string> symbols;
  for (const Sidecar& sidecar : sidecars) {
    if (!sidecar.outputs.empty()) symbols.insert(sidecar.symbol);
    // Findings of the scale have a sidecar of their own, but speak of metrics.
    const std::string kind{sidecar.kind == kScaleSidecar ? name(Kind::Metrics)
                                                         : std::string_view{sidecar.kind}};
    for (const auto& finding : sidecar.findings) {
      rows.push_back(
          {.file = sidecar.path, .kind = kind, .symbol = sidecar.symbol, .finding = finding});
    }
  }
  for (const std::string& symbol : symbols) {
    for (IngestFinding& missing : missing_days(coverage(catalog, symbol), symbol)) {
      rows.push_back({.file = "",
                      .kind = std::string{name(missing.kind)},
                      .symbol = symbol,
                      .finding = std::move(missing.finding)});
    }
  }
  // All fields take part, so that equal rows alone can tie.
  const auto key = [](const QualityRow& row) {
    const quality::Finding& f = row.finding;
    return std::tie(row.file, f.line, f.code, row.kind, row.symbol, f.ts, f.ts_end, f.day, f.byte,
                    f.column, f.value, f.count, f.text);
  };
  std::sort(rows.begin(), rows.end(),
            [&](const QualityRow& a, const QualityRow& b) { return key(a) < key(b); });
  return rows;
}

/// The sidecars of source files, by path.
Json manifest_of(std::vector<Sidecar> sidecars) {
  std::erase_if(sidecars, [](const Sidecar& sidecar) {
    return sidecar.kind == kCrossSidecar || sidecar.kind == kScaleSidecar;
  });
  std::sort(sidecars.begin(), sidecars.end(), [](const Sidecar& a, const Sidecar& b) {
    return std::tie(a.path, a.kind, a.symbol, a.label) <
           std::tie(b.path, b.kind, b.symbol, b.label);
  });
  Json manifest{{"schema", kLayout},
                {"tool_version", kVersion},
                {"quote_clock", "transaction_time"},
                {"files", Json::array()}};
  for (const Sidecar& sidecar : sidecars) manifest["files"].push_back(to_entry(sidecar));
  return manifest;
}

}  // namespace

void write_manifest(const fs::path& catalog) {
  std::vector<Sidecar> sidecars = all_sidecars(catalog);
  write_quality(own_folder(catalog) / "quality.parquet", quality_rows(catalog, sidecars));
  io::write_file_atomically(own_folder(catalog) / "manifest.json",
                            manifest_of(std::move(sidecars)).dump(1) + "\n");
}

}  // namespace toxvol::catalog
