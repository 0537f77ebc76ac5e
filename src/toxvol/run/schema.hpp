#pragma once

#include <array>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

/// The tables of a run folder by what a row of each is, in the order in which they are listed
/// everywhere. Their columns: columns.hpp.
using Records = std::tuple<strategy::DecisionRow, trading::OrderRecord, trading::CommandRecord,
                           trading::FillRecord, trading::PositionRecord, trading::EquityRecord>;
inline constexpr std::array<std::string_view, std::tuple_size_v<Records>> kTables = {
    "decisions", "orders", "commands", "fills", "positions", "equity"};

/// The name of the table whose rows are `Record`.
template <class Record>
[[nodiscard]] constexpr std::string_view table_of() {
  return []<class... R>(const std::tuple<R...>*) {
    std::size_t at = 0;
    static_cast<void>(((std::is_same_v<R, Record> || (++at, false)) || ...));
    return kTables.at(at);
  }(static_cast<const Records*>(nullptr));
}

/// A column as docs/schemas.md tells of it.
struct ColumnFacts {
  columnar::Column column;
  std::vector<std::string> words;  // what a text can be
  std::string unit;
  std::string meaning;  // Markdown
};

/// Throw `Error` for a name that is none of `kTables`.
[[nodiscard]] std::vector<ColumnFacts> table_columns(std::string_view table);
[[nodiscard]] columnar::Schema table_schema(std::string_view table);

/// Of what `toxvol factors` writes.
[[nodiscard]] columnar::Schema factors_schema();

/// The sections of docs/schemas.md about the tables, as Markdown.
[[nodiscard]] std::string schemas_page();

}  // namespace toxvol::run
