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
  std::vector<std::tuple<std::string, std::string, std::int64_t, std::string>> inputs;
  for (const Json& input : folder.run.at("inputs")) {
    inputs.emplace_back(input.at("kind").get<std::string>(), input.at("day").get<std::string>(),
                        input.at("rows").get<std::int64_t>(),
                        input.at("sha256").get<std::string>());
  }
  std::sort(inputs.begin(), inputs.end());
  std::string text;
  for (const auto& [kind, day, rows, hash] : inputs) {
    text += fmt::format("input {} {} {} {}\n", kind, day, rows, hash);
  }
  return io::sha256_hex(text);
}

std::string text_at(const RunFolder& folder, const char* key) {
  return folder.run.at(key).get<std::string>();
}

}  // namespace

Json configuration(const RunFolder& folder, const Json& baseline) {
  Json sections = Json::array();
  for (const auto& [table, keys] : folder.run.at("config").items()) {
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
  const Json& instrument = folder.run.at("instrument");
  Json rows = Json::array();
  const auto begin = text_at(folder, "from");
  // The time from which it held inside the window: what came before says nothing of this run.
  const auto add = [&](std::string_view what, const std::string& since, const std::string& value) {
    rows.push_back({what, since <= begin ? "all of it" : "from " + since, value});
  };
  const auto dated = [&](const char* key, std::string_view what, std::string_view unit) {
    if (!instrument.contains(key)) return;
    for (const Json& entry : instrument.at(key)) {
      add(what, entry.at("from").get<std::string>(),
          fmt::format("{}{}", value_text(entry.at("value")), unit));
    }
  };
  add("source", "",
      instrument.at("source") == "table"
          ? "table: the dated facts of presets/instruments"
          : "inferred from the data: tick and lot are guesses, fees are VIP0");
  if (instrument.contains("ticks") && !instrument.at("ticks").empty()) {
    dated("ticks", "tick", " USDT");
  } else {
    add("tick", "", value_text(instrument.at("tick")) + " USDT");
  }
  add("lot", "", value_text(instrument.at("lot")));
  add("minimum quantity", "", value_text(instrument.at("min_qty")));
  dated("min_notional", "minimum notional", " USDT");
  for (const Json& fee : instrument.at("fees")) {
    add("fees " + value_text(fee.at("tier")), fee.at("from").get<std::string>(),
        fmt::format("maker {}, taker {}", value_text(fee.at("maker")),
                    value_text(fee.at("taker"))));
  }
  dated("clearance_fee", "clearance fee of a liquidation", "");
  for (const Json& bracket : instrument.at("brackets")) {
    add("bracket", bracket.at("from").get<std::string>(),
        fmt::format(
            "up to {} USDT: maintenance {}, leverage at most {}",
            decimal(run::decimal_in(value_text(bracket.at("notional_cap")), "notional_cap")),
            value_text(bracket.at("maintenance")), value_text(bracket.at("max_leverage"))));
  }
  if (instrument.at("brackets").empty()) {
    add("brackets", "", "none known: no position cap, never liquidated");
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
  add("fingerprint", text_at(folder, "fingerprint"));
  add("configuration, SHA-256", text_at(folder, "config_sha256"));
  add("inputs, SHA-256", inputs_sha256(folder));
  add("program",
      fmt::format("toxvol {} ({})", text_at(folder, "version"), text_at(folder, "commit")));
  add("engine", fmt::format("{} {}, profile {}", text_at(folder, "engine"),
                            text_at(folder, "engine_version"), text_at(folder, "profile")));
  if (is_own_signal(folder)) {
    add("signal, SHA-256 of its rows", folder.run.at("signal").at("sha256").get<std::string>());
  }
  if (preset) add("preset", preset->text);
  add("window, UTC", fmt::format("[{}, {})", text_at(folder, "from"), text_at(folder, "to")));
  add("seed", value_text(folder.run.at("seed")));
  return list;
}

std::string command_line(const RunFolder& folder, const Json& baseline) {
  std::string line = fmt::format("toxvol backtest --catalog CATALOG --preset A --from {} --to {}",
                                 text_at(folder, "from"), text_at(folder, "to"));
  for (const auto& [table, keys] : folder.run.at("config").items()) {
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
  return fmt::format("{} \u00b7 {} {} \u00b7 seed {} \u00b7 config {} \u00b7 inputs {} \u00b7 UTC",
                     text_at(folder, "symbol"), text_at(folder, "engine"),
                     text_at(folder, "profile"), value_text(folder.run.at("seed")),
                     text_at(folder, "config_sha256").substr(0, kShortHash),
                     inputs_sha256(folder).substr(0, kShortHash));
}

}  // namespace toxvol::report
