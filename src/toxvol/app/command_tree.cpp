#include "toxvol/app/command_tree.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace toxvol::app {

namespace {

/// CLI11 names the values of a checked set `NAME:{a,b}`.
std::vector<std::string> choices_of(std::string_view type) {
  std::vector<std::string> choices;
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return choices;
  std::string_view rest = type.substr(open + 1, close - open - 1);
  while (true) {
    const std::size_t comma = rest.find(',');
    choices.emplace_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) return choices;
    rest.remove_prefix(comma + 1);
  }
}

OptionText describe(const CLI::Option& option) {
  OptionText text;
  text.positional = option.get_lnames().empty();
  text.name = text.positional ? option.get_name(true) : "--" + option.get_lnames().front();
  text.meaning = option.get_description();
  text.required = option.get_required();
  if (option.get_items_expected_max() == 0) return text;
  const std::string type = option.get_type_name();
  text.choices = choices_of(type);
  text.value = text.choices.empty() ? type : fmt::format("{}", fmt::join(text.choices, "|"));
  return text;
}

void add(const CLI::App& app, const std::vector<std::string>& path, std::vector<VerbText>& tree) {
  VerbText verb;
  verb.path = path;
  verb.meaning = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty() && !option->get_positional()) continue;
    verb.options.push_back(describe(*option));
  }
  const auto below = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* sub : below) verb.verbs.push_back(sub->get_name());
  tree.push_back(std::move(verb));
  for (const CLI::App* sub : below) {
    std::vector<std::string> deeper = path;
    deeper.push_back(sub->get_name());
    add(*sub, deeper, tree);
  }
}

}  // namespace

std::string VerbText::name() const {
  return fmt::format("{}", fmt::join(path, " "));
}

std::vector<VerbText> command_tree(const CLI::App& root) {
  std::vector<VerbText> tree;
  add(root, {}, tree);
  return tree;
}

}  // namespace toxvol::app
