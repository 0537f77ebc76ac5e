#include "toxvol/catalog/store/sidecar.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/sidecar_json.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr int kSidecarSchema = 1;

Json to_json(const Output& output) {
  Json json{{"path", output.path},
            {"rows", output.rows},
            {"bytes", output.bytes},
            {"sha256", output.sha256}};
  if (!output.xxh3.empty()) json["xxh3"] = output.xxh3;
  if (!output.rows_sha256.empty()) json["rows_sha256"] = output.rows_sha256;
  return json;
}

/// JSON strings are UTF-8; what stands in a broken file need not be.
std::string whole(std::string_view text) {
  return printable(text, text.size());
}

Json to_json(const quality::Finding& finding) {
  Json json{{"code", quality::info(finding.code).name}, {"count", finding.count}};
  if (finding.day) json["day"] = to_string(*finding.day);
  if (finding.line) json["line"] = *finding.line;
  if (finding.byte) json["byte"] = *finding.byte;
  if (!finding.column.empty()) json["column"] = whole(finding.column);
  if (!finding.value.empty()) json["value"] = whole(finding.value);
  if (finding.ts) json["ts"] = to_ns(*finding.ts);
  if (finding.ts_end) json["ts_end"] = to_ns(*finding.ts_end);
  if (!finding.text.empty()) json["text"] = whole(finding.text);
  return json;
}

quality::Finding finding_from(const Json& json) {
  quality::Finding finding;
  const auto code = quality::code_of(json.at("code").get<std::string>());
  if (!code) throw Error{"unknown code"};
  finding.code = *code;
  finding.count = json.at("count").get<std::int64_t>();
  if (json.contains("day")) finding.day = parse_day(json["day"].get<std::string>());
  if (json.contains("line")) finding.line = json["line"].get<std::int64_t>();
  if (json.contains("byte")) finding.byte = json["byte"].get<std::int64_t>();
  finding.column = json.value("column", std::string{});
  finding.value = json.value("value", std::string{});
  if (json.contains("ts")) finding.ts = from_ns(json["ts"].get<std::int64_t>());
  if (json.contains("ts_end")) finding.ts_end = from_ns(json["ts_end"].get<std::int64_t>());
  finding.text = json.value("text", std::string{});
  return finding;
}

/// Throws for what is not a day, as `get` does for another type.
Day day_from(const Json& json) {
  if (const auto day = parse_day(json.get<std::string>())) return *day;
  throw Error{"not a day"};
}

Sidecar sidecar_from(const Json& json) {
  if (json.at("schema").get<int>() != kSidecarSchema) throw Error{"other schema"};
  Sidecar sidecar;
  sidecar.path = json.at("path").get<std::string>();
  sidecar.kind = json.at("kind").get<std::string>();
  sidecar.symbol = json.at("symbol").get<std::string>();
  sidecar.label = json.at("day").get<std::string>();
  sidecar.bytes = json.at("bytes").get<std::int64_t>();
  sidecar.hash = json.at("hash").get<std::string>();
  sidecar.checksum_ok = json.at("checksum").get<std::string>() == "ok";
  sidecar.skipped = json.at("skipped").get<bool>();
  sidecar.counts.read = json.at("rows_read").get<std::int64_t>();
  sidecar.counts.kept = json.at("kept").get<std::int64_t>();
  sidecar.counts.dropped = json.at("dropped").get<std::int64_t>();
  sidecar.counts.repaired = json.at("repaired").get<std::int64_t>();
  sidecar.counts.quarantined = json.at("quarantined").get<std::int64_t>();
  if (json.contains("ts_first")) sidecar.ts_first = from_ns(json["ts_first"].get<std::int64_t>());
  if (json.contains("ts_last")) sidecar.ts_last = from_ns(json["ts_last"].get<std::int64_t>());
  for (const Json& day : json.at("superseded")) {
    sidecar.superseded.push_back(day_from(day));
  }
  sidecar.precision.price = json.at("price_precision").get<int>();
  sidecar.precision.size = json.at("size_precision").get<int>();
  for (const Json& item : json.at("outputs")) {
    sidecar.outputs.push_back({.path = item.at("path").get<std::string>(),
                               .unit = day_from(item.at("unit")),
                               .rows = item.at("rows").get<std::int64_t>(),
                               .bytes = item.at("bytes").get<std::int64_t>(),
                               .sha256 = item.at("sha256").get<std::string>(),
                               .xxh3 = item.value("xxh3", std::string{}),
                               .rows_sha256 = item.value("rows_sha256", std::string{})});
  }
  for (const Json& item : json.at("findings")) sidecar.findings.push_back(finding_from(item));
  return sidecar;
}

}  // namespace

Json to_entry(const Sidecar& sidecar) {
  Json entry{{"path", sidecar.path},
             {"kind", sidecar.kind},
             {"symbol", sidecar.symbol},
             {"day", sidecar.label},
             {"bytes", sidecar.bytes},
             {"hash", sidecar.hash},
             {"checksum", sidecar.checksum_ok ? "ok" : "none"},
             {"rows_read", sidecar.counts.read},
             {"kept", sidecar.counts.kept},
             {"dropped", sidecar.counts.dropped},
             {"repaired", sidecar.counts.repaired},
             {"quarantined", sidecar.counts.quarantined}};
  entry["ts_first"] = sidecar.ts_first ? Json{to_string(*sidecar.ts_first)}.front() : Json{};
  entry["ts_last"] = sidecar.ts_last ? Json{to_string(*sidecar.ts_last)}.front() : Json{};
  entry["outputs"] = Json::array();
  for (const Output& output : sidecar.outputs) entry["outputs"].push_back(to_json(output));
  return entry;
}

void save(const fs::path& path, const Sidecar& sidecar) {
  Json json{{"schema", kSidecarSchema}, {"skipped", sidecar.skipped}};
  const Json entry = to_entry(sidecar);
  for (const auto& [key, value] : entry.items()) json[key] = value;
  json.erase("ts_first");
  json.erase("ts_last");
  if (sidecar.ts_first) json["ts_first"] = to_ns(*sidecar.ts_first);
  if (sidecar.ts_last) json["ts_last"] = to_ns(*sidecar.ts_last);
  for (std::size_t i = 0; i < sidecar.outputs.size(); ++i) {
    json["outputs"][i]["unit"] = to_string(sidecar.outputs[i].unit);
  }
  json["superseded"] = Json::array();
  for (const Day day : sidecar.superseded) json["superseded"].push_back(to_string(day));
  json["price_precision"] = sidecar.precision.price;
  json["size_precision"] = sidecar.precision.size;
  json["findings"] = Json::array();
  for (const auto& finding : sidecar.findings) json["findings"].push_back(to_json(finding));
  fs::create_directories(path.parent_path());
  io::write_file_atomically(path, json.dump(1) + "\n");
}

std::optional<Sidecar> load_sidecar(const fs::path& path) {
  std::error_code failure;
  if (!fs::is_regular_file(path, failure)) return std::nullopt;
  // A half-written or foreign sidecar is as good as none: its file is ingested again.
  try {
    return sidecar_from(Json::parse(io::read_file(path)));
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<Sidecar> all_sidecars(const fs::path& catalog) {
  std::vector<Sidecar> result;
  const fs::path root = own_folder(catalog) / "sidecars";
  std::error_code failure;
  if (!fs::is_directory(root, failure)) return result;
  for (const auto& item : fs::recursive_directory_iterator{root}) {
    if (item.path().extension() != ".json") continue;
    if (auto sidecar = load_sidecar(item.path())) result.push_back(*std::move(sidecar));
  }
  std::sort(result.begin(), result.end(), [](const Sidecar& a, const Sidecar& b) {
    return std::tie(a.kind, a.symbol, a.label) < std::tie(b.kind, b.symbol, b.label);
  });
  return result;
}

}  // namespace toxvol::catalog
