#include "toxvol/run/json_files.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::run {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;
constexpr int kIndent = 2;

Json parse_config(const std::string& text) {
  Json config = Json::parse(text, nullptr, false);
  if (!config.is_object()) throw Error("the resolved configuration is not a JSON object");
  return config;
}

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json time(const std::optional<Timestamp>& value) {
  return value ? Json(to_string(*value)) : Json(nullptr);
}

template <class Tag>
Json decimal(Fixed<Tag> value) {
  return decimal_text(value.raw());
}

/// The entries of a dated list that hold at some time in [from, to).
template <class T>
std::vector<Dated<T>> used(const std::vector<Dated<T>>& list, Timestamp from, Timestamp to) {
  std::vector<Dated<T>> result;
  for (const Dated<T>& entry : list) {
    if (entry.from >= to && !result.empty()) break;
    if (entry.from <= from) result.clear();
    result.push_back(entry);
  }
  return result;
}

Json dated(Timestamp from) {
  return Json{{"from", to_string(from)}};
}

Json instrument_json(const RunInfo& info) {
  const Instrument& instrument = info.instrument;
  Json json = Json::object();
  const auto ticks = used(instrument.tick, info.from, info.to);
  json["tick"] = ticks.empty() ? Json(nullptr) : decimal(ticks.front().value);
  json["lot"] = decimal(instrument.lot);
  json["min_qty"] = decimal(instrument.min_qty);
  json["min_notional"] = Json::array();
  for (const auto& entry : used(instrument.min_notional, info.from, info.to)) {
    Json row = dated(entry.from);
    row["value"] = decimal(entry.value);
    json["min_notional"].push_back(row);
  }
  json["fees"] = Json::array();
  for (const auto& entry : used(instrument.fees, info.from, info.to)) {
    for (const Fee& fee : entry.value) {
      if (!info.fee_tier.empty() && fee.tier != info.fee_tier) continue;
      Json row = dated(entry.from);
      row["tier"] = fee.tier;
      row["maker"] = decimal(fee.maker);
      row["taker"] = decimal(fee.taker);
      json["fees"].push_back(row);
    }
  }
  json["brackets"] = Json::array();
  for (const auto& entry : used(instrument.brackets, info.from, info.to)) {
    for (const Bracket& bracket : entry.value) {
      Json row = dated(entry.from);
      row["notional_cap"] = decimal(bracket.notional_cap);
      row["maintenance"] = decimal(bracket.maintenance);
      row["max_leverage"] = bracket.max_leverage;
      json["brackets"].push_back(row);
    }
  }
  json["source"] = instrument.inferred ? "inferred" : "table";
  // Beyond the contract, for who recomputes the run.
  json["ticks"] = Json::array();
  for (const auto& entry : ticks) {
    Json row = dated(entry.from);
    row["value"] = decimal(entry.value);
    json["ticks"].push_back(row);
  }
  json["clearance_fee"] = Json::array();
  for (const auto& entry : used(instrument.clearance_fee, info.from, info.to)) {
    Json row = dated(entry.from);
    row["value"] = decimal(entry.value);
    json["clearance_fee"].push_back(row);
  }
  json["liquidates"] = !instrument.brackets.empty();
  return json;
}

/// The keys of summary.json and where a Summary keeps their values, once for writing and reading;
/// definitions: docs/schemas.md#summary.
template <class Visit>
void fields(std::type_identity<Summary>, const Visit& visit) {
  visit("start_equity", &Summary::start_equity);
  visit("end_equity", &Summary::end_equity);
  visit("gross", &Summary::gross);
  visit("slippage", &Summary::slippage);
  visit("fees", &Summary::fees);
  visit("funding", &Summary::funding);
  visit("net", &Summary::net);
  visit("return", &Summary::total_return);
  visit("max_drawdown", &Summary::max_drawdown);
  visit("sharpe_minute", &Summary::sharpe_minute);
  visit("sharpe_annual", &Summary::sharpe_annual);
  visit("volatility_annual", &Summary::volatility_annual);
  visit("positions", &Summary::positions);
  visit("fills", &Summary::fills);
  visit("maker_share", &Summary::maker_share);
  visit("hit_rate", &Summary::hit_rate);
  visit("avg_hold_s", &Summary::avg_hold_s);
  visit("turnover", &Summary::turnover);
  visit("exposure", &Summary::exposure);
  visit("break_even_fee_bp", &Summary::break_even_fee_bp);
  visit("by_alpha", &Summary::by_alpha);
  visit("by_regime", &Summary::by_regime);
  visit("by_exit", &Summary::by_exit);
  visit("funnel", &Summary::funnel);
  visit("reasons", &Summary::reasons);
  visit("orders", &Summary::orders);
  visit("quality", &Summary::quality);
  visit("degraded_minutes", &Summary::degraded_minutes);
  visit("caps", &Summary::caps);
  visit("trials", &Summary::trials);
  visit("psr", &Summary::psr);
  visit("dsr", &Summary::dsr);
}
template <class Visit>
void fields(std::type_identity<PositionGroup>, const Visit& visit) {
  visit("positions", &PositionGroup::positions);
  visit("gross", &PositionGroup::gross);
  visit("slippage", &PositionGroup::slippage);
  visit("fees", &PositionGroup::fees);
  visit("funding", &PositionGroup::funding);
  visit("net", &PositionGroup::net);
  visit("hit_rate", &PositionGroup::hit_rate);
}
template <class Visit>
void fields(std::type_identity<OrderCounts>, const Visit& visit) {
  visit("submitted", &OrderCounts::submitted);
  visit("filled", &OrderCounts::filled);
  visit("canceled", &OrderCounts::canceled);
  visit("rejected", &OrderCounts::rejected);
}
template <class Visit>
void fields(std::type_identity<DegradedMinutes>, const Visit& visit) {
  visit("absent", &DegradedMinutes::absent);
  visit("overdue", &DegradedMinutes::overdue);
}
/// Of a list of counts, what each is called.
std::span<const std::string_view> names_of(const Funnel& /*funnel*/) {
  return kFunnelSteps;
}
template <class Enum>
std::span<const std::string_view> names_of(const CountBy<Enum>& /*by*/) {
  return trading::kWords<Enum>;
}

template <class T>
Json json_of(const T& value) {
  if constexpr (std::is_integral_v<T>) {
    return value;
  } else if constexpr (std::is_same_v<T, Money>) {
    return decimal(value);
  } else if constexpr (std::is_same_v<T, std::optional<double>>) {
    return number(value);
  } else {
    Json json = Json::object();
    if constexpr (requires { names_of(value); }) {
      for (std::size_t i = 0; i < value.size(); ++i)
        json[std::string{names_of(value)[i]}] = value[i];
    } else if constexpr (requires { value.begin(); }) {
      for (const auto& [key, one] : value) json[key] = json_of(one);
    } else {
      fields(std::type_identity<T>{},
             [&](const char* key, const auto& member) { json[key] = json_of(value.*member); });
    }
    return json;
  }
}

/// Throws `Json::exception` or `Error` for a document of another form.
template <class T>
void read_json(const Json& json, std::string_view where, T& value) {
  if constexpr (std::is_integral_v<T>) {
    value = json.get<T>();
  } else if constexpr (std::is_same_v<T, Money>) {
    value = Money::from_raw(decimal_in(json.get<std::string>(), where));
  } else if constexpr (std::is_same_v<T, std::optional<double>>) {
    if (!json.is_null()) value = json.get<double>();
  } else if constexpr (requires { names_of(value); }) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      value[i] = json.at(std::string{names_of(value)[i]}).template get<std::int64_t>();
    }
  } else if constexpr (requires { value.begin(); }) {
    for (const auto& [key, one] : json.items()) {
      typename T::value_type entry{key, {}};
      read_json(one, key, entry.second);
      value.insert(value.end(), std::move(entry));
    }
  } else {
    fields(std::type_identity<T>{}, [&](const char* key, const auto& member) {
      read_json(json.at(key), key, value.*member);
    });
  }
}

std::string text_of(const Json& json) {
  return json.dump(kIndent) + '\n';
}

}  // namespace

std::string canonical_config(const std::string& config_json) {
  return parse_config(config_json).dump();
}

std::string run_json(const RunInfo& info, const RunFacts& facts) {
  Json json = Json::object();
  json["schema"] = kSchema;
  json["version"] = info.version;
  json["commit"] = info.commit;
  json["engine"] = info.engine;
  json["engine_version"] = info.engine_version.empty() ? info.version : info.engine_version;
  json["profile"] = info.profile;
  json["strategy"] = info.strategy;
  json["preset"] = info.preset.empty() ? Json(nullptr) : Json(info.preset);
  json["modes"] = facts.modes;
  json["synthetic"] = info.synthetic;
  json["symbol"] = info.symbol;
  json["from"] = to_string(info.from);
  json["to"] = to_string(info.to);
  json["asked"] = Json{{"from", time(info.asked_from)}, {"to", time(info.asked_to)}};
  json["seed"] = info.seed;
  if (info.signal) {
    json["signal"] = Json{{"sha256", info.signal->sha256},
                          {"rows", info.signal->rows.size()},
                          {"used", info.signal->used},
                          {"stale", info.signal->stale},
                          {"ignored", info.signal->ignored}};
  }
  json["config"] = parse_config(info.config_json);
  json["config_sha256"] = facts.config_sha256;
  json["instrument"] = instrument_json(info);
  json["inputs"] = Json::array();
  std::vector<RunInput> inputs = info.inputs;
  std::sort(inputs.begin(), inputs.end());
  for (const RunInput& input : inputs) {
    json["inputs"].push_back(Json{
        {"kind", input.kind}, {"day", input.day}, {"rows", input.rows}, {"sha256", input.sha256}});
  }
  Json rows = Json::object();
  for (const auto& [table, count] : facts.rows) rows[table] = count;
  for (const RunInput& input : inputs) {
    rows[input.kind] = rows.value(input.kind, std::int64_t{0}) + input.rows;
  }
  json["rows"] = rows;
  json["fingerprint"] = facts.fingerprint;
  return text_of(json);
}

std::string summary_json(const Summary& summary) {
  return text_of(json_of(summary));
}

Summary read_summary(const std::filesystem::path& path) {
  Summary summary;
  try {
    read_json(Json::parse(io::read_file(path)), path.string(), summary);
  } catch (const Json::exception& fault) {
    throw Error(path.string() + ": damaged (" + fault.what() + "); run the backtest again",
                ErrorCode::Corrupt);
  }
  return summary;
}

std::string timing_json(const Timing& timing) {
  Json json = Json::object();
  json["started"] = to_string(timing.started);
  json["duration_s"] = timing.duration_s;
  json["peak_rss_bytes"] = timing.peak_rss_bytes ? Json(*timing.peak_rss_bytes) : Json(nullptr);
  json["jobs"] = timing.jobs;
  json["host"] = timing.host;
  json["argv"] = timing.argv;
  json["catalog"] = timing.catalog.empty() ? Json(nullptr) : Json(timing.catalog);
  return text_of(json);
}

std::int64_t decimal_in(std::string_view text, std::string_view where) {
  if (const auto raw = parse_decimal(text)) return *raw;
  throw Error(std::string{where} + ": '" + printable(text) + "' is no decimal number",
              ErrorCode::Corrupt);
}

}  // namespace toxvol::run
