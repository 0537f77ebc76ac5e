#include "toxvol/report/study_evaluate.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "toxvol/report/format.hpp"
#include "toxvol/report/headline.hpp"
#include "toxvol/report/json_value.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"
#include "toxvol/report/tile.hpp"

namespace toxvol::report {

namespace {

/// The lines of decay of pressure over all rows.
Json pressure(const Json& study) {
  Json lines = Json::array();
  for (const Json& line : study.at("decay")) {
    if (text(line, "signal") == "p" && text(line, "subset") == "all" &&
        text(line, "placebo") == "none") {
      lines.push_back(line);
    }
  }
  return lines;
}

/// Horizons at which the interval of the edge lies above its cost, and those that have one.
struct Crossings {
  std::int64_t above = 0;
  std::int64_t known = 0;
};
Crossings crossings(const Json& lines) {
  Crossings found;
  for (const Json& line : lines) {
    const auto lo = real(line, "lo");
    const auto cost = real(line, "cost_bp");
    if (!lo || !cost) continue;
    ++found.known;
    if (*lo >= *cost) ++found.above;
  }
  return found;
}

std::vector<std::string> sentences_of(const Json& study, const char* about) {
  constexpr std::string_view kBetween = "; ";
  const std::string words = text(study.at("verdicts"), about);
  std::vector<std::string> found;
  for (std::size_t begin = 0; begin < words.size();) {
    const std::size_t end = words.find(kBetween, begin);
    found.push_back(sentence(words.substr(begin, end - begin)));
    if (end == std::string::npos) break;
    begin = end + kBetween.size();
  }
  return found;
}

/// A row for each sentence of the verdicts.
Json findings(const Json& study) {
  Json part = study_part("findings", "Findings", "What was found",
                         "Each is shown below with its numbers. A forecast, a signal or an order "
                         "was judged for itself, whether or not the strategy traded in that "
                         "minute.");
  Json all = table("Findings", "", {{"about", false}, {"what was found", false}});
  struct About {
    const char* key;
    std::string_view label;
  };
  for (const About& about :
       {About{"volatility", "forecasts of volatility"}, About{"compression", "compression"},
        About{"decay", "flow signals"}, About{"vpin", "VPIN"}, About{"makers", "resting entries"},
        About{"costs", "costs"}, About{"capacity", "capacity"}}) {
    for (const std::string& words : sentences_of(study, about.key)) {
      all["rows"].push_back({about.label, words});
    }
  }
  part["tables"].push_back(std::move(all));
  return part;
}

Json head(const Json& study) {
  Json notes = Json::array();
  notes.push_back(fmt::format("{} decisions of {}, {} to {}.", count(integer(study, "rows")),
                              text(study, "symbol"), text(study, "from"), text(study, "to")));
  const Crossings found = crossings(pressure(study));
  if (found.above > 0) {
    notes.push_back(
        "Surely means that the interval of 95 % lies above the cost, at each horizon on its own. "
        "Several were looked at, on data that are seen now: the same hours are no test any more.");
  }
  notes.push_back(
      "No profit is judged here, so nothing of it counts as a try of the strategy. Whoever chooses "
      "a signal or a horizon by these tables has looked at the data all the same.");
  if (study.value("synthetic", false)) notes.push_back(kSyntheticNote);
  return {{"tone", "none"}, {"text", evaluate_verdict(study) + "."}, {"notes", notes}};
}

Json tiles(const Json& study) {
  const Json& costs = study.at("costs");
  Json list = Json::array();
  list.push_back(
      tile("A round trip costs", number(real(costs, "cost_bp"), 2, " bp"),
           fmt::format("fees of tier {}: in {}, out by an order that takes", text(costs, "tier"),
                       text(costs, "cost_of") == "maker_taker" ? "by an order that rests"
                                                               : "by one that takes")));
  std::optional<double> most;
  std::int64_t where = 0;
  for (const Json& line : pressure(study)) {
    const auto edge = real(line, "edge_bp");
    if (!edge || (most && *edge <= *most)) continue;
    most = edge;
    where = integer(line, "horizon_s");
  }
  list.push_back(tile(
      "Strong pressure earned most", number(most, 2, " bp"),
      most ? fmt::format("after {}, before costs; the best of all horizons", horizon_text(where))
           : std::string{"fewer than 30 points"}));
  list.push_back(tile("Pressure is right", percent(real(costs, "hit"), 1),
                      real(costs, "hit")
                          ? fmt::format("of the moves after {}; a coin is right in 50 %",
                                        horizon_text(integer(costs, "hit_horizon_s")))
                          : std::string{"not known"}));
  const auto pays = real(costs, "break_even_minutes");
  const bool is_known = real(costs, "hit").has_value();
  list.push_back(
      tile("Bets would pay from",
           pays ? number(pays, 0, " min") : std::string{is_known ? "no horizon" : "not known"},
           pays       ? "if it stayed as often right at that length"
           : is_known ? "as often as it was right here, which another window may change"
                      : "how often pressure is right is not known"));
  const Json& fee = costs.at("break_even_fee");
  const auto fee_bp = real(fee, "bp");
  std::string fee_note = note_words(text(fee, "note"));
  if (real(fee, "lo")) {
    fee_note = fmt::format("a side; 95 %: {} to {}", number(real(fee, "lo"), 2),
                           number(real(fee, "hi"), 2));
  }
  const bool would_lose = fee_bp && *fee_bp < 0.0;
  list.push_back(tile("Break-even fee of the run",
                      would_lose ? std::string{"none"} : number(fee_bp, 2, " bp"),
                      would_lose ? "it would have lost without any fee" : fee_note));
  const auto usdt = real(study.at("capacity"), "square_root_usdt");
  std::string carries = usdt && *usdt == 0.0 ? std::string{"none"} : number(usdt, 0, " USDT");
  list.push_back(tile("Carries, an estimate", std::move(carries),
                      usdt && *usdt == 0.0 ? "the edge is below its cost"
                                           : "by a rule of thumb for one's own impact"));
  return list;
}

}  // namespace

std::string evaluate_words(const Json& study, const char* about) {
  return fmt::format("{}", fmt::join(sentences_of(study, about), " "));
}

std::string evaluate_verdict(const Json& study) {
  const Crossings found = crossings(pressure(study));
  if (found.known == 0) return "Too little data to say whether the signal was worth its costs";
  const Json& costs = study.at("costs");
  if (found.above == 0) {
    return fmt::format(
        "At none of {} horizons was what pressure foretold surely above the {} bp that a round "
        "trip costs",
        count(found.known), number(real(costs, "cost_bp"), 2));
  }
  return fmt::format(
      "What pressure foretold was surely above the {} bp that a round trip costs at {} of {} "
      "horizons, the first after {}",
      number(real(costs, "cost_bp"), 2), count(found.above), count(found.known),
      horizon_text(integer(costs, "crossing_s")));
}

Json evaluate_page(const Json& study) {
  const std::string title =
      fmt::format("evaluate \u00b7 {} {} to {}", text(study, "symbol"),
                  text(study, "from").substr(0, 10), text(study, "to").substr(0, 10));
  const Json inputs = study.value("inputs", Json::array());
  std::string kinds;
  for (const Json& kind : inputs) {
    kinds += (kinds.empty() ? "" : ", ") + kind.get<std::string>();
  }
  return {
      {"kind", "study"},
      {"title", title},
      {"caption", fmt::format("{} \u00b7 run {}", title, text(study, "fingerprint").substr(0, 12))},
      {"headline", head(study)},
      {"badges",
       study.value("synthetic", false) ? Json::array({synthetic_badge()}) : Json::array()},
      {"tiles", tiles(study)},
      {"chart_data", nullptr},
      {"parts", Json::array({findings(study), forecast_part(study), compression_part(study),
                             decay_part(study), vpin_part(study), maker_part(study),
                             cost_part(study), horizon_part(study), capacity_part(study)})},
      {"identity",
       {{{"label", "kind"}, {"value", "evaluate"}},
        {{"label", "run"}, {"value", text(study, "fingerprint")}},
        {{"label", "window"},
         {"value", fmt::format("{} to {}", text(study, "from"), text(study, "to"))}},
        {{"label", "inputs"}, {"value", kinds}},
        {{"label", "seed of intervals"}, {"value", study.value("seed", Json(nullptr)).dump()}},
        {{"label", "resamples"}, {"value", study.value("resamples", Json(nullptr)).dump()}}}}};
}

}  // namespace toxvol::report
