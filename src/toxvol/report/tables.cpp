#include "toxvol/report/tables.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/report/fill_model.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/positions.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

using columnar::TableBlock;

struct Column {
  std::string_view label;
  bool is_number = true;
};

Json table(std::string_view title, std::string_view note, const std::vector<Column>& columns) {
  Json json = {
      {"title", title}, {"note", note}, {"columns", Json::array()}, {"rows", Json::array()}};
  for (const Column& column : columns) {
    json["columns"].push_back(
        {{"label", column.label}, {"align", column.is_number ? "right" : "left"}});
  }
  return json;
}

double rounded_percent(double share) {
  return std::round(share * 1e4) / 1e2;
}

Json bar(std::string_view label, std::string value, std::string note, std::string_view tone,
         double from, double to) {
  return {{"label", label},
          {"value", std::move(value)},
          {"note", std::move(note)},
          {"tone", tone},
          {"left", rounded_percent(std::min(from, to))},
          {"width", rounded_percent(std::abs(to - from))}};
}

Json groups(const RunFolder& folder, const char* key, std::string_view title,
            std::string_view note) {
  Json json = table(fmt::format("By {}", title), note,
                    {{title, false},
                     {"positions"},
                     {"gross"},
                     {"slippage"},
                     {"fees"},
                     {"funding"},
                     {"net"},
                     {"hit rate"}});
  for (const auto& [name, group] : folder.summary.at(key).items()) {
    const Json& hit = group.at("hit_rate");
    json["rows"].push_back(
        {name, count(group.at("positions").get<std::int64_t>()),
         signed_money(money_at(group, "gross")), money(money_at(group, "slippage")),
         money(money_at(group, "fees")), signed_money(money_at(group, "funding")),
         signed_money(money_at(group, "net")),
         percent(hit.is_null() ? std::optional<double>{} : hit.get<double>(), 1)});
  }
  return json;
}

std::string dash_if_empty(const std::optional<std::string>& text) {
  return text.value_or("\u2013");
}

/// Counts by two names, both in alphabetical order.
using Counts = std::map<std::string, std::map<std::string, std::int64_t>>;

Json order_table(const Counts& by_role) {
  constexpr std::array<const char*, 4> kEnds = {"filled", "canceled", "rejected", "open"};
  Json json =
      table("Orders by role", "How the orders of each role ended.",
            {{"role", false}, {"submitted"}, {"filled"}, {"canceled"}, {"rejected"}, {"open"}});
  for (const auto& [role, ends] : by_role) {
    std::int64_t all = 0;
    for (const auto& [end, number] : ends) all += number;
    Json row = {role, count(all)};
    for (const char* end : kEnds) {
      const auto found = ends.find(end);
      row.push_back(count(found == ends.end() ? 0 : found->second));
    }
    json["rows"].push_back(std::move(row));
  }
  return json;
}

}  // namespace

Json waterfall(const RunFolder& folder) {
  struct Step {
    std::string_view label, note;
    std::int64_t change;
    bool is_total;
  };
  const Json& s = folder.summary;
  const std::array<Step, 5> steps = {
      {{"price (gross)", "had every fill been at the mid of its decision", money_at(s, "gross"),
        true},
       {"slippage", "paid against that mid", -money_at(s, "slippage"), false},
       {"fees", "paid to the exchange", -money_at(s, "fees"), false},
       {"funding", "received if positive", money_at(s, "funding"), false},
       {"net", "gross \u2212 slippage \u2212 fees + funding", money_at(s, "net"), true}}};
  std::vector<std::pair<double, double>> spans;
  double level = 0.0;
  double low = 0.0;
  double high = 0.0;
  for (const Step& step : steps) {
    const auto change = static_cast<double>(step.change);
    const double from = step.is_total ? 0.0 : level;
    level = from + change;
    spans.emplace_back(from, level);
    low = std::min(low, level);
    high = std::max(high, level);
  }
  const double range = high > low ? high - low : 1.0;
  Json bars = Json::array();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];

    bars.push_back(bar(step.label, signed_money(step.change), std::string{step.note},
                       step.change < 0 ? "bad" : "good", (spans[i].first - low) / range,
                       (spans[i].second - low) / range));
  }
  return {{"bars", bars}, {"zero", rounded_percent(-low / range)}};
}

Json result_tables(const RunFolder& folder) {
  return {groups(folder, "by_alpha", "alpha",
                 "a: breakout of a compressed, neutral market; b: against a crowd. USDT."),
          groups(folder, "by_regime", "regime", "The regime when the position opened. USDT."),
          groups(folder, "by_exit", "exit", "The role of the order that closed it. USDT.")};
}

Json funnel_bars(const RunFolder& folder) {
  const std::map<std::string, std::string_view> meaning = {
      {"minutes", "closed minutes in the window"},
      {"warm", "it decides, and pressure and sigma have values"},
      {"regime_known", "crowding has a value, or funding is no input"},
      {"compressed", "f1 \u2265 q_f1 (a crowded regime does not ask for it)"},
      {"pressure", "compressed, and |p| \u2265 q_p (a crowded regime does not ask for it)"},
      {"not_toxic", "a signal stands: the flow is not toxic"},
      {"sized", "guards, costs and position let it through"},
      {"submitted", "decisions whose entry order was sent"},
      {"filled", "decisions with any fill"}};
  Json bars = Json::array();
  std::int64_t first = 0;
  for (const auto& [step, number] : folder.summary.at("funnel").items()) {
    const auto passed = number.get<std::int64_t>();
    first = std::max(first, passed);  // minutes: the first step and the largest
    const double share = first > 0 ? static_cast<double>(passed) / static_cast<double>(first) : 0.0;
    std::string value = count(passed);
    if (!bars.empty()) value += fmt::format(" ({})", percent(share, 2));
    const auto found = meaning.find(step);
    std::string label = step;
    std::replace(label.begin(), label.end(), '_', ' ');
    bars.push_back(bar(label, std::move(value),
                       found == meaning.end() ? std::string{} : std::string{found->second}, "main",
                       0.0, share));
  }
  return bars;
}

Json reason_bars(const RunFolder& folder) {
  std::vector<std::pair<std::int64_t, std::string>> most_first;  // −count
  std::int64_t all = 0;
  for (const auto& [reason, number] : folder.summary.at("reasons").items()) {
    const auto rows = number.get<std::int64_t>();
    if (rows > 0) most_first.emplace_back(-rows, reason);
    all += rows;
  }
  std::sort(most_first.begin(), most_first.end());
  Json bars = Json::array();
  for (const auto& [negated, reason] : most_first) {
    const double share = static_cast<double>(-negated) / static_cast<double>(all);
    bars.push_back(bar(reason, fmt::format("{} ({})", count(-negated), percent(share, 1)), "",
                       reason.starts_with("enter_") ? "good" : "main", 0.0, share));
  }
  return bars;
}

Json position_table(const RunFolder& folder) {
  const Positions positions = read_positions(folder, kMaxRows);
  const auto shown = static_cast<std::int64_t>(positions.shown.size());
  const int digits = std::min(8, tick_decimals(folder) + 1);  // averages lie between ticks
  const std::string note =
      shown < positions.all
          ? fmt::format(
                "The {} of {} positions with the largest results, in either direction; all "
                "are in positions.parquet.",
                count(shown), count(positions.all))
          : std::string{
                "All positions, from flat to flat. Money in USDT; adverse and favourable "
                "are the furthest marks against and for it."};
  Json json = table("Positions", note,
                    {{"position", false},
                     {"opened (UTC)", false},
                     {"held", true},
                     {"side", false},
                     {"alpha", false},
                     {"regime", false},
                     {"exit", false},
                     {"quantity"},
                     {"entry"},
                     {"exit price"},
                     {"stop"},
                     {"target"},
                     {"price result"},
                     {"slippage"},
                     {"fees"},
                     {"funding"},
                     {"net"},
                     {"adverse bp"},
                     {"favourable bp"},
                     {"fills"},
                     {"tailwind", false}});
  // Where a text does not sort as it should, the number that does.
  json["columns"][2]["sort"] = "held";
  Json held = Json::array();
  for (const Position& p : positions.shown) {
    std::optional<double> seconds;
    if (p.close) seconds = std::chrono::duration<double>(*p.close - p.open).count();
    held.push_back(seconds ? Json(*seconds) : Json(nullptr));
    json["rows"].push_back({p.id,
                            time_text(p.open),
                            seconds ? duration(*seconds) : "\u2013",
                            p.side,
                            dash_if_empty(p.alpha),
                            dash_if_empty(p.regime),
                            p.exit_role.value_or("open"),
                            decimal(p.qty),
                            price(p.entry, digits),
                            price(p.exit, digits),
                            decimal(p.stop),
                            decimal(p.take_profit),
                            signed_money(p.realised),
                            money(p.slippage),
                            money(p.fees),
                            signed_money(p.funding),
                            signed_money(p.net),
                            number(p.mae_bp, 1),
                            number(p.mfe_bp, 1),
                            count(p.fills),
                            p.tailwind ? (*p.tailwind ? "yes" : "no") : "\u2013"});
  }
  json["sort"] = {{"held", std::move(held)}};
  return json;
}

Json order_tables(const RunFolder& folder) {
  Counts by_role;
  std::map<std::string, std::int64_t> rejections;
  for_each_block(folder, "orders", {"role", "status", "reject_reason"},
                 [&](const TableBlock& block) {
                   for (std::size_t row = 0; row < block.rows; ++row) {
                     const auto role = block.columns[0].text(row).value_or("");
                     const auto status = block.columns[1].text(row).value_or("");
                     ++by_role[std::string{role}][std::string{status}];
                     if (const auto reason = block.columns[2].text(row)) {
                       ++rejections[std::string{*reason}];
                     }
                   }
                 });
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> rules;  // maker, taker
  for_each_block(folder, "fills", {"rule", "liquidity"}, [&](const TableBlock& block) {
    for (std::size_t row = 0; row < block.rows; ++row) {
      auto& [maker, taker] = rules[std::string{block.columns[0].text(row).value_or("\u2013")}];
      ++(block.columns[1].text(row) == "maker" ? maker : taker);
    }
  });

  Json tables = Json::array();
  tables.push_back(order_table(by_role));
  Json rejected = table("Rejections", "Why the exchange refused an order (X4).",
                        {{"reason", false}, {"orders"}});
  for (const auto& [reason, number] : rejections)
    rejected["rows"].push_back({reason, count(number)});
  if (!rejections.empty()) tables.push_back(std::move(rejected));
  Json fills = table("Fills by rule", "Every fill names the rule that made it.",
                     {{"rule", false}, {"what happened", false}, {"maker"}, {"taker"}});
  for (const auto& [rule, sides] : rules) {
    fills["rows"].push_back(
        {rule, fill_rule_meaning(rule), count(sides.first), count(sides.second)});
  }
  tables.push_back(std::move(fills));
  return tables;
}

Json data_tables(const RunFolder& folder) {
  Json tables = Json::array();
  Json findings = table("Findings", "Rows by finding of the ingest, in the days of the inputs.",
                        {{"code", false}, {"rows"}});
  for (const auto& [code, number] : folder.summary.at("quality").items()) {
    findings["rows"].push_back({code, count(number.get<std::int64_t>())});
  }
  tables.push_back(std::move(findings));

  Json modes = table("Minutes without a kind",
                     "absent: no input of the run; overdue: its newest record was too old.",
                     {{"kind", false}, {"why", false}, {"minutes"}});
  for (const char* why : {"absent", "overdue"}) {
    for (const auto& [word, number] : folder.summary.at("degraded_minutes").at(why).items()) {
      modes["rows"].push_back({missing_kind(word), why, count(number.get<std::int64_t>())});
    }
  }
  tables.push_back(std::move(modes));

  struct Kind {
    std::string first, last;
    std::int64_t files = 0, rows = 0;
  };
  std::map<std::string, Kind> kinds;
  for (const Json& input : folder.run.at("inputs")) {
    Kind& kind = kinds[input.at("kind").get<std::string>()];
    const auto day = input.at("day").get<std::string>();
    if (kind.files == 0 || day < kind.first) kind.first = day;
    if (kind.files == 0 || day > kind.last) kind.last = day;
    ++kind.files;
    kind.rows += input.at("rows").get<std::int64_t>();
  }
  Json inputs = table("Inputs",
                      "Warm-up included. run.json lists every file with the SHA-256 of its logical "
                      "rows.",
                      {{"kind", false}, {"first", false}, {"last", false}, {"files"}, {"rows"}});
  for (const auto& [name, kind] : kinds) {
    inputs["rows"].push_back({name, kind.first, kind.last, count(kind.files), count(kind.rows)});
  }
  tables.push_back(std::move(inputs));
  return tables;
}

}  // namespace toxvol::report
