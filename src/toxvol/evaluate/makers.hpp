#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/mids.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::evaluate {

/// What became of the price after resting entries were filled, and after they were not (R53):
/// docs/evaluate.md.

inline constexpr std::array kMarkoutSeconds = {1, 5, 10, 30, 60, 300, 900};

/// A fill of a resting entry order, or such an order that ended without one.
struct Resting {
  Side side = Side::Buy;
  Timestamp accepted{};
  std::optional<Timestamp> filled{};
  double price = 0.0;  // of the fill
};
/// In the order of acceptance, then of fills. A fill that took at once did not rest.
[[nodiscard]] std::vector<Resting> resting_entries(const std::vector<trading::OrderRecord>& orders,
                                                   const std::vector<trading::FillRecord>& fills);

/// A line of markouts.parquet.
struct MarkoutRow {
  std::string_view fate;  // `filled` `unfilled` `both`
  std::string_view ref;   // `price` `mid` `accepted`
  std::int64_t tau_s = 0;
  std::string queue;  // exchange.queue
  std::int64_t n = 0;
  std::optional<double> mean{}, lo{}, hi{}, median{};  // drift in bp, for the order's side
  std::optional<double> negative{};                    // share below 0
  std::optional<std::string_view> note{};
};

template <class Visit>
void columns(const MarkoutRow& row, Visit&& column) {
  column("class", row.fate);
  column("ref", row.ref);
  column("tau_s", row.tau_s);
  column("queue", row.queue);
  column("n", row.n);
  column("mean", row.mean);
  column("lo", row.lo);
  column("hi", row.hi);
  column("median", row.median);
  column("negative", row.negative);
  column("note", row.note);
}

/// Asks for the mids that the lines need.
void ask_mids(const std::vector<Resting>& entries, Mids& mids);

/// All classes, references and times; none without entries. `end`: nothing after it was read.
[[nodiscard]] std::vector<MarkoutRow> markouts(const std::vector<Resting>& entries,
                                               const Mids& mids, Timestamp end,
                                               std::string_view queue,
                                               const stats::Resampling& how);

/// Mean of filled less mean of both, from acceptance: what being filled says of the price.
struct AdverseSelection {
  std::int64_t tau_s = 0;
  std::optional<double> bp{};
};
[[nodiscard]] std::vector<AdverseSelection> adverse_selection(const std::vector<MarkoutRow>& lines);

}  // namespace toxvol::evaluate
