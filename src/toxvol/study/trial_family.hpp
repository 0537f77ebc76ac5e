#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/stats/dsr.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_log.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

/// The trials that looked at the same hours (R24).
struct TrialFamily {
  std::vector<const Trial*> trials;  // with a ratio, in order of the log: M
  std::vector<const Trial*> empty;   // without: told, not in M
  std::int64_t studies = 0;          // that have a member among `trials`
  std::int64_t singles = 0;          // members of none
  double n_hat = 0.0;                // how many of M are different
};
/// Of counted trials on `own`'s symbol and hours, itself included. The log outlives it.
[[nodiscard]] TrialFamily family_of(const TrialLog& log, const Trial& own);

/// What the count makes of one trial's ratio (R14, R25). Ratios are of its unit, not annualised.
struct TrialFigures {
  std::string id;
  std::string log = "none";           // its path; none: nothing was counted, and all is empty
  std::optional<std::int64_t> lines;  // of the log
  std::optional<std::int64_t> damaged;
  std::optional<std::int64_t> m;
  std::optional<std::int64_t> empty;
  std::optional<std::int64_t> studies;
  std::optional<std::int64_t> singles;
  std::optional<double> n_hat;
  stats::DeflatedBenchmarks benchmarks;
  std::optional<double> dsr_null;
  std::optional<double> dsr;
  std::optional<double> dsr_implied;
  std::optional<double> best_sharpe;
  std::optional<std::int64_t> rank;   // of its ratio among M, 1 the greatest
  std::optional<std::int64_t> place;  // the how-manieth configuration that was looked at
  std::optional<Timestamp> since;     // when the log began
  std::optional<Note> note;
};
[[nodiscard]] TrialFigures figures_of(const TrialLog& log, const std::string& path,
                                      const TrialFamily& family, const Trial& own);

/// `the 47th configuration looked at on these hours (in cat since 2026-01-31)`: a catalog, or a
/// log.
[[nodiscard]] std::string words_of(const TrialFigures& figures);

/// trials.json of a run folder (docs/schemas.md).
[[nodiscard]] std::string trials_json(const TrialFigures& figures);

}  // namespace toxvol::study
