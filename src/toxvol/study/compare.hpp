#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/pairs.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/unit.hpp"

/// Runs that were made separately, side by side, each against the first (R59).
namespace toxvol::study {

struct ComparedRun {
  std::string name;  // its folder, as it was named
  std::string symbol;
  Timestamp from{};
  Timestamp to{};
  std::string preset;  // empty: a file
  bool synthetic = false;
  Outcome outcome;
};
/// Throws `Error` for a folder that is no run, or damaged.
[[nodiscard]] ComparedRun read_compared(const std::filesystem::path& folder, Unit unit);

/// A minute in which decisions.parquet of two runs differs.
struct RowDifference {
  struct Column {
    std::string name;
    std::string first;  // the value in the first run, as text
    std::string other;
  };
  Timestamp ts{};
  std::vector<Column> columns;  // in file order; none where only one run has the minute
  enum class In : std::uint8_t { Both, First, Other } in = In::Both;
};

/// The minutes that the windows of two runs share.
struct DecisionComparison {
  std::int64_t rows = 0;                        // that both runs have
  std::int64_t changed = 0;                     // of them with another alpha or direction
  std::optional<RowDifference> first_row;       // in any column
  std::optional<RowDifference> first_decision;  // in alpha, direction or reason, or a lone row
};
/// The rows of minutes that open in [from, to). Throws `Error` for a damaged table.
[[nodiscard]] DecisionComparison compare_decisions(const std::filesystem::path& first,
                                                   const std::filesystem::path& other,
                                                   Timestamp from, Timestamp to);

/// One run against the first.
struct Against {
  RunPair pair;
  std::optional<DecisionComparison> decisions;  // of runs of one symbol whose windows overlap
  std::vector<std::string> remarks;             // what else differs than the strategy
};

struct Comparison {
  Unit unit = Unit::Hour;
  stats::Resampling how;
  std::vector<ComparedRun> runs;
  std::vector<ResultRow> results;  // one each; of `runs`
  std::vector<Against> against;    // one for each run but the first
};
/// `runs`: at least one.
[[nodiscard]] Comparison compare_runs(std::vector<ComparedRun> runs, Unit unit,
                                      const stats::Resampling& how);

/// A line of compare_equity.parquet: a run's equity at a whole UTC hour (R2).
struct CompareEquityRow {
  std::int64_t run = 0;  // place in `runs`, from 0
  Timestamp ts{};
  Money equity{};
};

template <class Visit>
void columns(const CompareEquityRow& row, Visit&& column) {
  column("run", row.run);
  column("ts", row.ts);
  column("equity", row.equity);
}

/// Of the runs' folders, one after the other. Throws `Error` for a damaged table.
[[nodiscard]] std::vector<CompareEquityRow> compare_equity(const Comparison& comparison);

/// What `toxvol compare --json` prints (docs/compare.md).
[[nodiscard]] std::string compare_json(const Comparison& comparison);

}  // namespace toxvol::study
