#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/command_tree.hpp"
#include "toxvol/app/completion.hpp"
#include "toxvol/app/man_page.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/core/version.hpp"

namespace toxvol::app {

void add_pages(CLI::App& root) {
  auto* completion = root.add_subcommand(
      "completion", "The completion script of a shell: source <(toxvol completion bash)");
  auto shell = std::make_shared<std::string>();
  completion->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember{{"bash", "zsh", "fish"}});
  completion->callback(
      [&root, shell] { fmt::print("{}", completion_script(command_tree(root), *shell)); });

  auto* man = root.add_subcommand("man", "The manual page: toxvol man | man -l -");
  man->callback([&root] { fmt::print("{}", man_page(command_tree(root), kVersion)); });
}

}  // namespace toxvol::app
