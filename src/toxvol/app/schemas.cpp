#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/session.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/run/schema.hpp"

namespace toxvol::app {

void add_schemas(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand("schemas", "Each column of a run folder: type, unit, meaning");
  verb->callback([&session] {
    if (!session.json) {
      fmt::print("{}", run::schemas_page());
      return;
    }
    auto json = nlohmann::ordered_json::object();
    for (const std::string_view table : run::kTables) {
      for (const run::ColumnFacts& fact : run::table_columns(table)) {
        json[std::string{table}].push_back({{"column", fact.column.name},
                                            {"type", columnar::name(fact.column.type)},
                                            {"nullable", fact.column.nullable},
                                            {"unit", fact.unit},
                                            {"meaning", fact.meaning},
                                            {"words", fact.words}});
      }
    }
    fmt::print("{}\n", json.dump());
  });
}

}  // namespace toxvol::app
