#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/mids.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::evaluate {

/// How far and how long the flow signals foretell the price (R51): docs/evaluate.md.

struct DecayParams {
  Duration cadence{};            // of decisions
  Duration quantile_window{};    // pressure.z_window
  std::int64_t least_prior = 1;  // decision rows before a quantile says something (Z4)
  double cost_bp = 0.0;          // of a round trip
  Timestamp end{};               // nothing after it was read
};

/// A line of decay.parquet.
struct DecayRow {
  std::string_view signal;
  std::int64_t horizon_s = 0;
  std::string_view subset;
  std::string_view placebo;
  std::int64_t n = 0;
  std::optional<double> ic{}, ic_rank{};                // correlation of signal and outcome
  std::optional<double> slope{}, se{}, t{}, p{}, r2{};  // outcome, in bp, on the signal
  std::optional<double> hit{};                          // share of equal signs
  std::int64_t edge_n = 0;                              // strong signals
  std::optional<double> edge_bp{}, lo{}, hi{};          // what following them earns before costs
  std::optional<double> cost_bp{}, net_bp{};            // a round trip; what is left
  std::optional<std::string_view> note{};
};

template <class Visit>
void columns(const DecayRow& row, Visit&& column) {
  column("signal", row.signal);
  column("horizon_s", row.horizon_s);
  column("subset", row.subset);
  column("placebo", row.placebo);
  column("n", row.n);
  column("ic", row.ic);
  column("ic_rank", row.ic_rank);
  column("slope", row.slope);
  column("se", row.se);
  column("t", row.t);
  column("p", row.p);
  column("r2", row.r2);
  column("hit", row.hit);
  column("edge_n", row.edge_n);
  column("edge_bp", row.edge_bp);
  column("lo", row.lo);
  column("hi", row.hi);
  column("cost_bp", row.cost_bp);
  column("net_bp", row.net_bp);
  column("note", row.note);
}

/// Asks for the mids that horizons below a minute need.
void ask_mids(const Rows& rows, Mids& mids);

/// All signals, horizons, subsets and placebos. `mids` is null for a run without quotes, which has
/// no horizons below a minute. `tick` is called once a line.
[[nodiscard]] std::vector<DecayRow> decay(const Rows& rows, const Mids* mids,
                                          const DecayParams& params, const stats::Resampling& how,
                                          const std::function<void()>& tick);
/// How many lines that will be.
[[nodiscard]] std::int64_t decay_lines(bool has_quotes);

/// Whether the line is of a signal over all rows, and of no placebo.
[[nodiscard]] inline bool is_of_all(const DecayRow& line, std::string_view signal) {
  return line.signal == signal && line.subset == "all" && line.placebo == "none";
}

/// The line of a signal, all rows and no placebo whose whole-minute horizon is nearest to
/// `horizon`, the shorter of two; null where there is none.
[[nodiscard]] const DecayRow* nearest(const std::vector<DecayRow>& lines, std::string_view signal,
                                      Duration horizon);

}  // namespace toxvol::evaluate
