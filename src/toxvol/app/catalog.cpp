#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/session.hpp"
#include "toxvol/catalog/jobs/upgrade.hpp"
#include "toxvol/catalog/store/view.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/market/data_folder.hpp"

namespace toxvol::app {

namespace {

struct ViewFlags {
  std::string catalog;
  std::string out;
  std::string by = "month";
  std::vector<std::string> symbols;
  bool plain = false;
};

void add_view(CLI::App& verb, Session& session) {
  auto* view = verb.add_subcommand(
      "view", "Copy a catalog into fewer, larger files, which NautilusTrader opens faster");
  auto flags = std::make_shared<ViewFlags>();
  view->add_option("--catalog", flags->catalog, "Catalog to read")->required();
  view->add_option("--out", flags->out, "Folder to make")->required();
  view->add_option("--by", flags->by, "Rows of one file")
      ->check(CLI::IsMember{{"month", "year"}})
      ->capture_default_str();
  view->add_option("--symbol", flags->symbols, "Only these symbols (default: all)");
  view->add_flag("--plain", flags->plain,
                 "Quotes and trades with NautilusTrader's columns alone, as its 2.0 wants them");
  view->callback([flags, &session] {
    for (const std::string& symbol : flags->symbols) jobs::check_symbol(symbol, "--symbol");
    jobs::check_catalog(flags->catalog);
    const catalog::ViewReport report = catalog::write_view(
        {.catalog = flags->catalog,
         .out = flags->out,
         .by = flags->by == "year" ? catalog::ViewBy::Year : catalog::ViewBy::Month,
         .symbols = flags->symbols,
         .plain = flags->plain},
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

void add_upgrade(CLI::App& verb, Session& session) {
  auto* upgrade = verb.add_subcommand(
      "upgrade", "Bring a catalog of an older toxvol up to date, without the raw files");
  auto folder = std::make_shared<std::string>();
  upgrade->add_option("CATALOG", *folder, "Catalog or view to upgrade, in place")->required();
  upgrade->callback([folder, &session] {
    session.goes_on = true;
    const catalog::UpgradeReport report = catalog::upgrade(*folder, *session.progress);
    session.progress.reset();
    if (session.json) {
      fmt::print("{}\n", nlohmann::ordered_json{{"catalog", *folder},
                                                {"was_older", report.was_older},
                                                {"files_rewritten", report.files_rewritten},
                                                {"files_added", report.files_added}}
                             .dump(1));
    } else if (!session.quiet && report.was_older) {
      fmt::print("{}: up to date now, {} files rewritten, {} added\n", *folder,
                 report.files_rewritten, report.files_added);
    } else if (!session.quiet) {
      fmt::print("{}: up to date already, nothing to do\n", *folder);
    }
  });
}

}  // namespace

void add_catalog(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand("catalog", "Work on a catalog");
  verb->require_subcommand(1);
  add_view(*verb, session);
  add_upgrade(*verb, session);
}

}  // namespace toxvol::app
