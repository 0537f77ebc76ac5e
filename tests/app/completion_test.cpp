#include "toxvol/app/completion.hpp"

#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include "toxvol/app/command_tree.hpp"
#include "toxvol/app/man_page.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::app {
namespace {

/// A program of one verb, and one below another.
struct Sample {
  CLI::App root{"sample: of a test", "toxvol"};
  std::string by;
  std::string path;
  bool deep = false;

  Sample() {
    root.add_flag("--json", deep, "For machines");
    auto* view = root.add_subcommand("view", "It's a [view]");
    view->add_option("path", path, "Folder")->required();
    view->add_option("--by", by, "Rows of one file")->check(CLI::IsMember{{"month", "year"}});
    auto* config = root.add_subcommand("config", "Of keys");
    config->add_subcommand("show", "All of it")->add_flag("--deep", deep, ".begins with a point");
  }
};

TEST(CommandTree, IsTheCommandLineAsDefined) {
  const Sample sample;
  const std::vector<VerbText> tree = command_tree(sample.root);
  ASSERT_EQ(tree.size(), 4U);
  EXPECT_EQ(tree[0].verbs, (std::vector<std::string>{"view", "config"}));
  EXPECT_EQ(tree[3].name(), "config show");
  const OptionText* by = nullptr;
  const OptionText* path = nullptr;
  for (const OptionText& option : tree[1].options) {
    if (option.name == "--by") by = &option;
    if (option.name == "path") path = &option;
  }
  ASSERT_NE(by, nullptr);
  EXPECT_EQ(by->choices, (std::vector<std::string>{"month", "year"}));
  ASSERT_NE(path, nullptr);
  EXPECT_TRUE(path->positional && path->required);
}

TEST(Completion, OfEachShellNamesVerbsOptionsAndChoices) {
  const Sample sample;
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion_script(command_tree(sample.root), shell);
    for (const char* word : {"view", "config", "show", "by", "month", "year", "deep", "json"}) {
      EXPECT_NE(script.find(word), std::string::npos) << shell << " " << word;
    }
  }
  EXPECT_THROW(static_cast<void>(completion_script(command_tree(sample.root), "tcsh")), UsageError);
}

TEST(ManPage, HasEveryVerbAndNoLineThatRoffTakesForARequest) {
  const Sample sample;
  const std::string page = man_page(command_tree(sample.root), "1.2.3");
  EXPECT_NE(page.find(".SS config show\n"), std::string::npos);
  EXPECT_NE(page.find("toxvol \\- of a test\n"), std::string::npos);
  EXPECT_NE(page.find("\\fB\\-\\-by\\fR \\fImonth|year\\fR"), std::string::npos);
  EXPECT_NE(page.find("\n\\&.begins with a point\n"), std::string::npos);
}

}  // namespace
}  // namespace toxvol::app
