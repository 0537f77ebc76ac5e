#include "toxvol/study/compare.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_text.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/run/table_rows.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/equity_curve.hpp"
#include "toxvol/study/json_value.hpp"
#include "toxvol/study/pairs.hpp"
#include "toxvol/study/recorded.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using run::TableRows;

/// The columns of a row's signal, and with what became of it.
constexpr std::array<std::string_view, 2> kSignal = {"alpha", "direction"};
constexpr std::array<std::string_view, 3> kDecided = {"alpha", "direction", "reason"};

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A table of decisions, and where it stands.
class Decisions {
 public:
  Decisions(const fs::path& run, Timestamp from) : rows_{run / "decisions.parquet"} {
    do {
      advance();
    } while (ts_ && *ts_ - kMinute < from);
  }
  void advance() {
    ts_ = rows_.advance() ? std::optional{from_ns(held(rows_.column(0).integer(rows_.row())))}
                          : std::nullopt;
  }
  /// Of the row; empty at the end.
  [[nodiscard]] std::optional<Timestamp> ts() const { return ts_; }
  [[nodiscard]] const TableRows& rows() const { return rows_; }

 private:
  TableRows rows_;
  std::optional<Timestamp> ts_;
};

RowDifference difference(const TableRows& first, const TableRows& other, Timestamp ts) {
  RowDifference found{.ts = ts, .columns = {}};
  for (std::size_t i = 0; i < first.schema().size(); ++i) {
    if (is_equal(first, other, i)) continue;
    found.columns.push_back(
        {.name = first.schema()[i].name, .first = first.text(i), .other = other.text(i)});
  }
  return found;
}

template <class Names>
bool differs_in(const RowDifference& difference, const Names& names) {
  return std::any_of(difference.columns.begin(), difference.columns.end(),
                     [&](const auto& column) { return is_one_of(names, column.name); });
}

void keep_first(std::optional<RowDifference>& kept, const RowDifference& found) {
  if (!kept) kept = found;
}

Against against(const ComparedRun& first, const ComparedRun& other, const stats::Resampling& how) {
  Against result;
  result.pair = pair_of(first.outcome.returns.units, other.outcome.returns.units, how);
  if (first.symbol != other.symbol) {
    result.remarks.push_back(
        fmt::format("{} and {}: the markets differ too, decisions are not compared", first.symbol,
                    other.symbol));
    return result;
  }
  const Timestamp from = std::max(first.from, other.from);
  const Timestamp to = std::min(first.to, other.to);
  if (first.from != other.from || first.to != other.to) {
    result.remarks.push_back(
        from < to ? fmt::format("other windows: compared where both have data, {} to {}",
                                to_string(from), to_string(to))
                  : std::string{"other windows, without a common minute"});
  }
  if (from < to) result.decisions = compare_decisions(first.name, other.name, from, to);
  return result;
}

// ---- the document ----

template <class T>
Json cell(const T& x) {
  if constexpr (requires { x.raw(); }) {
    return decimal_text(x.raw());
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return to_string(x);
  } else {
    return x;
  }
}
template <class T>
Json cell(const std::optional<T>& x) {
  return x ? cell(*x) : Json(nullptr);
}

/// Puts columns into a JSON object.
auto into(Json& json) {
  return [&json](const std::string& name, const auto& x) { json[name] = cell(x); };
}

Json json_of(const std::optional<RowDifference>& difference) {
  if (!difference) return nullptr;
  constexpr std::array<const char*, 3> kIn = {"both", "first", "other"};
  Json json = {{"ts", to_string(difference->ts)},
               {"in", kIn.at(static_cast<std::size_t>(difference->in))},
               {"columns", Json::array()}};
  for (const auto& column : difference->columns) {
    json["columns"].push_back(
        {{"name", column.name}, {"first", column.first}, {"other", column.other}});
  }
  return json;
}

Json json_of(const Against& against, Unit unit) {
  const RunPair& pair = against.pair;
  Json json = {{"n", pair.n}, {"from", cell(pair.from)}, {"to", cell(pair.to)}};
  const PairScale scale{unit};
  for (const auto& [prefix, series] : {std::pair{"d_", &pair.net}, {"pxd_", &pair.px}}) {
    scale.mean(prefix, *series, into(json));
    scale.sharpe(prefix, *series, into(json));
    json[std::string{prefix} + "block"] = cell(series->length);
  }
  json["note"] = pair.note ? Json(name(*pair.note)) : Json(nullptr);
  json["decisions"] = nullptr;
  if (against.decisions) {
    json["decisions"] = {{"rows", against.decisions->rows},
                         {"changed", against.decisions->changed},
                         {"first_row", json_of(against.decisions->first_row)},
                         {"first_decision", json_of(against.decisions->first_decision)}};
  }
  json["remarks"] = against.remarks;
  return json;
}

}  // namespace

ComparedRun read_compared(const fs::path& path, Unit unit) {
  const run::RunFolder folder = run::open_run(path);
  return {.name = path.string(),
          .symbol = folder.run.symbol,
          .from = folder.run.from,
          .to = folder.run.to,
          .preset = folder.run.preset.value_or(""),
          .synthetic = folder.run.synthetic,
          .outcome = read_outcome(folder, unit)};
}

DecisionComparison compare_decisions(const fs::path& first, const fs::path& other, Timestamp from,
                                     Timestamp to) {
  DecisionComparison result;
  Decisions a{first, from};
  Decisions b{other, from};
  if (a.rows().schema() != b.rows().schema()) {
    throw Error{
        fmt::format("{}, {}: decisions.parquet has other columns; run both with one "
                    "version of toxvol",
                    first.string(), other.string())};
  }
  const auto inside = [to](const std::optional<Timestamp>& ts) {
    return ts && *ts - kMinute < to ? ts : std::nullopt;
  };
  while (true) {
    const std::optional<Timestamp> in_a = inside(a.ts());
    const std::optional<Timestamp> in_b = inside(b.ts());
    if (!in_a && !in_b) break;
    const bool only_a = in_a && (!in_b || *in_a < *in_b);
    const bool only_b = in_b && (!in_a || *in_b < *in_a);
    if (only_a || only_b) {
      const RowDifference lone{.ts = only_a ? *in_a : *in_b,
                               .columns = {},
                               .in = only_a ? RowDifference::In::First : RowDifference::In::Other};
      keep_first(result.first_row, lone);
      keep_first(result.first_decision, lone);
      (only_a ? a : b).advance();
      continue;
    }
    ++result.rows;
    const RowDifference found = difference(a.rows(), b.rows(), *in_a);
    if (!found.columns.empty()) keep_first(result.first_row, found);
    if (differs_in(found, kDecided)) keep_first(result.first_decision, found);
    if (differs_in(found, kSignal)) ++result.changed;
    a.advance();
    b.advance();
  }
  return result;
}

Comparison compare_runs(std::vector<ComparedRun> runs, Unit unit, const stats::Resampling& how) {
  Comparison comparison{
      .unit = unit, .how = how, .runs = std::move(runs), .results = {}, .against = {}};
  for (const ComparedRun& run : comparison.runs) {
    comparison.results.push_back(result_of(run.outcome, how));
    if (comparison.results.size() > 1) {
      comparison.against.push_back(against(comparison.runs.front(), run, how));
    }
  }
  return comparison;
}

std::vector<CompareEquityRow> compare_equity(const Comparison& comparison) {
  std::vector<CompareEquityRow> rows;
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    const EquityCurve curve = read_curve(comparison.runs[i].name);
    for (std::size_t k = 0; k < curve.equity.size(); ++k) {
      rows.push_back(
          {.run = static_cast<std::int64_t>(i), .ts = curve.hour(k), .equity = curve.equity[k]});
    }
  }
  return rows;
}

std::string compare_json(const Comparison& comparison) {
  Json json = {{"schema", 1},
               {"kind", "compare"},
               {"unit", name(comparison.unit)},
               {"seed", comparison.how.seed},
               {"resamples", comparison.how.resamples}};
  if (comparison.how.method != stats::IntervalMethod::Percentile) {
    json["interval"] = stats::name(comparison.how.method);
  }
  json["runs"] = Json::array();
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    const ComparedRun& run = comparison.runs[i];
    Json one = {{"run", run.name},
                {"symbol", run.symbol},
                {"from", to_string(run.from)},
                {"to", to_string(run.to)},
                {"preset", run.preset.empty() ? Json(nullptr) : Json(run.preset)},
                {"synthetic", run.synthetic}};
    columns(comparison.results[i], into(one));
    one["against_first"] = i > 0 ? json_of(comparison.against[i - 1], comparison.unit) : nullptr;
    json["runs"].push_back(std::move(one));
  }
  return indented(json);
}

}  // namespace toxvol::study
