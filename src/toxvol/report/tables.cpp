#include "toxvol/report/tables.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/fixed.hpp"
#include "toxvol/report/fill_model.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/positions.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/table.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

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

/// `open`: the group that holds the open position, whose value at the mid is its too.
Json groups(const run::PositionGroups& by, std::string_view title, std::string_view note,
            std::string_view open_group, Money open) {
  Json json = table(fmt::format("By {}", title), note,
                    {{title, false},
                     {"positions"},
                     {"net", true, Gain::Good},
                     {"hit rate"},
                     {"gross", true, Gain::Good},
                     {"slippage", true, Gain::Bad},
                     {"fees", true, Gain::Bad},
                     {"funding", true, Gain::Good}});
  for (const auto& [name, group] : by) {
    const Money more = name == open_group ? open : Money{};
    json["rows"].push_back({name, count(group.positions), signed_money(group.net + more),
                            percent(group.hit_rate, 1), signed_money(group.gross + more),
                            money(group.slippage), money(group.fees), signed_money(group.funding)});
  }
  return json;
}

/// The name of the group of positions without an alpha or a regime.
constexpr std::string_view kNoWord = "none";

/// The word of a vocabulary, or `none`.
template <class Enum>
std::string_view word(const std::optional<Enum>& value, std::string_view none = kAbsent) {
  return value ? trading::name(*value) : none;
}

std::string decimal_or_dash(const std::optional<Price>& price) {
  return price ? decimal(*price) : std::string{kAbsent};
}

/// What the script asked for, and what became of it.
Json script_table() {
  return table("The script's orders",
               fmt::format("In the order in which they were sent; the first {}.",
                           count(static_cast<std::int64_t>(kMaxRows))),
               {{"order", false},
                {"sent (UTC)", false},
                {"side", false},
                {"type", false},
                {"in force", false},
                {"quantity"},
                {"price"},
                {"filled"},
                {"average price"},
                {"ended", false}});
}

Json script_row(const trading::OrderRecord& order) {
  const trading::Submit& submit = order.submit;
  std::string end{trading::name(order.status)};
  if (order.reject_reason != trading::RejectReason::None) {
    end += fmt::format(": {}", trading::name(order.reject_reason));
  }
  std::optional<Price> limit;
  if (submit.type == trading::OrderType::Limit) limit = submit.price;
  return {run::kOrderId.text(submit.id),    time_text(order.ts_submit),
          run::kBuySell.text(submit.side),  trading::name(submit.type),
          trading::name(submit.tif),        decimal(submit.qty),
          decimal_or_dash(limit),           decimal(order.filled_qty),
          decimal_or_dash(order.avg_price), end};
}

/// By the word of the role, in alphabetical order.
using Ends = std::map<std::string_view, run::CountBy<trading::OrderStatus>>;

Json order_table(const Ends& by_role) {
  using enum trading::OrderStatus;
  Json json =
      table("Orders by role", "How the orders of each role ended.",
            {{"role", false}, {"submitted"}, {"filled"}, {"canceled"}, {"rejected"}, {"open"}});
  for (const auto& [role, ends] : by_role) {
    Json row = {role, count(ends.sum())};
    for (const auto end : {Filled, Canceled, Rejected, Open}) row.push_back(count(ends[end]));
    json["rows"].push_back(std::move(row));
  }
  return json;
}

}  // namespace

Json waterfall(const RunFolder& folder, const OpenPart& open) {
  struct Step {
    std::string_view label, note;
    Money change;
    bool is_total;
  };
  const run::Summary& s = folder.summary;
  std::vector<Step> steps = {
      {"price (gross)", "had every fill been at the mid of its decision", s.gross, true},
      {"slippage", "paid against that mid", -s.slippage, false},
      {"fees", "paid to the exchange", -s.fees, false},
      {"funding", "received if positive", s.funding, false}};
  if (open.position) {
    steps.push_back({"still open", "what is open at the end, at the last mid", open.value, false});
  }
  if (open.insurance != Money{}) {
    steps.push_back(
        {"insurance fund", "took over the rest of a liquidation", open.insurance, false});
  }
  steps.push_back(
      {"net", "the change of equity: all of the above", s.end_equity - s.start_equity, true});
  std::vector<std::pair<double, double>> spans;
  double level = 0.0;
  double low = 0.0;
  double high = 0.0;
  for (const Step& step : steps) {
    const auto change = static_cast<double>(step.change.raw());
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
                       step.change < Money{} ? "bad" : "good", (spans[i].first - low) / range,
                       (spans[i].second - low) / range));
  }
  return {{"bars", bars}, {"zero", rounded_percent(-low / range)}};
}

Json result_tables(const RunFolder& folder, const OpenPart& open) {
  std::string_view alpha;  // of the open position
  std::string_view regime;
  if (open.position) {
    alpha = trading::name(open.position->alpha);
    if (alpha.empty()) alpha = kNoWord;
    regime = word(open.position->regime_open, kNoWord);
  }
  const std::string_view whose =
      run::is_own_signal(folder) ? "signal: the user's own signal. USDT."
      : is_script(folder)
          ? "none: an order script has no alpha. USDT."
          : "a: breakout of a compressed, neutral market; b: against a crowd. USDT.";
  return {groups(folder.summary.by_alpha, "alpha", whose, alpha, open.value),
          groups(folder.summary.by_regime, "regime", "The regime when the position opened. USDT.",
                 regime, open.value),
          groups(folder.summary.by_exit, "exit",
                 "The role of the order that closed it; what is still open counts at the last mid. "
                 "USDT.",
                 "open", open.value)};
}

Json funnel_bars(const RunFolder& folder) {
  constexpr std::array<std::string_view, run::kFunnelSteps.size()> kMeanings = {
      "closed minutes in the window",
      "it decides, and pressure and sigma have values",
      "crowding has a value, or funding is no input",
      "f1 \u2265 q_f1 (a crowded regime does not ask for it)",
      "compressed, and |p| \u2265 q_p (a crowded regime does not ask for it)",
      "a signal stands: the flow is not toxic",
      "guards, costs and position let it through",
      "decisions whose entry order was sent",
      "decisions with any fill"};
  const run::Funnel& funnel = folder.summary.funnel;
  const bool is_own = run::is_own_signal(folder);
  const std::int64_t first = funnel.front();  // minutes: the largest
  Json bars = Json::array();
  for (std::size_t step = 0; step < funnel.size(); ++step) {
    // A user's own signal is asked for neither.
    const std::string_view name = run::kFunnelSteps[step];
    if (is_own && (name == "compressed" || name == "pressure")) continue;
    const double share =
        first > 0 ? static_cast<double>(funnel[step]) / static_cast<double>(first) : 0.0;
    std::string value = count(funnel[step]);
    if (step > 0) value += fmt::format(" ({})", percent(share, 2));
    std::string label{is_own && name == "not_toxic" ? "wanted" : name};
    std::replace(label.begin(), label.end(), '_', ' ');
    const std::string_view meaning = !is_own               ? kMeanings[step]
                                     : name == "warm"      ? "it decides, and sigma has a value"
                                     : name == "not_toxic" ? "the signal asks for a direction"
                                                           : kMeanings[step];
    bars.push_back(bar(label, std::move(value), std::string{meaning}, "main", 0.0, share));
  }
  return bars;
}

Json reason_bars(const RunFolder& folder) {
  const run::CountBy<trading::Reason>& reasons = folder.summary.reasons;
  std::vector<std::pair<std::int64_t, std::string_view>> most_first;  // −count
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (reasons[i] == 0) continue;
    most_first.emplace_back(-reasons[i], trading::kWords<trading::Reason>[i]);
  }
  std::sort(most_first.begin(), most_first.end());
  Json bars = Json::array();
  for (const auto& [negated, reason] : most_first) {
    const double share = static_cast<double>(-negated) / static_cast<double>(reasons.sum());
    bars.push_back(bar(reason, fmt::format("{} ({})", count(-negated), percent(share, 1)), "",
                       reason.starts_with("enter_") ? "good" : "main", 0.0, share));
  }
  return bars;
}

Json position_table(const RunFolder& folder, const OpenPart& open) {
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
                "are the furthest marks against and for it. What is open at the end counts at the "
                "last mid."};
  Json json = table("Positions", note,
                    {{"position", false},
                     {"net", true, Gain::Good},
                     {"opened (UTC)", false},
                     {"held", true},
                     {"side", false},
                     {"exit", false},
                     {"alpha", false},
                     {"regime", false},
                     {"quantity"},
                     {"entry"},
                     {"exit price"},
                     {"stop"},
                     {"target"},
                     {"price result", true, Gain::Good},
                     {"slippage", true, Gain::Bad},
                     {"fees", true, Gain::Bad},
                     {"funding", true, Gain::Good},
                     {"adverse bp"},
                     {"favourable bp"},
                     {"fills"},
                     {"tailwind", false}});
  // Where a text does not sort as it should, the number that does.
  json["columns"][3]["sort"] = "held";
  Json held = Json::array();
  for (const trading::PositionRecord& p : positions.shown) {
    std::optional<double> seconds;
    if (p.ts_close) seconds = std::chrono::duration<double>(*p.ts_close - p.ts_open).count();
    held.push_back(seconds ? Json(*seconds) : Json(nullptr));
    const std::string_view alpha = trading::name(p.alpha);
    const Money value = p.ts_close ? Money{} : open.value;
    json["rows"].push_back({run::kPositionId.text(p.position),
                            signed_money(net_of(p, open)),
                            time_text(p.ts_open),
                            seconds ? duration(*seconds) : std::string{kAbsent},
                            run::kLongShort.text(p.side),
                            word(p.exit_role, "open"),
                            alpha.empty() ? kAbsent : alpha,
                            word(p.regime_open),
                            decimal(p.qty_max),
                            price(p.avg_entry, digits),
                            price(p.avg_exit, digits),
                            decimal_or_dash(p.stop),
                            decimal_or_dash(p.take_profit),
                            signed_money(p.realised + value),
                            money(p.slippage),
                            money(p.fees),
                            signed_money(p.funding),
                            number(p.mae_bp, 1),
                            number(p.mfe_bp, 1),
                            count(p.n_fills),
                            p.funding_tailwind ? (*p.funding_tailwind ? "yes" : "no") : kAbsent});
  }
  json["sort"] = {{"held", std::move(held)}};
  return json;
}

Json order_tables(const RunFolder& folder) {
  Ends by_role;
  Json script = script_table();
  std::map<std::string_view, std::int64_t> rejections;
  const auto see_order = [&](const trading::OrderRecord& order) {
    ++by_role[trading::name(order.submit.intent.role)][order.status];
    if (order.submit.intent.role == trading::Role::Script && script["rows"].size() < kMaxRows) {
      script["rows"].push_back(script_row(order));
    }
    if (order.reject_reason != trading::RejectReason::None) {
      ++rejections[trading::name(order.reject_reason)];
    }
  };
  run::for_each_record<trading::OrderRecord>(folder.path, see_order);
  std::map<std::string_view, run::CountBy<trading::Liquidity>> rules;
  run::for_each_record<trading::FillRecord>(folder.path, [&](const trading::FillRecord& fill) {
    const std::string_view rule = trading::name(fill.rule);
    ++rules[rule.empty() ? kAbsent : rule][fill.liquidity];
  });

  Json tables = Json::array();
  if (run::is_script(folder)) tables.push_back(std::move(script));
  tables.push_back(order_table(by_role));
  Json rejected = table("Rejections", "Why the exchange refused an order (X4).",
                        {{"reason", false}, {"orders"}});
  for (const auto& [reason, number] : rejections)
    rejected["rows"].push_back({reason, count(number)});
  if (!rejections.empty()) tables.push_back(std::move(rejected));
  Json fills = table("Fills by rule", "Every fill names the rule that made it.",
                     {{"rule", false}, {"what happened", false}, {"maker"}, {"taker"}});
  for (const auto& [rule, sides] : rules) {
    fills["rows"].push_back({rule, fill_rule_meaning(rule), count(sides[trading::Liquidity::Maker]),
                             count(sides[trading::Liquidity::Taker])});
  }
  tables.push_back(std::move(fills));
  return tables;
}

Json data_tables(const RunFolder& folder) {
  Json tables = Json::array();
  Json findings = table("Findings", "Rows by finding of the ingest, in the days of the inputs.",
                        {{"code", false}, {"rows"}});
  for (const auto& [code, rows] : folder.summary.quality) {
    findings["rows"].push_back({code, count(rows)});
  }
  tables.push_back(std::move(findings));

  Json modes = table("Minutes without a kind",
                     "A kind is absent when it is no input of the run, and overdue when its newest "
                     "record was too old.",
                     {{"kind", false}, {"why", false}, {"minutes"}, {"what it changes", false}});
  for (const auto& [word, number] : folder.summary.degraded_minutes.absent) {
    modes["rows"].push_back({missing_kind(word), "absent", count(number), absent_means(word)});
  }
  for (const auto& [word, number] : folder.summary.degraded_minutes.overdue) {
    modes["rows"].push_back({missing_kind(word), "overdue", count(number), overdue_means(word)});
  }
  tables.push_back(std::move(modes));

  struct Kind {
    std::string first, last;
    std::int64_t files = 0, rows = 0;
  };
  std::map<std::string, Kind> kinds;
  for (const run::RunInput& input : folder.run.inputs) {
    Kind& kind = kinds[input.kind];
    if (kind.files == 0 || input.day < kind.first) kind.first = input.day;
    if (kind.files == 0 || input.day > kind.last) kind.last = input.day;
    ++kind.files;
    kind.rows += input.rows;
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
