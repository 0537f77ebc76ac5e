#include "toxvol/run/documents.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/info.hpp"
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

Json minutes(const Minutes& minutes) {
  Json json = Json::object();
  for (const auto& [word, count] : minutes) json[word] = count;
  return json;
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

Json group_json(const PositionGroup& group) {
  Json json = Json::object();
  json["positions"] = group.positions;
  json["gross"] = decimal(group.gross);
  json["slippage"] = decimal(group.slippage);
  json["fees"] = decimal(group.fees);
  json["funding"] = decimal(group.funding);
  json["net"] = decimal(group.net);
  json["hit_rate"] = group.closed > 0
                         ? Json(static_cast<double>(group.won) / static_cast<double>(group.closed))
                         : Json(nullptr);
  return json;
}

Json groups_json(const PositionGroups& groups) {
  Json json = Json::object();
  for (const auto& [name, group] : groups) json[name] = group_json(group);
  return json;
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

std::string summary_json(const Summary& s) {
  Json json = Json::object();
  json["start_equity"] = decimal(s.start_equity);
  json["end_equity"] = decimal(s.end_equity);
  json["gross"] = decimal(s.gross);
  json["slippage"] = decimal(s.slippage);
  json["fees"] = decimal(s.fees);
  json["funding"] = decimal(s.funding);
  json["net"] = decimal(s.net);
  json["return"] = number(s.total_return);
  json["max_drawdown"] = number(s.max_drawdown);
  json["sharpe_minute"] = number(s.sharpe_minute);
  json["sharpe_annual"] = number(s.sharpe_annual);
  json["volatility_annual"] = number(s.volatility_annual);
  json["positions"] = s.positions;
  json["fills"] = s.fills;
  json["maker_share"] = number(s.maker_share);
  json["hit_rate"] = number(s.hit_rate);
  json["avg_hold_s"] = number(s.avg_hold_s);
  json["turnover"] = number(s.turnover);
  json["exposure"] = number(s.exposure);
  json["break_even_fee_bp"] = number(s.break_even_fee_bp);
  json["by_alpha"] = groups_json(s.by_alpha);
  json["by_regime"] = groups_json(s.by_regime);
  json["by_exit"] = groups_json(s.by_exit);
  Json funnel = Json::object();
  for (std::size_t step = 0; step < kFunnelSteps.size(); ++step) {
    funnel[std::string{kFunnelSteps[step]}] = s.funnel[step];
  }
  json["funnel"] = funnel;
  Json reasons = Json::object();
  for (std::size_t reason = 0; reason < kReasons; ++reason) {
    reasons[std::string{trading::name(static_cast<trading::Reason>(reason))}] = s.reasons[reason];
  }
  json["reasons"] = reasons;
  json["orders"] = Json{{"submitted", s.orders_submitted},
                        {"filled", s.orders_filled},
                        {"canceled", s.orders_canceled},
                        {"rejected", s.orders_rejected}};
  json["quality"] = Json::object();
  for (const auto& [code, count] : s.quality) json["quality"][code] = count;
  json["degraded_minutes"] = Json{{"absent", minutes(s.absent)}, {"overdue", minutes(s.overdue)}};
  Json caps = Json::object();
  for (std::size_t cap = 0; cap < kCaps; ++cap) {
    caps[std::string{trading::name(static_cast<trading::Cap>(cap))}] = s.caps[cap];
  }
  json["caps"] = caps;
  json["trials"] = s.trials;
  json["psr"] = number(s.psr);
  json["dsr"] = number(s.dsr);
  return text_of(json);
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

std::string decimal_text(std::int64_t raw) {
  const bool is_negative = raw < 0;
  const auto size =
      is_negative ? 0 - static_cast<std::uint64_t>(raw) : static_cast<std::uint64_t>(raw);
  constexpr auto kOne = static_cast<std::uint64_t>(Money::kOne);
  std::string text = std::to_string(size / kOne);
  if (const std::uint64_t fraction = size % kOne; fraction != 0) {
    std::string digits = std::to_string(fraction);
    digits.insert(0, static_cast<std::size_t>(Money::kDecimals) - digits.size(), '0');
    digits.resize(static_cast<std::size_t>(decimals(raw)));
    text += '.' + digits;
  }
  return is_negative ? '-' + text : text;
}

}  // namespace toxvol::run
