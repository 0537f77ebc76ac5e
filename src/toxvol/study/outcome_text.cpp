#include "toxvol/study/outcome_text.hpp"

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

namespace {

using Json = nlohmann::ordered_json;

/// What is kept, once for both ways: `field(name, member)` for each.
template <class Group, class Field>
void group_fields(Group& group, Field&& field) {
  field("positions", group.positions);
  field("gross", group.gross);
  field("slippage", group.slippage);
  field("fees", group.fees);
  field("funding", group.funding);
  field("net", group.net);
  field("hit_rate", group.hit_rate);
}

template <class AnyOutcome, class Field>
void fields(AnyOutcome& outcome, Field&& field) {
  field("config_sha256", outcome.config_sha256);
  field("fingerprint", outcome.fingerprint);
  field("twins", outcome.twins);
  field("body", outcome.body);
  field("traded", outcome.fills);
  field("orders", outcome.orders);
  auto& summary = outcome.summary;
  field("start_equity", summary.start_equity);
  field("end_equity", summary.end_equity);
  field("gross", summary.gross);
  field("slippage", summary.slippage);
  field("fees", summary.fees);
  field("funding", summary.funding);
  field("net", summary.net);
  field("return", summary.total_return);
  field("max_drawdown", summary.max_drawdown);
  field("positions", summary.positions);
  field("fills", summary.fills);
  field("maker_share", summary.maker_share);
  field("hit_rate", summary.hit_rate);
  field("avg_hold_s", summary.avg_hold_s);
  field("turnover", summary.turnover);
  field("exposure", summary.exposure);
  field("by_alpha", summary.by_alpha);
  field("by_regime", summary.by_regime);
  field("by_exit", summary.by_exit);
  auto& units = outcome.returns.units;
  field("unit", units.unit);
  field("begin", units.begin);
  field("net_returns", units.net);
  field("px_returns", units.px);
  field("gross_returns", units.gross);
  field("ruined", units.ruined);
  auto& positions = outcome.returns.positions;
  field("position_bp", positions.bp);
  field("position_earned", positions.earned);
  field("position_traded", positions.traded);
  field("returns_fills", outcome.returns.fills);
  field("curve_begin", outcome.curve.begin);
  field("curve", outcome.curve.equity);
  field("decisions", outcome.decisions);
  field("entries", outcome.entries);
  field("fitted", outcome.fitted);
}

template <class T>
Json written(const T& value) {
  return value;
}
template <class Tag>
Json written(const Fixed<Tag>& value) {
  return value.raw();
}
Json written(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}
Json written(const Timestamp& value) {
  return value.time_since_epoch().count();
}
Json written(const Unit& value) {
  return name(value);
}
Json written(const std::vector<Money>& amounts) {
  Json json = Json::array();
  for (const Money amount : amounts) json.push_back(amount.raw());
  return json;
}
Json written(const std::vector<RunName>& names) {
  Json json = Json::array();
  for (const RunName& name : names)
    json.push_back(Json::array({name.config_sha256, name.fingerprint}));
  return json;
}
Json written(const std::vector<Entry>& entries) {
  Json json = Json::array();
  for (const Entry& entry : entries) {
    json.push_back({written(entry.ts_decision), entry.direction});
  }
  return json;
}
Json written(const run::PositionGroups& groups) {
  Json json = Json::array();
  for (const auto& [word, group] : groups) {
    Json one = {{"name", word}};
    group_fields(group,
                 [&one](const char* name, const auto& value) { one[name] = written(value); });
    json.push_back(std::move(one));
  }
  return json;
}

template <class T>
void read(const Json& json, T& value) {
  value = json.get<T>();
}
template <class Tag>
void read(const Json& json, Fixed<Tag>& value) {
  value = Fixed<Tag>::from_raw(json.get<std::int64_t>());
}
void read(const Json& json, std::optional<double>& value) {
  value = json.is_null() ? std::nullopt : std::optional{json.get<double>()};
}
void read(const Json& json, Timestamp& value) {
  value = Timestamp{Duration{json.get<std::int64_t>()}};
}
void read(const Json& json, Unit& value) {
  const auto unit = unit_named(json.get<std::string>());
  if (!unit) throw Error{"unknown unit", ErrorCode::Corrupt};
  value = *unit;
}
void read(const Json& json, std::vector<Money>& amounts) {
  for (const Json& one : json) amounts.push_back(Money::from_raw(one.get<std::int64_t>()));
}
void read(const Json& json, std::vector<RunName>& names) {
  for (const Json& one : json) {
    names.push_back({.config_sha256 = one.at(0).get<std::string>(),
                     .fingerprint = one.at(1).get<std::string>()});
  }
}
void read(const Json& json, std::vector<Entry>& entries) {
  for (const Json& one : json) {
    Entry entry;
    read(one.at(0), entry.ts_decision);
    read(one.at(1), entry.direction);
    entries.push_back(entry);
  }
}
void read(const Json& json, run::PositionGroups& groups) {
  for (const Json& one : json) {
    auto& [word, group] = groups.emplace_back();
    read(one.at("name"), word);
    group_fields(group, [&one](const char* name, auto& value) { read(one.at(name), value); });
  }
}

}  // namespace

std::string to_text(const Outcome& outcome) {
  Json json = Json::object();
  fields(outcome, [&json](const char* name, const auto& value) { json[name] = written(value); });
  return json.dump() + '\n';
}

Outcome outcome_of(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    Outcome outcome;
    fields(outcome, [&json](const char* name, auto& value) { read(json.at(name), value); });
    return outcome;
  } catch (const std::exception& error) {
    throw Error{std::string{"a point of a study cannot be read: "} + error.what() +
                    "; begin again with --force",
                ErrorCode::Corrupt};
  }
}

}  // namespace toxvol::study
