#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/units.hpp"
#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/json_value.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_evaluate.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

namespace {

constexpr double kCoin = 50.0;  // per cent

std::optional<double> in_percent(const std::optional<double>& fraction) {
  return fraction ? std::optional{kPercent * *fraction} : std::nullopt;
}

/// A class of markouts, as a line of a figure.
struct Class {
  std::string_view fate;
  std::string_view ref;
  std::string_view label;
  std::string_view tone;
};

Json markout_figure(const Json& rows, Figure figure, const std::vector<Class>& classes,
                    const std::string& words) {
  std::vector<std::int64_t> times;
  for (const Json& row : rows) {
    const std::int64_t tau = integer(row, "tau_s");
    if (std::find(times.begin(), times.end(), tau) == times.end()) times.push_back(tau);
  }
  std::vector<std::string> names;
  names.reserve(times.size());
  for (const std::int64_t tau : times) names.push_back(horizon_text(tau));
  std::vector<Json> cells;
  cells.reserve(names.size());
  for (const std::string& name : names) cells.push_back({name});
  for (const Class& one : classes) {
    std::array<Values, 3> values;
    values.fill(Values(times.size()));
    for (const Json& row : rows) {
      if (text(row, "class") != one.fate || text(row, "ref") != one.ref) continue;
      const auto at = static_cast<std::size_t>(
          std::find(times.begin(), times.end(), integer(row, "tau_s")) - times.begin());
      values[0].at(at) = real(row, "mean");
      values[1].at(at) = real(row, "lo");
      values[2].at(at) = real(row, "hi");
    }
    for (std::size_t i = 0; i < times.size(); ++i) cells[i].push_back(number(values[0][i], 2));
    figure.series(one.label, one.tone, values[0], values[1], values[2]);
  }
  for (Json& row : cells) figure.row(std::move(row));
  figure.x_names("after", names);
  figure.y("bp for our side");
  return figure.finish(words);
}

Json markout_rows(const Json& rows) {
  Json all = table("Markouts",
                   "How far the mid stood in our favour after so long, in bp: from the fill's own "
                   "price, from the mid at the fill, or from the mid when the order was accepted.",
                   {{"entries", false},
                    {"measured from", false},
                    {"after", false},
                    {"mean, bp", true, Gain::Good},
                    {"95 % from"},
                    {"to"},
                    {"median"},
                    {"below 0"},
                    {"entries"},
                    {"queue model", false},
                    {"note", false}});
  for (const Json& row : rows) {
    const std::string ref = text(row, "ref");
    std::string from = "the mid at acceptance";
    if (ref == "price") from = "the price paid";
    if (ref == "mid") from = "the mid at the fill";
    all["rows"].push_back({text(row, "class"), from, horizon_text(integer(row, "tau_s")),
                           number(real(row, "mean"), 2), number(real(row, "lo"), 2),
                           number(real(row, "hi"), 2), number(real(row, "median"), 2),
                           percent(real(row, "negative"), 1), count(integer(row, "n")),
                           text(row, "queue"), note_words(text(row, "note"))});
  }
  return all;
}

/// How often pressure was right at a horizon of whole minutes.
std::optional<double> hit_at(const Json& study, std::int64_t minutes) {
  for (const Json& line : study.at("decay")) {
    if (text(line, "signal") == "p" && text(line, "subset") == "all" &&
        text(line, "placebo") == "none" && integer(line, "horizon_s") == minutes * kMinuteSeconds) {
      return real(line, "hit");
    }
  }
  return std::nullopt;
}

}  // namespace

Json maker_part(const Json& study) {
  const Json& makers = study.at("makers");
  const Json& rows = makers.at("markouts");
  Json part = study_part("makers", "Resting entries",
                         "What the price did after resting entries were filled, and after they "
                         "were not",
                         "Resting entries: " + evaluate_words(study, "makers"));
  if (rows.empty()) return part;
  part["figures"].push_back(markout_figure(
      rows,
      Figure{"markouts-fill",
             "lines",
             "After a fill",
             "The mean of filled entries with its interval of 95 %: from the price that was paid, "
             "and from the mid at that moment. What lies between them is half the spread.",
             {{"after", false}, {"from the price, bp"}, {"from the mid, bp"}}},
      {{"filled", "price", "from the price paid", "main"},
       {"filled", "mid", "from the mid at the fill", "amber"}},
      "A line that falls below 0 says that the price ran through the order: others chose when to "
      "fill it."));
  part["figures"].push_back(markout_figure(
      rows,
      Figure{
          "markouts-accepted",
          "lines",
          "Filled against not filled",
          "The mean from the moment the order was accepted: of entries that were filled, of those "
          "that ended without a fill, and of both, which is what a fill at once would have seen.",
          {{"after", false}, {"filled, bp"}, {"not filled, bp"}, {"both, bp"}}},
      {{"filled", "accepted", "filled", "bad"},
       {"unfilled", "accepted", "not filled", "good"},
       {"both", "accepted", "both", "grey"}},
      evaluate_words(study, "makers")));
  Json cost = table("Adverse selection",
                    "Filled less both, from acceptance: what it costs that others choose which of "
                    "our orders they fill.",
                    {{"after", false}, {"bp", true, Gain::Good}});
  for (const Json& one : makers.at("adverse_selection")) {
    cost["rows"].push_back({horizon_text(integer(one, "tau_s")), number(real(one, "bp"), 2)});
  }
  part["tables"].push_back(std::move(cost));
  part["tables"].push_back(markout_rows(rows));
  return part;
}

Json cost_part(const Json& study) {
  const Json& costs = study.at("costs");
  Json part =
      study_part("costs", "Costs", "How often a bet has to be right to pay its fees",
                 "Fees of a round trip at the run's tier, for a bet that wins as much as it "
                 "loses and lasts so long. Slippage is not in it.");
  Figure figure{"needed",
                "lines",
                "Right how often?",
                "The share of bets that have to be right, by how long a bet lasts, for the three "
                "ways to get in and out. Where there is no line nothing is right often enough: "
                "the market does not move as far as the fees. The broken line is a coin.",
                {{"a bet of", false},
                 {"two orders that take, %"},
                 {"one rests, one takes, %"},
                 {"both rest, %"}}};
  std::vector<std::string> names;
  std::array<Values, 3> needed;
  const std::array<const char*, 3> keys = {"taker_taker", "maker_taker", "maker_maker"};
  for (const Json& row : costs.at("needed")) {
    names.push_back(horizon_text(integer(row, "minutes") * kMinuteSeconds));
    Json cells = {names.back()};
    for (std::size_t i = 0; i < keys.size(); ++i) {
      needed.at(i).push_back(in_percent(real(row, keys.at(i))));
      cells.push_back(number(needed.at(i).back(), 1));
    }
    figure.row(std::move(cells));
  }
  figure.x_names("a bet of", names);
  figure.y("% that have to be right");
  figure.series("two orders that take", "bad", needed[0]);
  figure.series("one rests, one takes", "amber", needed[1]);
  figure.series("both rest", "main", needed[2]);
  figure.level(kCoin, "", "grey");  // a coin
  part["figures"].push_back(figure.finish(fmt::format(
      "In the usual minute the market moves {} bp. A round trip of the run costs {} bp.",
      number(real(costs, "sigma_bp"), 2), number(real(costs, "cost_bp"), 2))));
  Json round_trips = table("A round trip", fmt::format("Fees of tier {}.", text(costs, "tier")),
                           {{"in and out", false}, {"bp"}, {"of this run", false}});
  const std::string own = text(costs, "cost_of");
  for (const auto& [key, label] :
       {std::pair{"taker_taker", "two orders that take"},
        std::pair{"maker_taker", "one rests, one takes"}, std::pair{"maker_maker", "both rest"}}) {
    round_trips["rows"].push_back(
        {label, number(real(costs, fmt::format("{}_bp", key)), 2), own == key ? "yes" : ""});
  }
  part["tables"].push_back(std::move(round_trips));
  return part;
}

Json horizon_part(const Json& study) {
  const Json& costs = study.at("costs");
  Json part = study_part("horizon", "Break-even horizon", "From which horizon on would it pay?",
                         evaluate_words(study, "costs"));
  Figure figure{"break-even",
                "lines",
                "How often pressure was right, and had to be",
                "By how long a bet lasts: the share of moves whose direction pressure had, and the "
                "share that would pay the run's own fees. Where the first lies above the second, "
                "bets of all minutes would have paid. The broken line is a coin.",
                {{"a bet of", false}, {"was right, %"}, {"had to be, %"}}};
  const std::string own = text(costs, "cost_of");
  std::vector<std::string> names;
  Values was;
  Values had;
  std::int64_t paid = 0;
  std::int64_t known = 0;
  for (const Json& row : costs.at("needed")) {
    const std::int64_t minutes = integer(row, "minutes");
    names.push_back(horizon_text(minutes * kMinuteSeconds));
    const std::optional<double> right = in_percent(hit_at(study, minutes));
    const std::optional<double> needed = in_percent(real(row, own));
    was.push_back(right);
    had.push_back(needed);
    if (right) {
      ++known;
      if (needed && *right > *needed) ++paid;
    }
    figure.row({names.back(), number(right, 1), number(needed, 1)});
  }
  figure.x_names("a bet of", names);
  figure.y("%");
  figure.series("was right", "main", was);
  figure.series("had to be right", "bad", had);
  figure.level(kCoin, "", "grey");  // a coin
  part["figures"].push_back(
      figure.finish(known == 0 ? "How often pressure was right is not known."
                               : fmt::format("It was right often enough at {} of {} lengths.",
                                             count(paid), count(known))));
  return part;
}

Json capacity_part(const Json& study) {
  const Json& capacity = study.at("capacity");
  Json part = study_part("capacity", "Capacity", "How much money would it carry?",
                         "In two ways. " + evaluate_words(study, "capacity"));
  Figure figure{
      "ladder",
      "bars",
      "The same strategy with other sizes",
      "Mean net result of a closed position in bp of its size, with its interval of 95 %, "
      "when all limits of size are multiplied. The only impact in these runs is that of "
      "one's own fills within a second, so the capacity read here is an upper bound.",
      {{"times the size", false},
       {"net, bp", true, Gain::Good},
       {"95 % from"},
       {"to"},
       {"slippage, bp", true, Gain::Bad},
       {"positions"},
       {"note", false}}};
  std::vector<std::string> names;
  Values net;
  Values low;
  Values high;
  for (const Json& row : capacity.at("ladder")) {
    names.push_back(fmt::format("{}", real(row, "multiple").value_or(0.0)));
    net.push_back(real(row, "net_bp"));
    low.push_back(real(row, "lo"));
    high.push_back(real(row, "hi"));
    figure.row({names.back(), number(net.back(), 2), number(low.back(), 2), number(high.back(), 2),
                number(real(row, "slippage_bp"), 3), count(integer(row, "positions")),
                note_words(text(row, "note"))});
  }
  figure.x_names("times the size", names);
  figure.y("bp of a position");
  figure.series("net", "good", net, low, high);
  const std::string why_not = note_words(text(capacity, "ladder_note"));
  if (!why_not.empty()) {
    part["figures"].push_back(
        figure.finish(fmt::format("Other sizes were not tried ({}).", why_not)));
  } else {
    const auto most = real(capacity, "ladder_multiple");
    part["figures"].push_back(figure.finish(
        most && *most > 0.0
            ? fmt::format("The largest size with a mean above 0 is {} times that of the run.",
                          *most)
            : std::string{"At no size is the mean above 0."}));
  }
  Json rule =
      table("By a rule of thumb",
            "The square-root law: an order moves the price by the volatility of a day times "
            "the root of its share in the day's volume. An estimate.",
            {{"what", false}, {"USDT"}});
  rule["rows"].push_back(
      {"traded in the market on a day", number(real(capacity, "day_volume_usdt"), 0)});
  rule["rows"].push_back({"what the edge would carry, 0 where it is below its cost",
                          number(real(capacity, "square_root_usdt"), 0)});
  part["tables"].push_back(std::move(rule));
  return part;
}

}  // namespace toxvol::report
