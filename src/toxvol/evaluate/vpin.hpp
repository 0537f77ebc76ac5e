#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/evaluate/minutes.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/evaluate/vpin_variants.hpp"

namespace toxvol::evaluate {

/// Does VPIN say more than volume and volatility (R52)? docs/evaluate.md.

/// A line of vpin.parquet: one regression.
struct VpinRow {
  std::string_view classifier;  // `aggressor` `bvc_1m` `bvc_1s`
  std::string variant;          // `run`, `permutation 0` …, `origin 1` …
  std::string_view target;      // `ln_variance` `abs_return`
  std::int64_t spec = 0;        // 1: VPIN; 2: controls; 3: both
  std::int64_t n = 0;
  std::optional<double> coef{}, se{}, t{}, p{};  // of VPIN, times its standard deviation
  std::optional<double> r2{};
  std::optional<double> gain{};  // of spec 3: its R² less that of spec 2
  std::optional<std::string_view> note{};
};

template <class Visit>
void columns(const VpinRow& row, Visit&& column) {
  column("classifier", row.classifier);
  column("variant", row.variant);
  column("target", row.target);
  column("spec", row.spec);
  column("n", row.n);
  column("coef", row.coef);
  column("se", row.se);
  column("t", row.t);
  column("p", row.p);
  column("r2", row.r2);
  column("gain", row.gain);
  column("note", row.note);
}

/// How VPIN goes with the last hour.
struct VpinCorrelation {
  std::string_view classifier;
  std::string_view with;  // `ln_volume` `ln_count` `ln_variance`
  std::int64_t n = 0;
  std::optional<double> pearson{}, rank{};
};

/// What became of one target.
struct VpinFinding {
  std::string_view target;
  std::optional<double> t{}, gain{};                   // of the run's VPIN, spec 3
  std::optional<double> permutation_p{};               // (1 + #|t*| ≥ |t|)/21
  std::optional<double> origin_t_lo{}, origin_t_hi{};  // least and most over the origins
  std::string verdict{};
};

struct Vpin {
  std::vector<VpinRow> lines;
  std::vector<VpinCorrelation> correlations;
  std::array<VpinFinding, 2> findings;
  std::optional<double> origin_sd;  // over the origins, averaged over time
};

/// Of rows at whole hours. `variants` is null for a run without trades.
[[nodiscard]] Vpin vpin(const Rows& rows, const Minutes& minutes, const VpinVariants* variants);

/// The sentence about a t and a gain of spec 3 and the p of the permutations.
[[nodiscard]] std::string vpin_verdict(const std::optional<double>& t,
                                       const std::optional<double>& gain,
                                       const std::optional<double>& permutation_p);

/// Asks for the hours at which there is a row.
void ask_hours(const Rows& rows, VpinVariants& variants);

}  // namespace toxvol::evaluate
