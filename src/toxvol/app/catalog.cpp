#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/arguments.hpp"
#include "toxvol/app/data_folder.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/catalog/view.hpp"

namespace toxvol::app {

namespace {

struct ViewFlags {
  std::string catalog;
  std::string out;
  std::string by = "month";
  std::vector<std::string> symbols;
};

}  // namespace

void add_catalog(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand("catalog", "Work on a catalog");
  verb->require_subcommand(1);
  auto* view = verb->add_subcommand(
      "view", "Copy a catalog into fewer, larger files, which NautilusTrader opens faster");
  auto flags = std::make_shared<ViewFlags>();
  view->add_option("--catalog", flags->catalog, "Catalog to read")->required();
  view->add_option("--out", flags->out, "Folder to make")->required();
  view->add_option("--by", flags->by, "Rows of one file")
      ->check(CLI::IsMember{{"month", "year"}})
      ->capture_default_str();
  view->add_option("--symbol", flags->symbols, "Only these symbols (default: all)");
  view->callback([flags, &session] {
    for (const std::string& symbol : flags->symbols) check_symbol(symbol, "--symbol");
    check_catalog(flags->catalog);
    const catalog::ViewReport report = catalog::write_view(
        {.catalog = flags->catalog,
         .out = flags->out,
         .by = flags->by == "year" ? catalog::ViewBy::Year : catalog::ViewBy::Month,
         .symbols = flags->symbols},
        *session.progress);
    session.progress.reset();
    if (session.json) {
      fmt::print("{}\n", nlohmann::ordered_json{{"out", flags->out},
                                                {"files_read", report.files_read},
                                                {"files_written", report.files_written},
                                                {"rows", report.rows}}
                             .dump(1));
    } else if (!session.quiet) {
      fmt::print("{}: {} rows of {} files in {}\n", flags->out, report.rows, report.files_read,
                 report.files_written);
    }
  });
}

}  // namespace toxvol::app
