#include "toxvol/report/headline.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/fixed.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/planted.hpp"
#include "toxvol/report/report.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/tile.hpp"
#include "toxvol/report/window.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::report {

namespace {

using run::Summary;
using Value = std::optional<double>;

bool is_optimistic(const RunFolder& folder) {
  return setting(folder, "entry", "fill") == "same_close" ||
         setting(folder, "exchange", "queue") == "optimistic" ||
         setting(folder, "thresholds", "fit") == "sample";
}

std::int64_t open_positions(const Summary& summary) {
  for (const auto& [exit, group] : summary.by_exit) {
    if (exit == "open") return group.positions;
  }
  return 0;
}

/// The most frequent reason that is not merely the cadence.
std::pair<std::string_view, std::int64_t> main_reason(const Summary& summary) {
  std::pair<std::string_view, std::int64_t> most{"", 0};
  for (std::size_t i = 1; i < summary.reasons.size(); ++i) {
    const std::int64_t times = summary.reasons[i];
    if (times > most.second) most = {trading::kWords<trading::Reason>[i], times};
  }
  return most;
}

/// Where the last minute was lost, in words.
std::string why_no_position(const Summary& summary) {
  std::string_view last;  // the furthest step that any minute came to, and the one after it
  std::string_view next;
  std::int64_t reached = 0;
  for (std::size_t step = 0; step < run::kFunnelSteps.size(); ++step) {
    if (summary.funnel[step] > 0) {
      last = run::kFunnelSteps[step];
      next = {};
      reached = summary.funnel[step];
    } else if (next.empty()) {
      next = run::kFunnelSteps[step];
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
      next, count(reached), reached == 1 ? "" : "s", last,
      reason.empty() ? std::string_view{"none"} : reason, count(times));
}

/// Where a limit and not the risk rule set the size of most entries: which, and of how many.
std::string cap_note(const Summary& summary) {
  const std::int64_t entries = summary.caps.sum();
  std::int64_t limited = 0;
  std::string caps;
  for (std::size_t i = 1; i < summary.caps.size(); ++i) {
    const std::int64_t times = summary.caps[i];
    if (times == 0) continue;
    limited += times;
    caps += fmt::format("{}{} in {}", caps.empty() ? "" : ", ", trading::kWords<trading::Cap>[i],
                        count(times));
  }
  if (2 * limited <= entries) return {};
  return fmt::format(" Limits, not the risk rule, set its size: {} of {} entries.", caps,
                     count(entries));
}

std::optional<double> real_of(const Json& document, std::string_view key) {
  if (!document.is_object()) return std::nullopt;
  const auto found = document.find(key);
  if (found == document.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

/// `net` of inference.json, with the `interval` that was asked for; null of a run that has none, or
/// none that can be read.
Json net_inference(const RunFolder& folder) {
  const std::filesystem::path path = folder.path / "inference.json";
  if (!std::filesystem::exists(path)) return nullptr;
  const Json document = Json::parse(io::read_file(path), nullptr, false);
  if (!document.is_object()) return nullptr;
  Json net = document.value("net", Json{});
  if (net.is_object() && document.contains("interval")) net["interval"] = document["interval"];
  return net;
}

std::string few_note(std::int64_t positions) {
  return fmt::format(
      "{} position{} {} too few to tell an edge from luck (below {}): believe neither the sign nor "
      "the size.",
      count(positions), positions == 1 ? "" : "s", positions == 1 ? "is" : "are", kFewPositions);
}

/// Of the mean a day; of hours, as all that is said of luck.
std::optional<std::string> interval_note(const Json& net) {
  const auto mean = real_of(net, "mean_bp_day");
  const auto lo = real_of(net, "mean_lo");
  const auto hi = real_of(net, "mean_hi");
  if (!mean || !lo || !hi) return std::nullopt;
  const std::string_view meaning =
      *lo > 0.0   ? "That is above zero."
      : *hi < 0.0 ? "That is below zero: bad luck alone would seldom lose as much."
                  : "Zero lies between them: luck is enough to explain the result.";
  return fmt::format(
      "After costs it made {} bp of the account a day on average, with an interval of 95 % from {} "
      "to {}{}. {}",
      number(mean, 1), number(lo, 1), number(hi, 1),
      net.contains("interval") ? fmt::format(" ({})", net["interval"].get<std::string>()) : "",
      meaning);
}

/// How many there are, and as of when (R25).
std::string counted_note(const RunFolder& folder, double tries) {
  const auto number_of_tries = count(static_cast<std::int64_t>(tries));
  const Json as_of = folder.trials.value("as_of", Json(nullptr));
  if (as_of.is_string()) {
    return fmt::format(
        "; {} with a result in the trial log as it is now, its newest trial being of {}",
        number_of_tries, as_of.get<std::string>());
  }
  return fmt::format(
      "; {} with a result when the run ended, for the trial log was not at hand for a newer count",
      number_of_tries);
}

/// The count beside the ratios (R26).
std::optional<std::string> trials_note(const RunFolder& folder, const Json& net, Money result,
                                       bool is_enough) {
  const auto psr = real_of(net, "psr");
  const auto dsr = real_of(folder.trials, "dsr_null");
  const auto tries = real_of(folder.trials, "M");
  std::string note;
  if (!folder.trials.is_null()) {
    note = fmt::format("Trials: {}", folder.trials.value("words", std::string{}));
    if (tries) note += counted_note(folder, *tries);
    note += ". ";
  }
  if (!psr) return note.empty() ? std::nullopt : std::optional{note};
  const double tried = tries.value_or(1.0);
  if (dsr && tried > 1.0) {
    note += fmt::format(
        "That the true Sharpe ratio is more than the best of {} by luck has a probability of {} "
        "(DSR; against the trials as they differ: {}). ",
        count(static_cast<std::int64_t>(tried)), number(dsr, 4),
        number(real_of(folder.trials, "dsr"), 4));
  }
  note += fmt::format(
      "Were it the only one, the true ratio would be above zero with a probability of {} (PSR).",
      number(psr, 4));
  if (!is_enough || result <= Money{}) return note;
  return note +
         (dsr.value_or(*psr) > kBelievable
              ? fmt::format(" That is above the customary {}: believable for this window, "
                            "provided that nothing else was tried.",
                            number(kBelievable, 2))
              : fmt::format(" The customary bar is {}: this may be luck.", number(kBelievable, 2)));
}

/// How much of the result to believe, a sentence or two each: whether there were positions enough,
/// the interval of the mean, and how often one looked. `result` is the change of equity.
std::vector<std::string> belief(const RunFolder& folder, Money result) {
  const std::int64_t positions = folder.summary.positions;
  const bool is_enough = positions >= kFewPositions;
  const Json net = net_inference(folder);
  std::vector<std::string> notes;
  if (!is_enough) notes.push_back(few_note(positions));
  if (auto note = interval_note(net)) notes.push_back(*note);
  if (auto note = trials_note(folder, net, result, is_enough)) notes.push_back(*note);
  return notes;
}

/// Whose idea it is, and how much of it there was.
std::string signal_note(const RunFolder& folder) {
  const run::SignalUse& signal = *folder.run.signal;
  return fmt::format(
      "The signal is the user's, not toxvol's: of its {} rows in the window {} stood at a decision "
      "and {} were too old at theirs; {} lay outside of the window.",
      count(signal.rows), count(signal.used), count(signal.stale), count(signal.ignored));
}

std::string cost_note(const Summary& summary) {
  const Money gross = summary.gross;
  const Money costs = summary.slippage + summary.fees;
  const Value fee = summary.break_even_fee_bp;
  std::string note = fmt::format(
      "At the mid prices of its decisions it would have {} {} USDT; slippage and fees cost {} "
      "USDT.",
      gross < Money{} ? "lost" : "made", money(std::max(gross, -gross)), money(costs));
  if (fee && *fee < 0.0) return note + " It would have lost even without any fee.";
  if (fee) note += fmt::format(" Its break-even fee is {} a side.", number(fee, 3, " bp"));
  return note;
}

Json badge(std::string_view text, std::string_view tone, std::string_view meaning) {
  return {{"text", text}, {"tone", tone}, {"meaning", meaning}};
}

Json sharpe_tile(const RunFolder& folder) {
  constexpr double kDaySeconds = 86'400.0;
  const double days = window_of(folder).seconds / kDaySeconds;
  constexpr std::string_view kLabel = "Sharpe, a year";
  if (days < kLeastDaysOfYear) {
    return tile(kLabel, std::string{kAbsent},
                fmt::format("not told: {} days are too few to speak of a year (at least {})",
                            number(days, days < 10.0 ? 1 : 0), number(kLeastDaysOfYear, 0)));
  }
  return tile(kLabel, number(folder.summary.sharpe_annual, 2),
              folder.trials.is_null()
                  ? "of the minute returns; counts this run as the only one tried"
                  : "of the minute returns; how far to trust it: the trials above");
}

Json break_even_tile(const Summary& summary) {
  constexpr std::string_view kLabel = "Break-even fee";
  const Value fee = summary.break_even_fee_bp;
  if (fee && *fee < 0.0) return tile(kLabel, "none", "it would have lost without any fee");
  return tile(kLabel, number(fee, 3, " bp"), "a side; the settled result is zero there");
}

}  // namespace

Json synthetic_badge() {
  return badge("SYNTHETIC DATA", "warn", "Made by `toxvol synth`; no real market.");
}

Json headline(const RunFolder& folder, const OpenPart& open_end,
              const std::string& synthetic_label) {
  const Summary& summary = folder.summary;
  const std::int64_t positions = summary.positions;
  const std::int64_t open = open_positions(summary);
  // The one net result of the page: what is open counts at the mid.
  const Money change = summary.end_equity - summary.start_equity;
  const Money zero{};
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
        setting(folder, "costs", "funding") != false && is_input(folder, "fundingRate");
    tone = change > zero ? "gain" : change < zero ? "loss" : "none";
    const std::string_view word = change > zero   ? "A net gain"
                                  : change < zero ? "A net loss"
                                                  : "A net result";
    text = fmt::format("{} of {} USDT ({}) after fees{} slippage{}, from {} position{}{}.", word,
                       money(std::max(change, -change)), signed_percent(summary.total_return, 2),
                       has_funding ? "," : " and", has_funding ? " and funding" : "",
                       count(positions), positions == 1 ? "" : "s",
                       open > 0 ? fmt::format(" ({} still open)", count(open)) : std::string{}) +
           cap_note(summary);
    for (std::string& note : belief(folder, change)) notes.push_back(std::move(note));
    if (open > 0) {
      notes.push_back(fmt::format(
          "Of that, {} USDT is what the position still open is worth at the last mid: nobody has "
          "paid it yet. The rest, {} USDT, is settled.",
          signed_money(open_end.value), signed_money(change - open_end.value)));
    }
    notes.push_back(change < zero && !is_script(folder) && !run::is_own_signal(folder)
                        ? "A net loss after fees is the expected finding for a strategy of "
                          "this kind. " +
                              cost_note(summary)
                        : cost_note(summary));
  }
  if (run::is_own_signal(folder)) notes.push_back(signal_note(folder));
  if (!is_input(folder, "fundingRate")) {
    notes.push_back(
        "Funding was not paid and the regime was always neutral: there are no funding rates among "
        "the inputs.");
  }
  if (is_optimistic(folder)) {
    notes.push_back(
        "Settings of this run flatter it (see the marks above): take it for an upper bound.");
  }
  if (folder.run.synthetic) {
    notes.push_back(kSyntheticNote);
    if (auto planted = planted_note(synthetic_label); !planted.empty()) {
      notes.push_back(std::move(planted));
    }
  }
  return {{"tone", tone}, {"text", text}, {"notes", notes}};
}

Json badges(const RunFolder& folder, const std::optional<PresetNote>& preset) {
  const run::RunDocument& run = folder.run;
  Json list = Json::array();
  if (run.synthetic) {
    list.push_back(synthetic_badge());
  }
  if (is_script(folder)) {
    list.push_back(badge("ORDER SCRIPT", "info",
                         "The orders came from a file, not from the strategy. The factors beside "
                         "them are for comparison; nothing here judges the strategy."));
  }
  if (run::is_own_signal(folder)) {
    list.push_back(badge("A SIGNAL OF YOUR OWN", "info",
                         "Directions and sizes came from a signal that the user gave, not from "
                         "our factors; guards, exits, engine and costs are ours. The factors "
                         "beside it are for comparison."));
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
  for (const auto& [word, minutes] : folder.summary.degraded_minutes.absent) {
    list.push_back(badge(fmt::format("ABSENT: {}", missing_kind(word)), "warn",
                         fmt::format("No {} among the inputs: all {} minutes ran without. {}",
                                     missing_kind(word), count(minutes), absent_means(word))));
  }
  for (const auto& [word, minutes] : folder.summary.degraded_minutes.overdue) {
    list.push_back(badge(
        fmt::format("OVERDUE: {}", missing_kind(word)), "warn",
        fmt::format("In {} minutes the newest record of {} was older than its limit, or there "
                    "was none. {}",
                    count(minutes), missing_kind(word), overdue_means(word))));
  }
  if (run.instrument.source == "inferred") {
    list.push_back(badge("INFERRED INSTRUMENT", "warn",
                         "Tick and lot were guessed from the data; fees are VIP0, there are no "
                         "brackets."));
  }
  if (run.profile != "realistic") {
    list.push_back(badge(fmt::format("PROFILE: {}", run.profile), "warn",
                         "Fills follow NautilusTrader's matching of the best quote, which knows no "
                         "queue; made to compare the two programs."));
  }
  if (!is_native(folder)) {
    list.push_back(badge(fmt::format("ENGINE: {}", run.engine), "info",
                         "The run came out of another engine than toxvol's own."));
  }
  if (const std::int64_t open = open_positions(folder.summary); open > 0) {
    list.push_back(badge("OPEN AT THE END", "info",
                         "A position was open at the end; it is marked and not closed (X23)."));
  }
  return list;
}

Json tiles(const RunFolder& folder) {
  const Summary& s = folder.summary;
  Json list = Json::array();
  const std::int64_t open = open_positions(s);
  list.push_back(
      tile("Net result, USDT", signed_money(s.end_equity - s.start_equity),
           fmt::format("equity {} \u2192 {}{}", money(s.start_equity), money(s.end_equity),
                       open > 0 ? "; what is open counts at the mid" : "")));
  list.push_back(tile("Return", signed_percent(s.total_return, 3), "on the start equity"));
  list.push_back(tile("Max drawdown", percent(s.max_drawdown, 3), "of the highest equity"));
  list.push_back(sharpe_tile(folder));
  list.push_back(
      tile("Volatility, a year", percent(s.volatility_annual, 2), "of the minute returns"));
  const Value hold = s.avg_hold_s;
  list.push_back(tile("Positions", count(s.positions),
                      fmt::format("hit rate {}, held {} on average", percent(s.hit_rate, 1),
                                  hold ? duration(*hold) : number(hold, 0))));
  list.push_back(break_even_tile(s));
  list.push_back(tile("Turnover", number(s.turnover, 2, " \u00d7"),
                      fmt::format("of the start equity; {} maker", percent(s.maker_share, 1))));
  list.push_back(tile("Exposure", percent(s.exposure, 1), "of the time in a position"));
  list.push_back(tile("Orders", count(s.orders.submitted),
                      fmt::format("{} filled, {} canceled, {} rejected", count(s.orders.filled),
                                  count(s.orders.canceled), count(s.orders.rejected))));
  return list;
}

}  // namespace toxvol::report
