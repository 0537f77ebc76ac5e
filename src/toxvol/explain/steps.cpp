#include "toxvol/explain/steps.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/held.hpp"
#include "toxvol/strategy/step.hpp"

namespace toxvol::explain {

namespace {

using strategy::Step;

struct Words {
  std::string_view question;
  std::string_view yes;
  std::string_view no;
};

constexpr std::array kWords = {
    Words{"boundary", "a decision is due", "no decision is due in this minute"},
    Words{"quotes", "not overdue", "overdue, and something is missing for it"},
    Words{"inputs", "none that is needed is overdue", "one that is needed is overdue"},
    Words{"own_signal", "it wants a side", "it wants none, or none of your rows counted"},
    Words{"regime", "the regime is known",
          "a part of crowding is overdue, so the regime is not known"},
    Words{"crowding", "crowding is known, or not asked for", "no part of crowding is known yet"},
    Words{"enabled", "on", "off"},
    Words{"toxicity", "the flow can be trusted", "toxic"},
    Words{"compression", "compressed", "not compressed"},
    Words{"pressure", "strong enough", "too weak"},
    Words{"direction", "it has a sign", "it has no sign"},
    Words{"confirmation", "the flow turns against the crowd", "the flow does not confirm"},
    Words{"gap", "long enough ago", "too soon after a gap"},
    Words{"touch", "there is one", "there is none"},
    Words{"stale_quote", "young enough", "too old"},
    Words{"daily_loss", "within the limit", "the limit is reached, or was on this day"},
    Words{"flip", "true", "a position was left just now"},
    Words{"position", "flat", "in a position"},
    Words{"orders", "nothing is under way", "an order is under way"},
    Words{"resting", "true", "it is toxic"},
    Words{"spread", "wide enough", "too narrow"},
    Words{"size", "large enough to trade", "too small to trade"},
};

struct Meaning {
  std::string_view factor;
  std::string_view what;
};

/// What has to be known before anything can be decided, under the names of its columns.
constexpr std::array kMeanings = {
    Meaning{"p", "pressure"},
    Meaning{"sigma", "the usual move of a minute"},
    Meaning{"f1", "compression"},
    Meaning{"f2", "pressure of flow that is not toxic"},
    Meaning{"q_f1", "the threshold of compression"},
    Meaning{"q_p", "the threshold of pressure"},
    Meaning{"q_p_b", "the threshold of pressure in a crowd"},
    Meaning{"toxic", "whether flow is toxic"},
};

std::string known_words(const Step& step) {
  for (const Meaning& meaning : kMeanings) {
    if (meaning.factor == step.factor) {
      return fmt::format("{} is {}", meaning.what, step.holds ? "known" : "not known yet");
    }
  }
  return step.holds ? "known" : "not known yet";
}

std::string verdict(const Step& step) {
  if (step.question == "known") return known_words(step);
  for (const Words& words : kWords) {
    if (words.question == step.question) return std::string{step.holds ? words.yes : words.no};
  }
  return step.holds ? "yes" : "no";
}

std::string number(double value) {
  return fmt::format("{:.6g}", value);
}

/// What stands between the numbers, whether that was wanted or not.
std::string_view relation_of(const Step& step, double gap) {
  if (step.relation == "=") return gap == 0.0 || step.holds ? "=" : "is not";
  if (step.relation == "<=") return gap <= 0.0 ? "<=" : ">";
  return gap >= 0.0 ? ">=" : "<";
}

}  // namespace

std::optional<double> margin(const Step& step) {
  if (!step.value || !step.threshold || step.relation.empty() || step.relation == "=") {
    return std::nullopt;
  }
  const double gap = *step.value - *step.threshold;
  return step.relation == ">=" ? gap : -gap;
}

std::string words_of(const Step& step) {
  std::string words{step.factor};
  if (step.value) words += ' ' + number(*step.value);
  if (step.question == "confirmation" && step.value) {
    words += fmt::format(" {} the sign of f3 {}", step.holds ? "has" : "has not",
                         number(held(step.threshold)));
  } else if (step.value && step.threshold) {
    words += fmt::format(" {} {} {}", relation_of(step, *step.value - *step.threshold), step.limit,
                         number(*step.threshold));
  } else if (!step.limit.empty() && step.question != "confirmation") {
    words += step.threshold
                 ? fmt::format(" ({} {}: there was none)", step.limit, number(*step.threshold))
                 : fmt::format(" ({}: {})", step.limit, step.holds ? "no limit" : "not known");
  }
  words += fmt::format(": {}", verdict(step));
  const auto by = margin(step);
  if (!by) return words;
  // A gate that only scales lets toxic flow through.
  if (step.holds && *by < 0.0) return words + "; toxic by " + number(-*by) + ", which is no bar";
  if (step.holds) return words + fmt::format(" (by {})", number(*by));
  return words +
         fmt::format(" ({} {})", number(-*by), step.relation == ">=" ? "short" : "too much");
}

std::vector<std::string> lines_of(const std::vector<Step>& steps) {
  std::vector<std::string> lines;
  bool is_over = false;
  for (const Step& step : steps) {
    lines.push_back(fmt::format("  {:<4}{}{}",
                                is_over      ? ""
                                : step.holds ? "yes"
                                             : "NO",
                                words_of(step), is_over ? "  - not asked any more" : ""));
    is_over = is_over || !step.holds;
  }
  return lines;
}

}  // namespace toxvol::explain
