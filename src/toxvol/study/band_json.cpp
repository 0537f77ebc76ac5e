#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/band.hpp"
#include "toxvol/study/json_value.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

namespace {

using Json = nlohmann::ordered_json;

Json range_json(const MoneyRange& range) {
  return {{"lo", decimal_text(range.lo.raw())}, {"hi", decimal_text(range.hi.raw())}};
}

Json cell_json(const BandRow& row) {
  Json json = {{"queue", row.assumption.queue},
               {"order_latency", row.assumption.order_latency},
               {"tier", row.assumption.tier},
               {"base", row.is_base},
               {"same_as", row.same_as ? Json(*row.same_as) : Json(nullptr)},
               {"status", name(row.result.status)}};
  const Outcome* outcome = row.result.outcome;
  const auto money = [&](const char* key, Money run::Summary::* part) {
    json[key] =
        outcome == nullptr ? Json(nullptr) : Json(decimal_text((outcome->summary.*part).raw()));
  };
  money("gross", &run::Summary::gross);
  money("slippage", &run::Summary::slippage);
  money("fees", &run::Summary::fees);
  money("funding", &run::Summary::funding);
  money("net", &run::Summary::net);
  json["positions"] = outcome == nullptr ? Json(nullptr) : Json(outcome->summary.positions);
  json["fills"] = outcome == nullptr ? Json(nullptr) : Json(outcome->summary.fills);
  json["note"] = row.result.note ? Json(*row.result.note) : Json(nullptr);
  return json;
}

}  // namespace

std::string band_json(std::string_view id, std::string_view design_json,
                      const std::vector<BandRow>& rows, const stats::Resampling& how) {
  const BandFinding finding = finding_of(rows);
  Json json = {{"schema", 1}, {"id", id}, {"kind", "band"}};
  json["seed"] = how.seed;
  json["resamples"] = how.resamples;
  json["points"] = {{"ok", finding.assumptions}, {"failed", rows.size() - finding.assumptions}};
  json["net"] = nullptr;
  if (finding.net) {
    json["net"] = {{"queue", range_json(finding.net->queue)},
                   {"queue_latency", range_json(finding.net->queue_latency)},
                   {"all", range_json(finding.net->all)}};
  }
  json["earning"] = finding.earning;
  json["assumptions"] = finding.assumptions;
  json["sign_depends"] = finding.assumptions > 0 ? Json(finding.sign_depends) : Json(nullptr);
  json["verdict"] = finding.words;
  json["cells"] = Json::array();
  for (const BandRow& row : rows) json["cells"].push_back(cell_json(row));
  json["design"] = Json::parse(design_json);
  return indented(json) + '\n';
}

}  // namespace toxvol::study
