#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/compression.hpp"
#include "toxvol/evaluate/costs.hpp"
#include "toxvol/evaluate/decay.hpp"
#include "toxvol/evaluate/evaluation.hpp"
#include "toxvol/evaluate/forecasts.hpp"
#include "toxvol/evaluate/ladder.hpp"
#include "toxvol/evaluate/makers.hpp"
#include "toxvol/evaluate/vpin.hpp"

namespace toxvol::evaluate {

namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json value(const T& known) {
  return known;
}
template <class T>
Json value(const std::optional<T>& known) {
  return known ? Json(*known) : Json(nullptr);
}
Json text(const std::string& words) {
  return words.empty() ? Json(nullptr) : Json(words);
}

/// A table's rows as objects with its columns as keys.
template <class Row>
Json rows_json(const std::vector<Row>& rows) {
  Json list = Json::array();
  for (const Row& row : rows) {
    Json& object = list.emplace_back(Json::object());
    columns(row, [&object](std::string_view name, const auto& known) {
      object[std::string{name}] = value(known);
    });
  }
  return list;
}

Json json_of(const Excess& excess) {
  return {{"b", value(excess.b)},
          {"se", value(excess.se)},
          {"t", value(excess.t)},
          {"p", value(excess.p)}};
}

Json json_of(const std::vector<Compression>& all) {
  Json list = Json::array();
  for (const Compression& one : all) {
    list.push_back({{"forecast", one.forecast},
                    {"horizon_min", one.horizon_min},
                    {"n", one.n},
                    {"plain", json_of(one.plain)},
                    {"hourly", json_of(one.hourly)},
                    {"verdict", one.verdict},
                    {"deciles", rows_json(one.deciles)}});
  }
  return list;
}

Json json_of(const Vpin& vpin) {
  Json json = {{"origin_sd", value(vpin.origin_sd)},
               {"correlations", Json::array()},
               {"findings", Json::array()}};
  for (const VpinCorrelation& one : vpin.correlations) {
    json["correlations"].push_back({{"classifier", one.classifier},
                                    {"with", one.with},
                                    {"n", one.n},
                                    {"pearson", value(one.pearson)},
                                    {"rank", value(one.rank)}});
  }
  for (const VpinFinding& one : vpin.findings) {
    json["findings"].push_back({{"target", one.target},
                                {"t", value(one.t)},
                                {"gain", value(one.gain)},
                                {"permutation_p", value(one.permutation_p)},
                                {"origin_t_lo", value(one.origin_t_lo)},
                                {"origin_t_hi", value(one.origin_t_hi)},
                                {"verdict", one.verdict}});
  }
  json["regressions"] = rows_json(vpin.lines);
  return json;
}

Json json_of(const Costs& costs, const BreakEvenFee& fee) {
  Json json = {{"tier", costs.tier},
               {"taker_taker_bp", costs.round_trip.taker_taker},
               {"maker_taker_bp", costs.round_trip.maker_taker},
               {"maker_maker_bp", costs.round_trip.maker_maker},
               {"cost_bp", costs.cost_bp},
               {"cost_of", costs.enters_as_maker ? "maker_taker" : "taker_taker"},
               {"sigma_bp", value(costs.sigma_bp)},
               {"needed", Json::array()}};
  for (const Needed& needed : costs.needed) {
    json["needed"].push_back({{"minutes", needed.minutes},
                              {"taker_taker", value(needed.taker_taker)},
                              {"maker_taker", value(needed.maker_taker)},
                              {"maker_maker", value(needed.maker_maker)}});
  }
  json["hit_horizon_s"] = value(costs.hit_horizon_s);
  json["hit"] = value(costs.hit);
  json["edge_bp"] = value(costs.edge_bp);
  json["break_even_minutes"] = value(costs.break_even_minutes);
  json["crossing_s"] = value(costs.crossing_s);
  json["break_even_fee"] = {{"bp", value(fee.bp)},
                            {"lo", fee.range ? Json(fee.range->lo) : Json(nullptr)},
                            {"hi", fee.range ? Json(fee.range->hi) : Json(nullptr)},
                            {"note", text(fee.note)}};
  return json;
}

}  // namespace

std::string evaluation_json(const Evaluation& evaluation) {
  const Verdicts verdicts = verdicts_of(evaluation);
  Json json = {{"schema", 1},
               {"kind", "evaluate"},
               {"symbol", evaluation.symbol},
               {"from", to_string(evaluation.from)},
               {"to", to_string(evaluation.to)},
               {"synthetic", evaluation.synthetic},
               {"fingerprint", evaluation.fingerprint},
               {"inputs", evaluation.inputs},
               {"seed", evaluation.seed},
               {"resamples", evaluation.resamples},
               {"rows", evaluation.rows}};
  json["verdicts"] = {{"volatility", verdicts.volatility}, {"compression", verdicts.compression},
                      {"decay", verdicts.decay},           {"vpin", verdicts.vpin},
                      {"makers", verdicts.makers},         {"costs", verdicts.costs},
                      {"capacity", verdicts.capacity}};
  json["forecasts"] = rows_json(evaluation.forecasts);
  json["compression"] = json_of(evaluation.compression);
  json["decay"] = rows_json(evaluation.decay);
  json["vpin"] = json_of(evaluation.vpin);
  Json adverse = Json::array();
  for (const AdverseSelection& one : evaluation.adverse) {
    adverse.push_back({{"tau_s", one.tau_s}, {"bp", value(one.bp)}});
  }
  json["makers"] = {{"note", text(evaluation.markouts_note)},
                    {"adverse_selection", std::move(adverse)},
                    {"markouts", rows_json(evaluation.markouts)}};
  json["costs"] = json_of(evaluation.costs, evaluation.break_even_fee);
  json["capacity"] = {{"day_volume_usdt", value(evaluation.costs.day_volume_usdt)},
                      {"square_root_usdt", value(evaluation.costs.capacity_usdt)},
                      {"ladder", rows_json(evaluation.ladder)},
                      {"ladder_multiple", value(largest_that_earns(evaluation.ladder))},
                      {"ladder_note", text(evaluation.ladder_note)}};
  constexpr int kIndent = 2;
  return json.dump(kIndent) + '\n';
}

}  // namespace toxvol::evaluate
