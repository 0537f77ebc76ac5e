#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/stats/rows.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

/// One line of sweep.parquet (R32).
struct SweepRow {
  std::int32_t point = 0;
  std::vector<std::pair<std::string, std::string>> axes;  // name and value, in TOML's spelling
  ResultRow result;
  std::optional<double> t;           // of the mean against 0, by the block bootstrap
  std::optional<double> rw_p;        // one-sided, for having looked at all
  std::optional<std::int64_t> rank;  // by Sharpe ratio, ties by point
};

/// A row a point; all three in the order of the points.
[[nodiscard]] std::vector<SweepRow> sweep_rows(const Design& design, const DesignPoints& points,
                                               std::vector<ResultRow> results);

/// Judges all of them together and ranks them.
[[nodiscard]] Contest judge(std::vector<SweepRow>& rows, const stats::Resampling& how);

/// study.json. `design_json` as the folder has it; `id` the study's.
[[nodiscard]] std::string sweep_json(std::string_view id, std::string_view design_json,
                                     const std::vector<SweepRow>& rows, const Contest& contest,
                                     const stats::Resampling& how);

template <class Visit>
void columns(const SweepRow& row, Visit&& column) {
  column("point", row.point);
  for (const auto& [name, value] : row.axes) column(name, value);
  columns(row.result, column);
  column("t", row.t);
  column("rw_p", row.rw_p);
  column("rank", row.rank);
}

}  // namespace toxvol::study
