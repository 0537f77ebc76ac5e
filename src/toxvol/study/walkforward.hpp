#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/folds.hpp"
#include "toxvol/study/members.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/selection.hpp"

/// A walk-forward in tables and words (R44): docs/walkforward.md.
namespace toxvol::study {

enum class FoldStatus : std::uint8_t { Selected, Fallback, Flat };
[[nodiscard]] std::string_view name(FoldStatus status);

/// The parameters that a fit may have written; empty where it was not asked for or found nothing.
struct Fitted {
  std::optional<double> f1, p, p_b, t;
  std::optional<double> bucket;  // base units
  std::optional<double> theta;
  std::optional<double> har_1, har_7, har_30;
};
[[nodiscard]] Fitted fitted_of(const config::Config& config, const WalkForward& rule);

/// One fold: what was chosen on its training window and what that came to on its test window.
struct FoldRow {
  std::int32_t fold = 0;
  Fold window;
  std::optional<std::int32_t> point;  // the candidate chosen
  FoldStatus status = FoldStatus::Selected;
  std::int32_t eligible = 0;  // candidates that could be
  std::vector<std::pair<std::string, std::string>> axes;
  std::optional<double> objective;
  Fitted fitted;
  ResultRow in_sample;
  ResultRow out_of_sample;
};

/// One candidate on one training window.
struct CandidateRow {
  std::int32_t fold = 0;
  std::int32_t point = 0;
  Score score;
  ResultRow result;
};

/// Everything that study.json says of a walk-forward.
struct WalkForwardResult {
  std::vector<FoldRow> folds;
  std::vector<CandidateRow> candidates;
  ResultRow stitched;
  ResultRow trailing;  // the base over the same hours
  ResultRow sample;
  Contest contest;                // of these three
  Members members;                // the whole study: these, and every training
  std::int64_t refused = 0;       // candidates that the configuration refuses
  std::optional<Timestamp> tail;  // from here to the end of the data nothing was tested
};

/// The text of each axis in a configuration, as a point's axes have it.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> axes_of(
    const Design& design, const config::Config& config);

/// What a fold of a stitched run is run with.
struct FoldConfig {
  Timestamp from{};
  config::Config config;
  bool enters = true;  // as in Stage
};

/// run.json's `config` of a stitched run: the base with `thresholds.fit = "walkforward"` and the
/// configuration of each fold, with `entries = false` where it enters nothing.
[[nodiscard]] std::string stitched_config_json(config::Config base, const Inputs& inputs,
                                               const std::vector<FoldConfig>& folds);

[[nodiscard]] std::string walkforward_json(std::string_view id, std::string_view design_json,
                                           const WalkForwardResult& result,
                                           const stats::Resampling& how);

/// R30's figures, which neither name a configuration nor judge it among others.
template <class Visit>
void figure_columns(const std::string& prefix, const ResultRow& row, Visit&& column) {
  static const std::set<std::string, std::less<>> no_figures{
      "config_sha256", "fingerprint", "dsr_null", "dsr",
      "dsr_implied",   "px_dsr_null", "status",   "note"};
  columns(row, [&](std::string_view name, const auto& value) {
    if (!no_figures.contains(name)) column(prefix + std::string{name}, value);
  });
}

template <class Visit>
void columns(const FoldRow& row, Visit&& column) {
  column("fold", row.fold);
  column("train_from", row.window.train_from);
  column("train_to", row.window.train_to);
  column("test_from", row.window.test_from);
  column("test_to", row.window.test_to);
  column("point", row.point);
  column("status", std::string{name(row.status)});
  column("eligible", row.eligible);
  for (const auto& [name, value] : row.axes) column(name, value);
  column("objective", row.objective);
  column("f1", row.fitted.f1);
  column("p", row.fitted.p);
  column("p_b", row.fitted.p_b);
  column("t", row.fitted.t);
  column("bucket", row.fitted.bucket);
  column("theta", row.fitted.theta);
  column("har_1", row.fitted.har_1);
  column("har_7", row.fitted.har_7);
  column("har_30", row.fitted.har_30);
  figure_columns("is_", row.in_sample, column);
  figure_columns("oos_", row.out_of_sample, column);
}

template <class Visit>
void columns(const CandidateRow& row, Visit&& column) {
  column("fold", row.fold);
  column("point", row.point);
  column("eligible", row.score.eligible);
  column("objective", row.score.objective);
  columns(row.result, column);
}

}  // namespace toxvol::study
