#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "toxvol/config/value.hpp"
#include "toxvol/core/duration.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_toml.hpp"
#include "toxvol/study/folds.hpp"

namespace toxvol::study {

namespace {

constexpr std::int64_t kMostPositions = 1'000'000;

/// Whole hours (R37), at least `least` of them.
void read_hours(const TomlTable& table, std::string_view name, int least, Duration& value) {
  const toml::node* node = table.find(name);
  if (node == nullptr) return;
  const auto* text = node->as_string();
  const auto length = text != nullptr ? parse_duration(text->get()) : std::nullopt;
  if (!length || *length < std::chrono::hours{least} ||
      *length % std::chrono::hours{1} != Duration::zero()) {
    table.fail_value(name, *node,
                     least > 0 ? "a duration of whole hours up to 3650d, such as \"7d\" or \"36h\""
                               : "a duration of whole hours up to 3650d, such as \"0s\" or \"6h\"");
  }
  value = *length;
}

using Objective = WalkForward::Objective;
using Fallback = WalkForward::Fallback;
using Fit = WalkForward::Fit;

constexpr Word<FoldScheme> kSchemes[] = {{"rolling", FoldScheme::Rolling},
                                         {"anchored", FoldScheme::Anchored}};
constexpr Word<Objective> kObjectives[] = {{"sharpe", Objective::Sharpe},
                                           {"sharpe_lcb", Objective::SharpeLcb},
                                           {"net", Objective::Net},
                                           {"pos_bp", Objective::PosBp}};
constexpr Word<Fallback> kFallbacks[] = {{"base", Fallback::Base}, {"flat", Fallback::Flat}};
constexpr Word<Fit> kFits[] = {{"quantiles", Fit::Quantiles},
                               {"bucket", Fit::Bucket},
                               {"theta", Fit::Theta},
                               {"z", Fit::Z},
                               {"har", Fit::Har}};

template <class T, std::size_t kCount>
void read_word(const TomlTable& table, std::string_view name, const Word<T> (&words)[kCount],
               T& value) {
  if (const auto* node = table.find(name)) value = table.word<T>(name, *node, words);
}

template <class T, std::size_t kCount>
std::string word_of(const Word<T> (&words)[kCount], T value) {
  for (const auto& [word, meaning] : words) {
    if (meaning == value) return std::string{word};
  }
  return "";
}

}  // namespace

WalkForward parse_walkforward(const toml::table& toml, const std::string& file) {
  const TomlTable table{toml,
                        file,
                        "[walkforward]",
                        {"scheme", "train", "test", "purge", "embargo", "objective",
                         "min_positions", "fallback", "require_positive", "fit"}};
  WalkForward w;
  read_word(table, "scheme", kSchemes, w.scheme);
  read_hours(table, "train", 1, w.train);
  read_hours(table, "test", 1, w.test);
  read_hours(table, "embargo", 0, w.embargo);
  if (const auto* node = table.find("purge"); node && node->value<std::string>() != "auto") {
    w.purge.emplace();
    read_hours(table, "purge", 0, *w.purge);
  }
  read_word(table, "objective", kObjectives, w.objective);
  if (const auto* node = table.find("min_positions")) {
    w.min_positions = table.whole("min_positions", *node, 0, kMostPositions);
  }
  read_word(table, "fallback", kFallbacks, w.fallback);
  if (const auto* node = table.find("require_positive")) {
    w.require_positive = table.flag("require_positive", *node);
  }
  if (const auto* node = table.find("fit")) {
    const auto* list = node->as_array();  // may be empty: nothing is fitted then
    if (list == nullptr) table.fail_value("fit", *node, "a list such as [\"quantiles\"]");
    w.fit.clear();
    for (const toml::node& element : *list) {
      const Fit fit = table.word<Fit>("fit", element, kFits);
      if (std::find(w.fit.begin(), w.fit.end(), fit) != w.fit.end()) {
        table.fail_value("fit", *node, "each word once");
      }
      w.fit.push_back(fit);
    }
  }
  return w;
}

std::vector<std::pair<std::string_view, std::string>> spelled(const WalkForward& w) {
  const auto text = [](const std::string& value) { return config::to_toml(config::Value{value}); };
  const auto length = [&](Duration value) { return text(to_text(value)); };
  std::vector<std::string> fits;
  fits.reserve(w.fit.size());
  for (const Fit fit : w.fit) fits.push_back(word_of(kFits, fit));
  return {{"scheme", text(word_of(kSchemes, w.scheme))},
          {"train", length(w.train)},
          {"test", length(w.test)},
          {"purge", w.purge ? length(*w.purge) : text("auto")},
          {"embargo", length(w.embargo)},
          {"objective", text(word_of(kObjectives, w.objective))},
          {"min_positions", std::to_string(w.min_positions)},
          {"fallback", text(word_of(kFallbacks, w.fallback))},
          {"require_positive", w.require_positive ? "true" : "false"},
          {"fit", config::to_toml(config::Value{fits})}};
}

}  // namespace toxvol::study
