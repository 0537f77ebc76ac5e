#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/stats/family.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/pbo.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/members.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/unit_returns.hpp"

/// Many runs over the same hours: how much of the best one's result is the luck of having looked at
/// all of them.
namespace toxvol::study {

/// The series of several runs over the units that all of them have; a column a run. The runs have
/// one unit.
struct CommonUnits {
  Timestamp from{};
  stats::Matrix net{0, 0};
  stats::Matrix px{0, 0};
  [[nodiscard]] std::size_t rows() const { return net.view().rows; }
};
[[nodiscard]] CommonUnits common_units(std::span<const UnitReturns* const> runs);

/// How many runs, and how different (R14, R15); SPA against 0 and PBO over a family of them (R17,
/// R19).
struct ContestOf {
  std::int64_t trials = 0;  // M: trials with spread
  std::optional<double> n_hat;
  std::optional<double> rho;
  stats::Family family;  // a column a trial of the family
  std::optional<stats::Pbo> pbo;
};
/// Of net, and beside it of the result before fees and funding.
struct Contest : ContestOf {
  ContestOf px;
  Members members;  // trials without spread too
};

/// Which rows take part, a mark for each.
using Marks = std::vector<bool>;

/// Judges `rows`, whose runs are over the same window, and writes the deflated ratios of those that
/// are trials; the others are left as they are. `family`: the trials that SPA and PBO are over.
/// Rows that are the same trial are one, and have the same figures.
[[nodiscard]] Contest judge(std::span<ResultRow> rows, const Marks& trials, const Marks& family,
                            const stats::Resampling& how);
/// All trials are the family.
[[nodiscard]] inline Contest judge(std::span<ResultRow> rows, const Marks& trials,
                                   const stats::Resampling& how) {
  return judge(rows, trials, trials, how);
}

}  // namespace toxvol::study
