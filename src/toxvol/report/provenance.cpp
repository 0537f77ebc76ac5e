#include "toxvol/report/provenance.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/shell.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/report.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/run/json_files.hpp"
#include "toxvol/run/run_folder.hpp"

namespace toxvol::report {

namespace {

constexpr std::size_t kShortHash = 12;

std::string value_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

const Json* find(const Json& config, const std::string& table, const std::string& key) {
  if (!config.is_object() || !config.contains(table) || !config.at(table).is_object()) {
    return nullptr;
  }
  const Json& section = config.at(table);
  return section.contains(key) ? &section.at(key) : nullptr;
}

constexpr std::size_t kKinds = 5;

/// `run.inputs` is settled from the data where the preset says auto.
bool is_settled_inputs(const std::string& table, const std::string& key, const Json* preset) {
  return table == "run" && key == "inputs" && preset != nullptr && *preset == "auto";
}

/// SHA-256 of the input lines of the fingerprint's text (docs/schemas.md#fingerprint).
std::string inputs_sha256(const RunFolder& folder) {
  return io::sha256_hex(run::input_lines(folder.run.inputs));
}

}  // namespace

Json configuration(const RunFolder& folder, const Json& baseline) {
  Json sections = Json::array();
  for (const auto& [table, keys] : folder.run.config.items()) {
    Json rows = Json::array();
    std::int64_t changed = 0;
    if (!keys.is_object()) continue;
    for (const auto& [key, value] : keys.items()) {
      const Json* preset = find(baseline, table, key);
      const bool is_changed = preset == nullptr || *preset != value;
      const bool is_settled = is_settled_inputs(table, key, preset);
      if (is_changed && !is_settled) ++changed;
      std::string other;
      if (is_changed) other = preset == nullptr ? "\u2013" : value_text(*preset);
      rows.push_back({{"key", fmt::format("{}.{}", table, key)},
                      {"value", value_text(value)},
                      {"preset", other},
                      {"changed", is_changed && !is_settled}});
    }
    sections.push_back({{"name", table}, {"changed", changed}, {"rows", rows}});
  }
  return sections;
}

Json instrument_table(const RunFolder& folder) {
  const run::InstrumentUsed& used = folder.run.instrument;
  Json rows = Json::array();
  // The time from which it held inside the window: what came before says nothing of this run.
  const auto since = [&](Timestamp from) {
    return from <= folder.run.from ? std::string{"all of it"} : "from " + to_string(from);
  };
  const auto add = [&](std::string_view what, const std::string& when, const std::string& value) {
    rows.push_back({what, when, value});
  };
  const auto dated = [&](const auto& list, std::string_view what, std::string_view unit) {
    for (const auto& entry : list) {
      add(what, since(entry.from), fmt::format("{}{}", decimal_text(entry.value.raw()), unit));
    }
  };
  const std::string always = "all of it";
  add("source", always,
      used.source == "table" ? "table: the dated facts of presets/instruments"
                             : "inferred from the data: tick and lot are guesses, fees are VIP0");
  dated(used.ticks, "tick", " USDT");
  add("lot", always, decimal_text(used.lot.raw()));
  add("minimum quantity", always, decimal_text(used.min_qty.raw()));
  dated(used.min_notional, "minimum notional", " USDT");
  for (const run::DatedFee& fee : used.fees) {
    add("fees " + fee.tier, since(fee.from),
        fmt::format("maker {}, taker {}", decimal_text(fee.maker.raw()),
                    decimal_text(fee.taker.raw())));
  }
  dated(used.clearance_fee, "clearance fee of a liquidation", "");
  for (const run::DatedBracket& bracket : used.brackets) {
    add("bracket", since(bracket.from),
        fmt::format("up to {} USDT: maintenance {}, leverage at most {}",
                    decimal(bracket.notional_cap.raw()), decimal_text(bracket.maintenance.raw()),
                    bracket.max_leverage));
  }
  if (used.brackets.empty()) {
    add("brackets", always, "none known: no position cap, never liquidated");
  }
  return {{"title", "Instrument"},
          {"note", "As used in the window; a time (UTC) where something changed inside of it."},
          {"columns",
           {{{"label", "what"}, {"align", "left"}},
            {{"label", "in the window"}, {"align", "left"}},
            {{"label", "value"}, {"align", "left"}}}},
          {"rows", rows}};
}

Json identity(const RunFolder& folder, const std::optional<PresetNote>& preset) {
  Json list = Json::array();
  const auto add = [&list](std::string_view label, const std::string& value) {
    list.push_back({{"label", label}, {"value", value}});
  };
  const run::RunDocument& run = folder.run;
  add("fingerprint", run.fingerprint);
  add("configuration, SHA-256", run.config_sha256);
  add("inputs, SHA-256", inputs_sha256(folder));
  add("program", fmt::format("toxvol {} ({})", run.version, run.commit));
  add("engine", fmt::format("{} {}, profile {}", run.engine, run.engine_version, run.profile));
  if (run.signal) add("signal, SHA-256 of its rows", run.signal->sha256);
  if (preset) add("preset", preset->text);
  add("window, UTC", fmt::format("[{}, {})", to_string(run.from), to_string(run.to)));
  add("seed", std::to_string(run.seed));
  return list;
}

std::string command_line(const RunFolder& folder, const Json& baseline) {
  std::string line = fmt::format("toxvol backtest --catalog CATALOG --preset A --from {} --to {}",
                                 to_string(folder.run.from), to_string(folder.run.to));
  for (const auto& [table, keys] : folder.run.config.items()) {
    if (!keys.is_object()) continue;
    for (const auto& [key, value] : keys.items()) {
      const Json* preset = find(baseline, table, key);
      if (preset == nullptr || *preset == value) continue;
      // What auto gives wherever all kinds are there.
      if (is_settled_inputs(table, key, preset) && value.size() == kKinds) continue;
      // Text goes as it is: --set takes what is no TOML for a string.
      line += " \\\n  --set " + shell_word(fmt::format("{}.{}={}", table, key, value_text(value)));
    }
  }
  if (is_script(folder)) line += " \\\n  --orders SCRIPT";
  if (is_own_signal(folder)) line += " \\\n  --signal RUN/signal.parquet";
  return line + " \\\n  --out RUN";
}

std::string caption(const RunFolder& folder) {
  const run::RunDocument& run = folder.run;
  return fmt::format("{} \u00b7 {} {} \u00b7 seed {} \u00b7 config {} \u00b7 inputs {} \u00b7 UTC",
                     run.symbol, run.engine, run.profile, run.seed,
                     run.config_sha256.substr(0, kShortHash),
                     inputs_sha256(folder).substr(0, kShortHash));
}

}  // namespace toxvol::report
