#include "toxvol/run/json_files.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
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
#include "toxvol/core/optional.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_text.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/run_document.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::run {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 2;

Json parse_config(const std::string& text) {
  Json config = Json::parse(text, nullptr, false);
  if (!config.is_object()) throw Error("the resolved configuration is not a JSON object");
  return config;
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

InstrumentUsed instrument_used(const RunInfo& info) {
  const Instrument& instrument = info.instrument;
  const auto held = [&info](const auto& list) { return used(list, info.from, info.to); };
  InstrumentUsed result{.tick = {},
                        .lot = instrument.lot,
                        .min_qty = instrument.min_qty,
                        .min_notional = held(instrument.min_notional),
                        .fees = {},
                        .brackets = {},
                        .source = instrument.inferred ? "inferred" : "table",
                        .ticks = held(instrument.tick),
                        .clearance_fee = held(instrument.clearance_fee),
                        .liquidates = !instrument.brackets.empty()};
  if (!result.ticks.empty()) result.tick = result.ticks.front().value;
  for (const auto& entry : held(instrument.fees)) {
    for (const Fee& fee : entry.value) {
      if (!info.fee_tier.empty() && fee.tier != info.fee_tier) continue;
      result.fees.push_back({entry.from, fee.tier, fee.maker, fee.taker});
    }
  }
  for (const auto& entry : held(instrument.brackets)) {
    for (const Bracket& one : entry.value) {
      result.brackets.push_back({entry.from, one.notional_cap, one.maintenance, one.max_leverage});
    }
  }
  return result;
}

/// The keys of a document and where a struct keeps their values, once for writing and reading;
/// definitions: docs/schemas.md#runjson.
template <class Visit>
void fields(std::type_identity<RunDocument>, const Visit& visit) {
  visit("schema", &RunDocument::schema);
  visit("version", &RunDocument::version);
  visit("commit", &RunDocument::commit);
  visit("engine", &RunDocument::engine);
  visit("engine_version", &RunDocument::engine_version);
  visit("profile", &RunDocument::profile);
  visit("strategy", &RunDocument::strategy);
  visit("preset", &RunDocument::preset);
  visit("modes", &RunDocument::modes);
  visit("synthetic", &RunDocument::synthetic);
  visit("symbol", &RunDocument::symbol);
  visit("from", &RunDocument::from);
  visit("to", &RunDocument::to);
  visit("asked", &RunDocument::asked);
  visit("seed", &RunDocument::seed);
  visit("signal", &RunDocument::signal);
  visit("config", &RunDocument::config);
  visit("config_sha256", &RunDocument::config_sha256);
  visit("instrument", &RunDocument::instrument);
  visit("inputs", &RunDocument::inputs);
  visit("rows", &RunDocument::rows);
  visit("fingerprint", &RunDocument::fingerprint);
}
template <class Visit>
void fields(std::type_identity<AskedWindow>, const Visit& visit) {
  visit("from", &AskedWindow::from);
  visit("to", &AskedWindow::to);
}
template <class Visit>
void fields(std::type_identity<SignalUse>, const Visit& visit) {
  visit("sha256", &SignalUse::sha256);
  visit("rows", &SignalUse::rows);
  visit("used", &SignalUse::used);
  visit("stale", &SignalUse::stale);
  visit("ignored", &SignalUse::ignored);
}
template <class Visit>
void fields(std::type_identity<InstrumentUsed>, const Visit& visit) {
  visit("tick", &InstrumentUsed::tick);
  visit("lot", &InstrumentUsed::lot);
  visit("min_qty", &InstrumentUsed::min_qty);
  visit("min_notional", &InstrumentUsed::min_notional);
  visit("fees", &InstrumentUsed::fees);
  visit("brackets", &InstrumentUsed::brackets);
  visit("source", &InstrumentUsed::source);
  // Beyond the contract, for who recomputes the run.
  visit("ticks", &InstrumentUsed::ticks);
  visit("clearance_fee", &InstrumentUsed::clearance_fee);
  visit("liquidates", &InstrumentUsed::liquidates);
}
template <class T, class Visit>
void fields(std::type_identity<Dated<T>>, const Visit& visit) {
  visit("from", &Dated<T>::from);
  visit("value", &Dated<T>::value);
}
template <class Visit>
void fields(std::type_identity<DatedFee>, const Visit& visit) {
  visit("from", &DatedFee::from);
  visit("tier", &DatedFee::tier);
  visit("maker", &DatedFee::maker);
  visit("taker", &DatedFee::taker);
}
template <class Visit>
void fields(std::type_identity<DatedBracket>, const Visit& visit) {
  visit("from", &DatedBracket::from);
  visit("notional_cap", &DatedBracket::notional_cap);
  visit("maintenance", &DatedBracket::maintenance);
  visit("max_leverage", &DatedBracket::max_leverage);
}
template <class Visit>
void fields(std::type_identity<RunInput>, const Visit& visit) {
  visit("kind", &RunInput::kind);
  visit("day", &RunInput::day);
  visit("rows", &RunInput::rows);
  visit("sha256", &RunInput::sha256);
}
/// Of summary.json; definitions: docs/schemas.md#summary.
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

/// Units of 1e-8. Throws `Error` naming `where` for anything but a decimal number.
std::int64_t decimal_in(std::string_view text, std::string_view where) {
  if (const auto raw = parse_decimal(text)) return *raw;
  throw Error(std::string{where} + ": '" + printable(text) + "' is no decimal number",
              ErrorCode::Corrupt);
}

/// A list of names and values is an object, any other an array.
template <class T>
concept IsByName = requires(const T& value) { value.begin()->second; };

template <class T>
inline constexpr bool kIsFixed = false;
template <class Tag>
inline constexpr bool kIsFixed<Fixed<Tag>> = true;

/// Empty, its key is not there: any other that is empty is null.
template <class T>
inline constexpr bool kIsLeftOut = std::is_same_v<T, std::optional<SignalUse>>;

template <class T>
Json json_of(const T& value) {
  if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string> ||
                std::is_same_v<T, Json>) {
    return value;
  } else if constexpr (kIsFixed<T>) {
    return decimal_text(value.raw());
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return to_string(value);
  } else if constexpr (kIsOptional<T>) {
    return value ? json_of(*value) : Json(nullptr);
  } else if constexpr (requires { names_of(value); }) {
    Json json = Json::object();
    for (std::size_t i = 0; i < value.size(); ++i) json[std::string{names_of(value)[i]}] = value[i];
    return json;
  } else if constexpr (IsByName<T>) {
    Json json = Json::object();
    for (const auto& [key, one] : value) json[key] = json_of(one);
    return json;
  } else if constexpr (requires { value.begin(); }) {
    Json json = Json::array();
    for (const auto& one : value) json.push_back(json_of(one));
    return json;
  } else {
    Json json = Json::object();
    fields(std::type_identity<T>{}, [&](const char* key, const auto& member) {
      if constexpr (kIsLeftOut<std::remove_cvref_t<decltype(value.*member)>>) {
        if (!(value.*member)) return;
      }
      json[key] = json_of(value.*member);
    });
    return json;
  }
}

/// Throws `Json::exception`, or an `Error` naming the key, for a document of another form.
template <class T>
void read_json(const Json& json, std::string_view where, T& value) {
  if constexpr (std::is_same_v<T, Json>) {
    value = json;
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    value = json.get<T>();
  } else if constexpr (kIsFixed<T>) {
    value = T::from_raw(decimal_in(json.get<std::string>(), where));
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    const auto text = json.get<std::string>();
    const auto ts = time_from_text(text);
    if (!ts) throw Error(std::string{where} + ": '" + printable(text) + "' is no time");
    value = *ts;
  } else if constexpr (kIsOptional<T>) {
    if (!json.is_null()) read_json(json, where, value.emplace());
  } else if constexpr (requires { names_of(value); }) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      value[i] = json.at(std::string{names_of(value)[i]}).template get<std::int64_t>();
    }
  } else if constexpr (IsByName<T>) {
    for (const auto& [key, one] : json.items()) {
      typename T::value_type entry{key, {}};
      read_json(one, key, entry.second);
      value.insert(value.end(), std::move(entry));
    }
  } else if constexpr (requires { value.begin(); }) {
    for (const Json& one : json) read_json(one, where, value.emplace_back());
  } else {
    fields(std::type_identity<T>{}, [&](const char* key, const auto& member) {
      if constexpr (kIsOptional<std::remove_cvref_t<decltype(value.*member)>>) {
        if (!json.contains(key)) return;
      }
      try {
        read_json(json.at(key), key, value.*member);
      } catch (const Json::exception& fault) {
        throw Error(std::string{key} + ": " + fault.what());
      }
    });
  }
}

template <class T>
T read_document(const std::filesystem::path& path) {
  const std::string text = io::read_file(path);
  std::string fault;
  try {
    T document;
    read_json(Json::parse(text), "the document", document);
    return document;
  } catch (const Json::exception& error) {
    fault = error.what();
  } catch (const Error& error) {
    fault = error.what();
  }
  throw Error(path.string() + ": damaged (" + fault + "); run the backtest again",
              ErrorCode::Corrupt);
}

std::string text_of(const Json& json) {
  return json.dump(kIndent) + '\n';
}

}  // namespace

std::string canonical_config(const std::string& config_json) {
  return parse_config(config_json).dump();
}

RunDocument run_document(const RunInfo& info, const RunFacts& facts) {
  RunDocument run{
      .version = info.version,
      .commit = info.commit,
      .engine = info.engine,
      .engine_version = info.engine_version.empty() ? info.version : info.engine_version,
      .profile = info.profile,
      .strategy = info.strategy,
      .preset = info.preset.empty() ? std::nullopt : std::optional{info.preset},
      .modes = facts.modes,
      .synthetic = info.synthetic,
      .symbol = info.symbol,
      .from = info.from,
      .to = info.to,
      .asked = {.from = info.asked_from, .to = info.asked_to},
      .seed = info.seed,
      .signal = {},
      .config = parse_config(info.config_json),
      .config_sha256 = facts.config_sha256,
      .instrument = instrument_used(info),
      .inputs = info.inputs,
      .rows = facts.rows,
      .fingerprint = facts.fingerprint};
  if (info.signal) {
    run.signal = SignalUse{.sha256 = info.signal->sha256,
                           .rows = std::ssize(info.signal->rows),
                           .used = info.signal->used,
                           .stale = info.signal->stale,
                           .ignored = info.signal->ignored};
  }
  std::sort(run.inputs.begin(), run.inputs.end());
  for (const RunInput& input : run.inputs) {
    const auto of_kind = [&](const auto& entry) { return entry.first == input.kind; };
    const auto at = std::find_if(run.rows.begin(), run.rows.end(), of_kind);
    if (at == run.rows.end()) {
      run.rows.emplace_back(input.kind, input.rows);
    } else {
      at->second += input.rows;
    }
  }
  return run;
}

std::string run_json(const RunDocument& run) {
  return text_of(json_of(run));
}

RunDocument read_run(const std::filesystem::path& path) {
  return read_document<RunDocument>(path);
}

std::string summary_json(const Summary& summary) {
  return text_of(json_of(summary));
}

Summary read_summary(const std::filesystem::path& path) {
  return read_document<Summary>(path);
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

}  // namespace toxvol::run
