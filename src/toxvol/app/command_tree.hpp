#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace toxvol::app {

/// The command line as it is defined, for what is written from it: completion and the man page.
struct OptionText {
  std::string name;  // --preset; of a positional its name alone
  std::string meaning;
  std::string value;                 // what stands for its value in help; empty: a flag
  std::vector<std::string> choices;  // all values there are, where they are few
  bool positional = false;
  bool required = false;
};

struct VerbText {
  std::vector<std::string> path;  // config, show; empty: the program itself
  std::string meaning;
  std::vector<OptionText> options;  // its own, in the order of the help
  std::vector<std::string> verbs;   // below it

  [[nodiscard]] std::string name() const;  // `config show`
};

/// The program, then each verb, each followed by those below it.
[[nodiscard]] std::vector<VerbText> command_tree(const CLI::App& root);

}  // namespace toxvol::app
