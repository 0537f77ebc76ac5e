#include "toxvol/app/completion.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/command_tree.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::app {

namespace {

/// Between single quotes in any of the three shells.
std::string in_quotes(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c == '\n' ? ' ' : c;
    }
  }
  return result + "'";
}

bool goes_with_every_verb(const OptionText& option) {
  return option.name == "--quiet" || option.name == "--json";
}

/// Its own options and those of the program that go with every verb.
std::vector<OptionText> options_of(const VerbText& verb, const std::vector<VerbText>& tree) {
  std::vector<OptionText> options;
  for (const OptionText& option : verb.options) {
    if (!option.positional) options.push_back(option);
  }
  if (verb.path.empty()) return options;
  for (const OptionText& option : tree.front().options) {
    if (goes_with_every_verb(option)) options.push_back(option);
  }
  return options;
}

std::string names(const std::vector<OptionText>& options) {
  std::string text;
  for (const OptionText& option : options) text += (text.empty() ? "" : " ") + option.name;
  return text;
}

/// `case` patterns that move from a verb to the one below it.
std::string bash_steps(const std::vector<VerbText>& tree) {
  std::string steps;
  for (const VerbText& verb : tree) {
    for (const std::string& below : verb.verbs) {
      const std::string name = verb.path.empty() ? below : verb.name() + " " + below;
      steps += fmt::format("      '{}:{}') verb='{}' ;;\n", verb.name(), below, name);
    }
  }
  return steps;
}

std::string bash(const std::vector<VerbText>& tree) {
  std::string values;
  std::string words;
  for (const VerbText& verb : tree) {
    for (const OptionText& option : options_of(verb, tree)) {
      if (option.choices.empty()) {
        if (!option.value.empty()) {
          values += fmt::format("    '{}:{}') COMPREPLY=(); return ;;\n", verb.name(), option.name);
        }
        continue;
      }
      values += fmt::format("    '{}:{}') COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n",
                            verb.name(), option.name, fmt::join(option.choices, " "));
    }
    std::vector<std::string> first = verb.verbs;
    for (const OptionText& option : verb.options) {
      if (option.positional)
        first.insert(first.end(), option.choices.begin(), option.choices.end());
    }
    words += fmt::format("    '{}') flags='{}' words='{}' ;;\n", verb.name(),
                         names(options_of(verb, tree)), fmt::join(first, " "));
  }
  return fmt::format(
      R"(# Completion of toxvol for bash: source <(toxvol completion bash)
_toxvol() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" verb='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$verb:${{COMP_WORDS[i]}}" in
{}    esac
  done
  case "$verb:$before" in
{}  esac
  local flags='' words=''
  case "$verb" in
{}  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}}
complete -o bashdefault -o default -F _toxvol toxvol
)",
      bash_steps(tree), values, words);
}

std::string zsh(const std::vector<VerbText>& tree) {
  // An explanation stands in brackets, after which a colon begins the value.
  const auto escaped = [](const std::string& text) {
    std::string result;
    for (const char c : text) {
      if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
      result += c;
    }
    return result;
  };
  std::string functions;
  for (const VerbText& verb : tree) {
    std::string name = "_toxvol";
    for (const std::string& part : verb.path) name += "_" + part;
    std::string specs;
    for (const OptionText& option : options_of(verb, tree)) {
      std::string value;
      if (!option.value.empty()) {
        value = option.choices.empty() ? ":value:_files"
                                       : fmt::format(":value:({})", fmt::join(option.choices, " "));
      }
      specs += fmt::format(" \\\n    {}", in_quotes(fmt::format("*{}[{}]{}", option.name,
                                                                escaped(option.meaning), value)));
    }
    if (verb.verbs.empty()) {
      std::string where = ":path:_files";
      for (const OptionText& option : verb.options) {
        if (option.positional && !option.choices.empty()) {
          where = fmt::format(":{}:({})", option.name, fmt::join(option.choices, " "));
        }
      }
      functions += fmt::format("{}() {{\n  _arguments{} \\\n    {}\n}}\n", name, specs,
                               in_quotes("*" + where));
      continue;
    }
    std::string below;
    std::string cases;
    for (const VerbText& other : tree) {
      if (other.path.size() != verb.path.size() + 1 ||
          !std::equal(verb.path.begin(), verb.path.end(), other.path.begin())) {
        continue;
      }
      below += fmt::format(" {}", in_quotes(other.path.back() + ":" + other.meaning));
      cases += fmt::format("      {}) {}_{} ;;\n", other.path.back(), name, other.path.back());
    }
    functions += fmt::format(
        "{0}() {{\n  local -a verbs\n  local line state\n  verbs=({1})\n  _arguments -C{2} \\\n"
        "    '1: :->verb' '*:: :->rest'\n  case $state in\n    verb) _describe command verbs ;;\n"
        "    rest) case $line[1] in\n{3}    esac ;;\n  esac\n}}\n",
        name, below, specs, cases);
  }
  return fmt::format(
      "#compdef toxvol\n# Completion of toxvol for zsh: source <(toxvol completion zsh), or a file "
      "_toxvol in $fpath\n{}if [ \"$funcstack[1]\" = _toxvol ]; then _toxvol \"$@\"; else compdef "
      "_toxvol toxvol; fi\n",
      functions);
}

std::string fish(const std::vector<VerbText>& tree) {
  std::string text =
      "# Completion of toxvol for fish: toxvol completion fish | source\n"
      "function __toxvol_is\n"
      "    set -l words (commandline -opc)[2..]\n"
      "    set -l verb\n"
      "    for word in $words\n"
      "        string match -q -- '-*' $word; or set -a verb $word\n"
      "    end\n"
      "    string match -qr -- \"^$argv[1]\" \"$verb\"\n"
      "end\n";
  for (const VerbText& verb : tree) {
    const std::string name = verb.name();
    const std::string here =
        in_quotes(fmt::format("__toxvol_is '{}'", verb.path.empty() ? "$" : name + "( |$)"));
    const std::string exact = in_quotes(fmt::format("__toxvol_is '{}$'", name));
    for (const VerbText& other : tree) {
      if (other.path.size() != verb.path.size() + 1 ||
          !std::equal(verb.path.begin(), verb.path.end(), other.path.begin())) {
        continue;
      }
      text +=
          fmt::format("complete -c toxvol -f -n {} -a {} -d {}\n", verb.path.empty() ? here : exact,
                      other.path.back(), in_quotes(other.meaning));
    }
    for (const OptionText& option : verb.options) {
      if (option.positional) {
        if (option.choices.empty()) continue;
        text += fmt::format("complete -c toxvol -f -n {} -a {}\n", exact,
                            in_quotes(fmt::format("{}", fmt::join(option.choices, " "))));
        continue;
      }
      std::string value;
      if (!option.value.empty()) value = " -r";
      if (!option.choices.empty()) {
        value =
            fmt::format(" -x -a {}", in_quotes(fmt::format("{}", fmt::join(option.choices, " "))));
      }
      const bool always = goes_with_every_verb(option);
      text +=
          fmt::format("complete -c toxvol{}{} -l {}{} -d {}\n", always ? "" : " -n ",
                      always ? "" : here, option.name.substr(2), value, in_quotes(option.meaning));
    }
  }
  return text;
}

}  // namespace

std::string completion_script(const std::vector<VerbText>& tree, std::string_view shell) {
  if (shell == "bash") return bash(tree);
  if (shell == "zsh") return zsh(tree);
  if (shell == "fish") return fish(tree);
  throw UsageError{fmt::format("completion {}: there is bash, zsh and fish", shell)};
}

}  // namespace toxvol::app
