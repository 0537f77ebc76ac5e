#include "toxvol/report/headline.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/report/format.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

using Value = std::optional<double>;

Value real_at(const Json& object, const std::string& key) {
  const Json& value = object.at(key);
  return value.is_null() ? Value{} : Value{value.get<double>()};
}

std::string setting(const RunFolder& folder, const char* table, const char* key) {
  const Json& config = folder.run.at("config");
  if (!config.contains(table) || !config.at(table).contains(key)) return {};
  const Json& value = config.at(table).at(key);
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool is_optimistic(const RunFolder& folder) {
  return setting(folder, "entry", "fill") == "same_close" ||
         setting(folder, "exchange", "queue") == "optimistic" ||
         setting(folder, "thresholds", "fit") == "sample";
}

std::int64_t open_positions(const Json& summary) {
  const Json& exits = summary.at("by_exit");
  return exits.contains("open") ? exits.at("open").at("positions").get<std::int64_t>() : 0;
}

/// The most frequent reason that is not merely the cadence.
std::pair<std::string, std::int64_t> main_reason(const Json& summary) {
  std::pair<std::string, std::int64_t> most{"", 0};
  for (const auto& [reason, number] : summary.at("reasons").items()) {
    if (reason == "not_boundary") continue;
    if (number.get<std::int64_t>() > most.second) most = {reason, number.get<std::int64_t>()};
  }
  return most;
}

/// Where the last minute was lost, in words.
std::string why_no_position(const Json& summary) {
  std::string last;  // the furthest step that any minute came to, and the one after it
  std::string next;
  std::int64_t reached = 0;
  for (const auto& [step, number] : summary.at("funnel").items()) {
    if (number.get<std::int64_t>() > 0) {
      last = step;
      next.clear();
      reached = number.get<std::int64_t>();
    } else if (next.empty()) {
      next = step;
    }
  }
  if (reached == 0) return "There was no minute to decide on.";
  if (next.empty()) {
    return fmt::format("{} decisions were filled, but no position is on record.", count(reached));
  }
  const auto [reason, times] = main_reason(summary);
  return fmt::format(
      "The funnel ends at \u201c{}\u201d: {} minute{} got as far as \u201c{}\u201d and none "
      "further. Most frequent reason: {} ({}).",
      next, count(reached), reached == 1 ? "" : "s", last, reason.empty() ? "none" : reason,
      count(times));
}

/// Where a limit and not the risk rule set the size of most entries: which, and of how many.
std::string cap_note(const Json& summary) {
  std::int64_t entries = 0;
  std::int64_t limited = 0;
  std::string caps;
  for (const auto& [cap, number] : summary.at("caps").items()) {
    const auto times = number.get<std::int64_t>();
    entries += times;
    if (cap == "none" || times == 0) continue;
    limited += times;
    caps += fmt::format("{}{} in {}", caps.empty() ? "" : ", ", cap, count(times));
  }
  if (2 * limited <= entries) return {};
  return fmt::format(" Limits, not the risk rule, set its size: {} of {} entries.", caps,
                     count(entries));
}

std::string belief(const Json& summary, std::int64_t result) {
  const auto positions = summary.at("positions").get<std::int64_t>();
  const Value psr = real_at(summary, "psr");
  const auto trials = summary.at("trials").get<std::int64_t>();
  if (positions < kFewPositions) {
    return fmt::format(
        "{} position{} {} too few to tell an edge from luck (below {}): believe "
        "neither the sign nor the size.",
        count(positions), positions == 1 ? "" : "s", positions == 1 ? "is" : "are", kFewPositions);
  }
  if (!psr) return "No Sharpe ratio can be computed, so nothing can be said of luck.";
  const std::string chance = fmt::format(
      "The probability that the true Sharpe ratio is above zero is {} (PSR)", number(psr, 4));
  if (result > 0 && *psr > kBelievable) {
    return fmt::format("{}: believable for this window, provided that {} {} all that {} tried.",
                       chance, trials == 1 ? "one trial" : count(trials) + " trials",
                       trials == 1 ? "is" : "are", trials == 1 ? "was" : "were");
  }
  if (result < 0 && *psr < 1.0 - kBelievable) return chance + ": this loss is not bad luck.";
  return fmt::format("{}: not distinguishable from luck (customary bar: {}).", chance,
                     number(kBelievable, 2));
}

std::string cost_note(const Json& summary) {
  const std::int64_t gross = money_at(summary, "gross");
  const std::int64_t costs = money_at(summary, "slippage") + money_at(summary, "fees");
  const Value fee = real_at(summary, "break_even_fee_bp");
  std::string note = fmt::format(
      "At the mid prices of its decisions it would have {} {} USDT; slippage and fees cost {} "
      "USDT.",
      gross < 0 ? "lost" : "made", money(gross < 0 ? -gross : gross), money(costs));
  if (fee && *fee < 0.0) return note + " It would have lost without any fee.";
  if (fee)
    note += fmt::format(" The net result is zero at a fee of {} a side.", number(fee, 3, " bp"));
  return note;
}

Json badge(std::string_view text, std::string_view tone, std::string_view meaning) {
  return {{"text", text}, {"tone", tone}, {"meaning", meaning}};
}

Json tile(std::string_view label, std::string value, std::string note) {
  return {{"label", label}, {"value", std::move(value)}, {"note", std::move(note)}};
}

}  // namespace

Json headline(const RunFolder& folder) {
  const Json& summary = folder.summary;
  const auto positions = summary.at("positions").get<std::int64_t>();
  const std::int64_t open = open_positions(summary);
  // With a position open the net result is only what is realised: the change of equity says more.
  const std::int64_t start = money_at(summary, "start_equity");
  const std::int64_t change = money_at(summary, "end_equity") - start;
  const std::int64_t net = money_at(summary, "net");
  Json notes = Json::array();
  std::string text;
  std::string_view tone = "none";
  if (positions == 0) {
    text = "No position was taken: there is no result to judge.";
    notes.push_back(is_script(folder) ? "No order of the script was filled: the table of orders "
                                        "says what became of each."
                                      : why_no_position(summary));
  } else {
    const bool has_funding =
        setting(folder, "costs", "funding") != "false" && is_input(folder, "fundingRate");
    tone = change > 0 ? "gain" : change < 0 ? "loss" : "none";
    const std::string_view word = change > 0   ? "A net gain"
                                  : change < 0 ? "A net loss"
                                               : "A net result";
    text =
        fmt::format("{} of {} USDT ({}) after fees{} slippage{}, from {} position{}{}.", word,
                    money(change < 0 ? -change : change),
                    signed_percent(real_at(summary, "return"), 2), has_funding ? "," : " and",
                    has_funding ? " and funding" : "", count(positions), positions == 1 ? "" : "s",
                    open > 0 ? fmt::format(" ({} still open)", count(open)) : std::string{}) +
        cap_note(summary);
    notes.push_back(belief(summary, change));
    if (open > 0) {
      notes.push_back(fmt::format(
          "What was open at the end counts at the mid: {} USDT. The tables below have the realised "
          "part alone, {} USDT.",
          signed_money(change - net), signed_money(net)));
    }
    notes.push_back(change < 0 && !is_script(folder)
                        ? "A net loss after fees is the expected finding for a strategy of "
                          "this kind. " +
                              cost_note(summary)
                        : cost_note(summary));
  }
  if (!is_input(folder, "fundingRate")) {
    notes.push_back(
        "Funding was not paid and the regime was always neutral: there are no funding rates among "
        "the inputs.");
  }
  if (is_optimistic(folder)) {
    notes.push_back(
        "Settings of this run flatter it (see the marks above): take it for an upper bound.");
  }
  if (folder.run.at("synthetic").get<bool>()) {
    notes.push_back("The market is synthetic: this tells of the program, not of any real market.");
  }
  return {{"tone", tone}, {"text", text}, {"notes", notes}};
}

Json badges(const RunFolder& folder, const std::optional<PresetNote>& preset) {
  const Json& run = folder.run;
  Json list = Json::array();
  if (run.at("synthetic").get<bool>()) {
    list.push_back(badge("SYNTHETIC DATA", "warn", "Made by `toxvol synth`; no real market."));
  }
  if (is_script(folder)) {
    list.push_back(badge("ORDER SCRIPT", "info",
                         "The orders came from a file, not from the strategy. The factors beside "
                         "them are for comparison; nothing here judges the strategy."));
  }
  if (preset && preset->exercise) {
    list.push_back(badge(fmt::format("PRESET: {}", preset->name), "warn",
                         "For exercising the program, not for learning: its windows of minutes "
                         "mean nothing of a market. Believe neither a gain nor a loss."));
  }
  if (setting(folder, "entry", "fill") == "same_close") {
    list.push_back(badge("OPTIMISTIC BOUND: same close", "warn",
                         "Entries fill at the close that decided them (X24). Nobody could have had "
                         "that price."));
  }
  if (setting(folder, "exchange", "queue") == "optimistic") {
    list.push_back(badge("OPTIMISTIC BOUND: no queue", "warn",
                         "Resting orders have nobody ahead of them (X18): an upper bound."));
  }
  if (setting(folder, "thresholds", "fit") == "sample") {
    list.push_back(badge("IN-SAMPLE THRESHOLDS", "warn",
                         "Thresholds were fitted on the very data they are judged on."));
  }
  const Json& degraded = folder.summary.at("degraded_minutes");
  for (const auto& [word, minutes] : degraded.at("absent").items()) {
    list.push_back(badge(fmt::format("ABSENT: {}", missing_kind(word)), "warn",
                         fmt::format("No {} among the inputs: all {} minutes ran without.",
                                     missing_kind(word), count(minutes.get<std::int64_t>()))));
  }
  for (const auto& [word, minutes] : degraded.at("overdue").items()) {
    list.push_back(badge(
        fmt::format("OVERDUE: {}", missing_kind(word)), "warn",
        fmt::format("In {} minutes the newest record of {} was older than its limit, or there "
                    "was none.",
                    count(minutes.get<std::int64_t>()), missing_kind(word))));
  }
  if (run.at("instrument").at("source") == "inferred") {
    list.push_back(badge("INFERRED INSTRUMENT", "warn",
                         "Tick and lot were guessed from the data; fees are VIP0, there are no "
                         "brackets."));
  }
  if (run.at("profile") != "realistic") {
    list.push_back(badge(fmt::format("PROFILE: {}", run.at("profile").get<std::string>()), "warn",
                         "Fills follow NautilusTrader's matching of the best quote, which knows no "
                         "queue; made to compare the two programs."));
  }
  if (run.at("engine") != "native") {
    list.push_back(badge(fmt::format("ENGINE: {}", run.at("engine").get<std::string>()), "info",
                         "The run came out of another engine than toxvol's own."));
  }
  if (const std::int64_t open = open_positions(folder.summary); open > 0) {
    list.push_back(badge("OPEN AT THE END", "info",
                         "A position was open at the end; it is marked and not closed (X23)."));
  }
  return list;
}

Json tiles(const RunFolder& folder) {
  const Json& s = folder.summary;
  const Json& orders = s.at("orders");
  Json list = Json::array();
  list.push_back(tile("Net result, USDT", signed_money(money_at(s, "net")),
                      fmt::format("equity {} \u2192 {}", money(money_at(s, "start_equity")),
                                  money(money_at(s, "end_equity")))));
  list.push_back(tile("Return", signed_percent(real_at(s, "return"), 3), "on the start equity"));
  list.push_back(
      tile("Max drawdown", percent(real_at(s, "max_drawdown"), 3), "of the highest equity"));
  list.push_back(
      tile("Sharpe, a year", number(real_at(s, "sharpe_annual"), 2),
           fmt::format("PSR {}, DSR {} ({} trial{})", number(real_at(s, "psr"), 4),
                       number(real_at(s, "dsr"), 4), count(s.at("trials").get<std::int64_t>()),
                       s.at("trials") == 1 ? "" : "s")));
  list.push_back(tile("Volatility, a year", percent(real_at(s, "volatility_annual"), 2),
                      "of the minute returns"));
  const Value hold = real_at(s, "avg_hold_s");
  list.push_back(
      tile("Positions", count(s.at("positions").get<std::int64_t>()),
           fmt::format("hit rate {}, held {} on average", percent(real_at(s, "hit_rate"), 1),
                       hold ? duration(*hold) : number(hold, 0))));
  list.push_back(tile("Break-even fee", number(real_at(s, "break_even_fee_bp"), 3, " bp"),
                      "a side; the net result is zero there"));
  list.push_back(
      tile("Turnover", number(real_at(s, "turnover"), 2, " \u00d7"),
           fmt::format("of the start equity; {} maker", percent(real_at(s, "maker_share"), 1))));
  list.push_back(tile("Exposure", percent(real_at(s, "exposure"), 1), "of the time in a position"));
  list.push_back(tile("Orders", count(orders.at("submitted").get<std::int64_t>()),
                      fmt::format("{} filled, {} canceled, {} rejected",
                                  count(orders.at("filled").get<std::int64_t>()),
                                  count(orders.at("canceled").get<std::int64_t>()),
                                  count(orders.at("rejected").get<std::int64_t>()))));
  return list;
}

}  // namespace toxvol::report
