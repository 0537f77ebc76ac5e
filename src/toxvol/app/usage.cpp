#include "toxvol/app/usage.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/core/spelling.hpp"

namespace toxvol::app {

namespace {

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(verb->get_name());
  }
  return names;
}

std::vector<std::string> flag_names(const std::vector<const CLI::App*>& chosen) {
  std::vector<std::string> names;
  for (const CLI::App* app : chosen) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string unknown(std::string_view what, const std::string& asked,
                    const std::vector<std::string>& names, const std::string& help) {
  if (const auto nearest = nearest_name(asked, names)) {
    return fmt::format("{}: no such {}; did you mean {}? ({})", asked, what, *nearest, help);
  }
  return fmt::format("{}: no such {} ({})", asked, what, help);
}

}  // namespace

std::string usage_error(const CLI::App& root, const CLI::ParseError& error) {
  std::vector<const CLI::App*> chosen{&root};  // with the verb, and that of `config` or `catalog`
  while (!chosen.back()->get_subcommands().empty()) {
    chosen.push_back(chosen.back()->get_subcommands().front());
  }
  std::string command = "toxvol";
  for (std::size_t i = 1; i < chosen.size(); ++i) command += " " + chosen[i]->get_name();
  const std::string help = command + " --help";
  const std::vector<std::string> verbs = verb_names(*chosen.back());

  const std::vector<std::string> left = root.remaining(true);
  const auto word = std::find_if(left.begin(), left.end(),
                                 [](const std::string& text) { return !text.starts_with("-"); });
  if (!verbs.empty()) {
    if (word == left.end()) {
      return fmt::format("{}say what to do: {} ({})",
                         chosen.size() > 1 ? chosen.back()->get_name() + ": " : "",
                         fmt::join(verbs, ", "), help);
    }
    return unknown("command", *word, verbs, help);
  }
  const auto flag = std::find_if(left.begin(), left.end(), [](const std::string& text) {
    return text.size() > 1 && text.starts_with("-");
  });
  if (flag != left.end()) {
    return unknown("option", flag->substr(0, flag->find('=')), flag_names(chosen), help);
  }
  if (word != left.end()) {
    return fmt::format("{}: one argument too many; quote a name with spaces ({})", *word, help);
  }
  return fmt::format("{} ({})", error.what(), help);
}

}  // namespace toxvol::app
