#include "toxvol/explain/json.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/explain/explanation.hpp"
#include "toxvol/explain/steps.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/sizing.hpp"
#include "toxvol/strategy/step.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/fill_rule_meaning.hpp"

namespace toxvol::explain {

namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json value(const T& x) {
  if constexpr (trading::Vocabulary<T>) {
    return trading::name(x).empty() ? Json(nullptr) : Json(trading::name(x));
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return to_string(x);
  } else if constexpr (requires { x.raw(); }) {
    return decimal_text(x.raw());
  } else {
    return x;
  }
}
template <class T>
Json value(const std::optional<T>& x) {
  return x ? value(*x) : Json(nullptr);
}

/// The columns of a table's row as an object.
template <class Record>
class Object {
 public:
  Object(const Record& record, Json& json) : record_{record}, json_{json} {}

  template <class Member>
  void column(std::string_view name, const Member& member, const run::About& /*about*/) {
    json_[std::string{name}] = value(std::invoke(member, record_));
  }
  template <class Member, class Code>
  void text(std::string_view name, const Member& member, const Code& code,
            const run::About& /*about*/) {
    put_text(name, std::invoke(member, record_), code);
  }
  template <class Get, class Set>
  void computed(std::string_view name, const Get& get, const Set& /*set*/,
                const run::About& /*about*/) {
    json_[std::string{name}] = value(get(record_));
  }

 private:
  template <class T, class Code>
  void put_text(std::string_view name, const T& x, const Code& code) {
    json_[std::string{name}] = std::string{code.text(x)};
  }
  template <class T, class Code>
  void put_text(std::string_view name, const std::optional<T>& x, const Code& code) {
    json_[std::string{name}] = x ? Json(std::string{code.text(*x)}) : Json(nullptr);
  }

  const Record& record_;
  Json& json_;
};

template <class Record>
Json record_json(const Record& record) {
  Json json = Json::object();
  Object<Record> object{record, json};
  run::columns(std::type_identity<Record>{}, object);
  return json;
}

Json steps_json(const std::vector<strategy::Step>& steps) {
  Json json = Json::array();
  bool is_asked = true;
  for (const strategy::Step& step : steps) {
    json.push_back({{"question", step.question},
                    {"factor", step.factor},
                    {"value", value(step.value)},
                    {"relation", step.relation.empty() ? Json(nullptr) : Json(step.relation)},
                    {"limit", step.limit.empty() ? Json(nullptr) : Json(step.limit)},
                    {"threshold", value(step.threshold)},
                    {"margin", value(margin(step))},
                    {"holds", step.holds},
                    {"asked", is_asked},
                    {"otherwise", trading::name(step.otherwise)},
                    {"words", words_of(step)}});
    is_asked = is_asked && step.holds;
  }
  return json;
}

Json size_json(const strategy::Judgement& judgement) {
  if (!judgement.size || !judgement.inputs) return nullptr;
  const strategy::Size& size = *judgement.size;
  const strategy::SizeParts& parts = size.parts;
  return {{"equity", judgement.inputs->equity},
          {"price", value(judgement.inputs->price)},
          {"spread_ticks", judgement.inputs->spread_ticks},
          {"maker_fee", judgement.inputs->fees.maker},
          {"taker_fee", judgement.inputs->fees.taker},
          {"budget", parts.budget},
          {"loss_a_unit", parts.loss_a_unit},
          {"by_risk", parts.by_risk},
          {"own_scale", parts.own_scale},
          {"toxic_scale", parts.toxic_scale},
          {"spread_scale", parts.spread_scale},
          {"rank_scale", parts.rank_scale},
          {"wanted", parts.wanted},
          {"max_leverage", parts.max_leverage},
          {"max_notional", parts.max_notional},
          {"max_qty", value(parts.max_qty)},
          {"cap", trading::name(size.cap)},
          {"qty_uncapped", value(size.uncapped)},
          {"qty", value(size.qty)}};
}

Json decision_json(const Decision& decision) {
  Json known = Json::array();
  for (const KnownInput& input : decision.known) {
    Json values = Json::object();
    for (const auto& [name, text] : input.values) values[std::string{name}] = text;
    known.push_back({{"kind", name(input.kind)},
                     {"ts_event", to_string(input.ts_event)},
                     {"age_s", input.age_s},
                     {"values", values}});
  }
  Json row = record_json(decision.row);
  row["q_p_b"] = value(decision.row.factors.thresholds.q_p_b);
  Json own = nullptr;
  if (const auto& counted = decision.judgement.own) {
    own = {{"ts_init", to_string(counted->ts_init)},
           {"direction", counted->direction},
           {"size", counted->size}};
  }
  return {{"row", row},
          {"known", known},
          {"own_signal", own},
          {"steps", steps_json(decision.judgement.signal)},
          {"guards", steps_json(decision.judgement.guards)},
          {"size", size_json(decision.judgement)}};
}

Json fill_json(const Fill& fill) {
  Json json = record_json(fill.record);
  json["meaning"] = trading::meaning_of(fill.record.rule);
  json["markouts"] = Json::array();
  for (const Markout& markout : fill.markouts) {
    json["markouts"].push_back({{"after_s", markout.after_s},
                                {"mid", value(markout.mid)},
                                {"drift_bp", value(markout.drift_bp)}});
  }
  return json;
}

Json order_json(const Order& order) {
  Json json = record_json(order.record);
  json["latency_ms"] = nullptr;
  if (order.record.ts_arrive) {
    const std::chrono::duration<double, std::milli> latency =
        *order.record.ts_arrive - order.record.ts_submit;
    json["latency_ms"] = latency.count();
  }
  json["commands"] = Json::array();
  for (const auto& command : order.commands) json["commands"].push_back(record_json(command));
  json["fills"] = Json::array();
  for (const Fill& fill : order.fills) json["fills"].push_back(fill_json(fill));
  return json;
}

}  // namespace

std::string json_of(const Explanation& explanation) {
  Json json = {{"schema", 1},
               {"run", explanation.run},
               {"symbol", explanation.symbol},
               {"preset", explanation.preset.empty() ? Json(nullptr) : Json(explanation.preset)},
               {"engine", explanation.engine},
               {"strategy", explanation.is_script       ? "script"
                            : explanation.is_own_signal ? "signal"
                                                        : "toxvol"},
               {"synthetic", explanation.synthetic},
               {"order_latency", explanation.order_latency},
               {"queue", explanation.queue},
               {"asked", value(explanation.asked)}};
  json["decision"] = explanation.decision ? decision_json(*explanation.decision) : Json(nullptr);
  json["orders"] = Json::array();
  for (const Order& order : explanation.orders) json["orders"].push_back(order_json(order));
  json["position"] = explanation.position ? record_json(*explanation.position) : Json(nullptr);
  json["last_row"] = explanation.last_row ? record_json(*explanation.last_row) : Json(nullptr);
  json["remarks"] = explanation.remarks;
  constexpr int kIndent = 2;
  return json.dump(kIndent);
}

}  // namespace toxvol::explain
