#include "toxvol/run/schema.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/optional.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::run {

namespace {

using columnar::ColumnType;

/// How a value of type T stands in a table.
template <class T>
constexpr ColumnType type_of() {
  if constexpr (std::is_same_v<T, Timestamp>) return ColumnType::Timestamp;
  if constexpr (std::is_same_v<T, bool>) return ColumnType::Bool;
  if constexpr (std::is_same_v<T, double>) return ColumnType::Float64;
  if constexpr (std::is_same_v<T, std::int8_t>) return ColumnType::Int8;
  if constexpr (std::is_same_v<T, std::int32_t>) return ColumnType::Int32;
  if constexpr (std::is_same_v<T, std::int64_t>) return ColumnType::Int64;
  if constexpr (requires { T::from_raw(std::int64_t{}); }) return ColumnType::Decimal;
  return ColumnType::Text;
}

template <class T>
constexpr std::string_view unit_of() {
  if constexpr (std::is_same_v<T, Price>) return "quote/base";
  if constexpr (std::is_same_v<T, Qty>) return "base";
  if constexpr (std::is_same_v<T, Money>) return "quote";
  return {};
}

/// Visits the columns of a record for what docs/schemas.md tells of them.
template <class Record>
struct Facts {
  std::vector<ColumnFacts> all;

  template <class Member>
  void column(std::string_view name, const Member& /*member*/, const About& about) {
    add<std::remove_cvref_t<std::invoke_result_t<Member, const Record&>>>(name, about);
  }
  template <class Member, class Code>
  void text(std::string_view name, const Member& member, const Code& code, const About& about) {
    column(name, member, about);
    all.back().column.type = ColumnType::Text;
    all.back().words = code.words();
  }
  template <class Get, class Set>
  void computed(std::string_view name, const Get& get, const Set& /*set*/, const About& about) {
    column(name, get, about);
  }

 private:
  template <class Value>
  void add(std::string_view name, const About& about) {
    if constexpr (kIsOptional<Value>) {
      add<typename Value::value_type>(name, about);
      all.back().column.nullable = true;
    } else {
      ColumnFacts& fact = all.emplace_back();
      fact.column.name = name;
      fact.column.type = type_of<Value>();
      fact.unit = about.unit.empty() ? unit_of<Value>() : about.unit;
      fact.meaning = about.meaning;
      if (!about.group.empty()) {
        fact.meaning = fmt::format("[{0}](factors/{0}.md): {1}", about.group, about.meaning);
      }
      for (const std::string_view word : trading::kWords<Value>) {
        if (word.empty()) {
          fact.column.nullable = true;
        } else {
          fact.words.emplace_back(word);
        }
      }
    }
  }
};

template <class Record>
std::vector<ColumnFacts> facts_of() {
  Facts<Record> facts;
  columns(std::type_identity<Record>{}, facts);
  return facts.all;
}

columnar::Schema schema_of(const std::vector<ColumnFacts>& facts) {
  columnar::Schema schema;
  for (const ColumnFacts& fact : facts) schema.push_back(fact.column);
  return schema;
}

/// What a row of each table is, in the order of `kTables`.
constexpr std::string_view kRows[] = {
    ("One row for each closed minute in `[from, to)`, by `ts`. `toxvol factors` writes the columns "
     "up to\n`mode`."),
    ("One row for each order that was sent, by `ts_submit`, order number. Times are exchange times, "
     "whole\nmilliseconds, but for `ts_decision` and `ts_submit`."),
    "One row for each order and each cancel that was sent, by `seq`.",
    "One row for each fill, by `ts`, `fill_id`.",
    "One row for each position, from flat to flat, by `ts_open`.",
    ("One row at the start, at each minute's end, fill, funding payment and liquidation, and at the "
     "end;\nby `seq`.")};
static_assert(std::size(kRows) == kTables.size());

}  // namespace

std::vector<ColumnFacts> table_columns(std::string_view table) {
  std::vector<ColumnFacts> facts;
  const auto see = [&]<class... Record>(const std::tuple<Record...>*) {
    static_cast<void>(((table == table_of<Record>() && (facts = facts_of<Record>(), true)) || ...));
  };
  see(static_cast<const Records*>(nullptr));
  if (facts.empty()) throw Error("no table " + std::string{table} + " in a run folder");
  return facts;
}

columnar::Schema table_schema(std::string_view table) {
  return schema_of(table_columns(table));
}

columnar::Schema factors_schema() {
  return schema_of(facts_of<factors::FactorRow>());
}

std::string schemas_page() {
  std::string page;
  for (std::size_t i = 0; i < kTables.size(); ++i) {
    page += fmt::format(
        "### {}.parquet\n\n{}\n\n| column | type | unit | meaning |\n|---|---|---|---|\n",
        kTables[i], kRows[i]);
    for (const ColumnFacts& fact : table_columns(kTables[i])) {
      std::string meaning = fact.meaning;
      if (!fact.words.empty()) {
        if (!meaning.empty()) meaning += ": ";
        for (const std::string& word : fact.words) {
          meaning += word == "…" ? word : fmt::format("`{}`", word);
          if (&word != &fact.words.back()) meaning += ' ';
        }
      }
      page += fmt::format("| `{}` | {}{} | {} | {} |\n", fact.column.name,
                          columnar::name(fact.column.type), fact.column.nullable ? "?" : "",
                          fact.unit, meaning);
    }
    page += '\n';
  }
  return page;
}

}  // namespace toxvol::run
