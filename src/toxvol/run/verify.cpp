#include "toxvol/run/verify.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/run/audit.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/json_files.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/schema.hpp"
#include "toxvol/run/signal_audit.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/run/violations.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string file_of(std::string_view table) {
  return std::string{table} + ".parquet";
}

std::optional<Json> document(const fs::path& run, const std::string& name, Violations& violations) {
  try {
    Json json = Json::parse(io::read_file(run / name), nullptr, false);
    if (json.is_object()) return json;
    violations.add(name, "not a JSON object");
  } catch (const Error& error) {
    violations.add(name, error.what());
  }
  return std::nullopt;
}

/// The value of `key`, or null: a tampered document may have anything anywhere.
Json value_at(const Json& json, const std::string& key) {
  return json.is_object() && json.contains(key) ? json.at(key) : Json(nullptr);
}

std::string string_at(const Json& json, const std::string& key) {
  const Json value = value_at(json, key);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

/// The digest of a table as its file stands; empty where it cannot be read or has other columns.
std::optional<std::string> check_table(const fs::path& run, std::string_view table,
                                       const Json& run_json, Violations& violations) {
  const std::string name = file_of(table);
  try {
    columnar::TableReader reader{(run / name).string()};
    const columnar::Schema wanted = table_schema(table);
    if (reader.schema() != wanted) {
      violations.add(name, "its columns are not those of docs/schemas.md");
      return std::nullopt;
    }
    if (reader.metadata(columnar::kSchemaKey) != columnar::kSchemaVersion) {
      violations.add(name, "footer key toxvol.schema is not 1");
    }
    const Json rows = value_at(value_at(run_json, "rows"), std::string{table});
    if (rows != reader.rows()) {
      violations.add(name, fmt::format("{} rows, run.json says {}", reader.rows(), rows.dump()));
    }
    TableDigest digest{wanted};
    while (const auto block = reader.next()) digest.put(*block);
    return digest.hex();
  } catch (const Error& error) {
    violations.add(name, error.what());
    return std::nullopt;
  }
}

void check_hashes(const Json& json, const std::vector<std::pair<std::string, std::string>>& digests,
                  const std::optional<std::string>& signal, Violations& violations) {
  const std::string config = io::sha256_hex(value_at(json, "config").dump());
  if (config != string_at(json, "config_sha256")) {
    violations.add("run.json", "config_sha256 is not the hash of config");
  }
  std::vector<RunInput> inputs;
  for (const Json& input : value_at(json, "inputs")) {
    const Json rows = value_at(input, "rows");
    inputs.push_back({.kind = string_at(input, "kind"),
                      .day = string_at(input, "day"),
                      .rows = rows.is_number_integer() ? rows.get<std::int64_t>() : -1,
                      .sha256 = string_at(input, "sha256")});
  }
  if (fingerprint(config, inputs, digests, signal) != string_at(json, "fingerprint")) {
    violations.add("run.json", "fingerprint is not that of the inputs, configuration and tables");
  }
}

/// run.inputs of the configuration, which a run has settled.
Inputs kinds_of(const Json& run_json) {
  Inputs kinds;
  for (const Json& word : value_at(value_at(value_at(run_json, "config"), "run"), "inputs")) {
    for (const Kind kind : kKinds) {
      if (word == name(kind)) kinds[kind] = true;
    }
  }
  return kinds;
}

/// Every key of summary.json against the tables; `quality` is of the inputs and is copied.
void check_summary(const Json& said, const SummaryBuilder& builder, const Inputs& kinds,
                   Violations& violations) {
  const Json is = Json::parse(summary_json(builder.finish({}, kinds)));
  for (const auto& [key, value] : is.items()) {
    if (key == "quality") continue;
    if (value_at(said, key) == value && said.contains(key)) continue;
    violations.add("summary.json",
                   fmt::format("{} is {}, the tables make it {}", key,
                               said.contains(key) ? said.at(key).dump() : "absent", value.dump()));
  }
  for (const auto& [key, value] : said.items()) {
    if (!is.contains(key)) violations.add("summary.json", "unknown key " + key);
  }
}

/// The column `net`, which the records do not hold.
void check_net(const fs::path& run, const std::vector<trading::PositionRecord>& positions,
               Violations& violations) {
  columnar::TableReader reader{(run / "positions.parquet").string()};
  reader.select({"net"});
  const columnar::TableBlock block = reader.read_all();
  for (std::size_t row = 0; row < block.rows; ++row) {
    const Money exact = net(positions[row]);
    if (block.columns[0].integer(row) == exact.raw()) continue;
    violations.add(
        "positions",
        fmt::format("P-{}: net is {}, realised - fees + funding is {}", positions[row].position,
                    decimal_text(held(block.columns[0].integer(row))), decimal_text(exact.raw())));
  }
}

class DecisionAudit {
 public:
  DecisionAudit(const Json& run_json, Violations& violations)
      : from_{string_at(run_json, "from")},
        to_{string_at(run_json, "to")},
        violations_{violations} {}

  void add(const strategy::DecisionRow& row) {
    const Timestamp ts = row.factors.ts;
    const std::string when = to_string(ts);
    if (before_ && ts <= *before_) violations_.add("decisions", when + ": ts does not ascend");
    before_ = ts;
    // A row belongs to the range that its minute opens in (G2). All are whole seconds in UTC, so
    // their texts compare as their times do.
    const std::string open = to_string(ts - kMinute);
    if (open < from_ || open >= to_) {
      violations_.add("decisions",
                      "the minute of " + when + " opens outside [" + from_ + ", " + to_ + ")");
    }
    if (row.factors.ts_init < ts) violations_.add("decisions", when + ": ts_init precedes ts");
    if (row.decides == (row.reason == trading::Reason::NotBoundary)) {
      violations_.add("decisions", when + ": decides and reason contradict each other");
    }
    if ((row.alpha == trading::Alpha::None) == row.direction.has_value()) {
      violations_.add("decisions", when + ": alpha without direction, or the reverse");
    }
    const bool enters_long = row.reason == trading::Reason::EnterLong;
    const bool enters_short = row.reason == trading::Reason::EnterShort;
    if ((enters_long && row.direction != 1) || (enters_short && row.direction != -1)) {
      violations_.add("decisions", when + ": reason and direction contradict each other");
    }
  }

 private:
  std::string from_;
  std::string to_;
  Violations& violations_;
  std::optional<Timestamp> before_;
};

void check_records(const fs::path& run, const Json& run_json, const std::optional<Json>& summary,
                   const std::vector<std::pair<std::string, std::string>>& digests,
                   Violations& violations) {
  SummaryBuilder builder;
  DecisionAudit decisions{run_json, violations};
  SignalAudit signal{run, run_json, violations};
  check_hashes(run_json, digests, signal.sha256(), violations);
  for_each_record<strategy::DecisionRow>(run, [&](const strategy::DecisionRow& row) {
    decisions.add(row);
    signal.add(row);
    builder.add(row);
  });
  signal.finish();
  const auto orders = read_records<trading::OrderRecord>(run);
  const auto fills = read_records<trading::FillRecord>(run);
  const auto positions = read_records<trading::PositionRecord>(run);
  for (const auto& order : orders) builder.add(order);
  for (const auto& fill : fills) builder.add(fill);
  for (const auto& position : positions) builder.add(position);
  audit_orders(orders, read_records<trading::CommandRecord>(run), fills, violations);

  const std::string profile = string_at(run_json, "profile");
  const auto known = engine::profile_named(profile);
  if (!known) violations.add("run.json", fmt::format("profile is '{}', which is none", profile));
  LedgerAudit ledger{fills, violations, !known || !engine::is_parity(*known)};
  trading::EquityRecord last;
  for_each_record<trading::EquityRecord>(run, [&](const trading::EquityRecord& row) {
    ledger.add(row);
    builder.add(row);
    last = row;
  });
  ledger.finish();
  audit_positions(positions, fills, last, violations);
  check_net(run, positions, violations);
  if (summary) check_summary(*summary, builder, kinds_of(run_json), violations);
}

}  // namespace

std::vector<std::string> verify(const fs::path& run) {
  if (!fs::exists(run / "run.json")) {
    throw Error(run.string() + " is not a run folder: it has no run.json", ErrorCode::NotFound);
  }
  Violations violations;
  const auto json = document(run, "run.json", violations);
  const auto summary = document(run, "summary.json", violations);
  std::vector<std::pair<std::string, std::string>> digests;
  bool is_readable = true;
  for (const std::string_view table : kTables) {
    const auto digest = check_table(run, table, json.value_or(Json::object()), violations);
    if (!digest) {
      is_readable = false;
    } else if (is_fingerprinted(table)) {
      digests.emplace_back(table, *digest);
    }
  }
  if (is_readable && json) {
    try {
      check_records(run, *json, summary, digests, violations);
    } catch (const Error& error) {  // e.g. a text outside its vocabulary
      violations.add("tables", error.what());
    }
  }
  return violations.take();
}

}  // namespace toxvol::run
