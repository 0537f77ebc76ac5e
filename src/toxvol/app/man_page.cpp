#include "toxvol/app/man_page.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "toxvol/app/command_tree.hpp"

namespace toxvol::app {

namespace {

/// Text of roff's: hyphens that can be copied, backslashes, and no line that begins as a request.
std::string roff(std::string_view text) {
  std::string result;
  bool begins = true;
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
    begins = c == '\n';
  }
  return result;
}

void add_options(const VerbText& verb, std::string& text) {
  for (const OptionText& option : verb.options) {
    std::string name = fmt::format("\\fB{}\\fR", roff(option.name));
    if (!option.value.empty() && !option.positional) {
      name += fmt::format(" \\fI{}\\fR", roff(option.value));
    }
    text += fmt::format(".TP\n{}{}\n{}\n", name, option.required ? " (needed)" : "",
                        roff(option.meaning));
  }
}

std::string synopsis(const VerbText& verb) {
  std::string line = fmt::format("\\fBtoxvol {}\\fR", roff(verb.name()));
  for (const OptionText& option : verb.options) {
    if (option.positional) {
      const std::string name = fmt::format("\\fI{}\\fR", roff(option.name));
      line += option.required ? " " + name : " [" + name + "]";
    }
  }
  if (!verb.verbs.empty()) line += " \\fICOMMAND\\fR";
  return line + " [\\fIOPTION\\fR]…";
}

}  // namespace

std::string man_page(const std::vector<VerbText>& tree, std::string_view version) {
  const VerbText& program = tree.front();
  std::string text = fmt::format(
      ".TH TOXVOL 1 \"\" \"toxvol {}\" \"User Commands\"\n"
      ".SH NAME\ntoxvol \\- {}\n"
      ".SH SYNOPSIS\n\\fBtoxvol\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]…\n"
      ".SH OPTIONS OF EVERY COMMAND\n",
      roff(version), roff(program.meaning.substr(program.meaning.find(": ") + 2)));
  add_options(program, text);
  text += ".SH COMMANDS\n";
  for (const VerbText& verb : tree) {
    if (verb.path.empty()) continue;
    text +=
        fmt::format(".SS {}\n{}\n.PP\n{}\n", roff(verb.name()), synopsis(verb), roff(verb.meaning));
    add_options(verb, text);
  }
  text +=
      ".SH EXIT STATUS\n"
      ".TP\n0\ndone\n"
      ".TP\n1\nthe job failed, or a file's contents are bad\n"
      ".TP\n2\nwrong options\n"
      ".TP\n130\ninterrupted; what goes on when run again says so\n"
      ".PP\nAn error is one line on stderr: what, where, the value, what to do.\n";
  return text;
}

}  // namespace toxvol::app
