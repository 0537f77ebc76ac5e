#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/point_results.hpp"
#include "toxvol/study/result_row.hpp"

/// One strategy under several assumptions about the fills that it would have got (R45, R46):
/// docs/band.md.
namespace toxvol::study {

/// What is assumed of the exchange, as the keys exchange.queue, exchange.order_latency and
/// costs.tier spell it.
struct Assumption {
  std::string queue;
  std::string order_latency;
  std::string tier;
  friend bool operator==(const Assumption&, const Assumption&) = default;
};
[[nodiscard]] Assumption assumption_of(const config::Config& config);
/// `risk_averse 20ms VIP0`.
[[nodiscard]] std::string name(const Assumption& assumption);

/// Values of each, in order, none twice.
struct BandAxes {
  std::vector<std::string> queues;
  std::vector<std::string> latencies;
  std::vector<std::string> tiers;
};
/// Every combination, the tier running fastest; before them the base's own if it is none of them.
[[nodiscard]] std::vector<Assumption> assumptions(const BandAxes& axes, const Assumption& base);

/// A list with a variant for each.
[[nodiscard]] Design band_design(const std::vector<Assumption>& assumptions);

/// Whether two runs that differ in nothing but the queue model can differ in anything else. No
/// order ever rests where entries and targets are MARKET orders; where orders rest and no quotes
/// are read, a risk-averse queue and a proportional one are the same (X18, X21, X22).
[[nodiscard]] bool queue_matters(const config::Config& a, const config::Config& b,
                                 const Inputs& inputs);

/// For each point the earlier one that does the same, so that it need not be run; nothing for those
/// that are.
[[nodiscard]] std::vector<std::optional<std::size_t>> twins_of(const std::vector<Point>& points,
                                                               const Inputs& inputs);
/// Gives points that were not run the outcomes of their twins, under their own names. The twins of
/// an outcome are in the order of the points.
void complete(PointResults& results, const std::vector<std::optional<std::size_t>>& twins);

/// One line of band.parquet (R45).
struct BandRow {
  Assumption assumption;
  bool is_base = false;
  std::optional<std::string> same_as;  // the first with the same fills and equity, by name
  ResultRow result;
};
/// A row a point; `assumptions` and `results` in their order. `base`: the assumption of the
/// configuration itself.
[[nodiscard]] std::vector<BandRow> band_rows(const std::vector<Assumption>& assumptions,
                                             const Assumption& base, const DesignPoints& points,
                                             std::vector<ResultRow> results);

template <class Visit>
void columns(const BandRow& row, Visit&& column) {
  column("queue", row.assumption.queue);
  column("order_latency", row.assumption.order_latency);
  column("tier", row.assumption.tier);
  column("base", row.is_base);
  column("same_as", row.same_as);
  columns(row.result, column);
}

/// From the least to the most.
struct MoneyRange {
  Money lo{};
  Money hi{};
};
/// The three ranges around the base, each within the next: of the queue alone, of queue and order
/// latency at the base's tier, of all.
struct Nested {
  MoneyRange queue;
  MoneyRange queue_latency;
  MoneyRange all;
};

/// One line of band_equity.parquet: equity at a whole hour.
struct BandEquityRow {
  Timestamp ts{};
  Money base{};
  Nested range;
};
/// The hours that all runs have; none if the base has no result.
[[nodiscard]] std::vector<BandEquityRow> band_equity(const std::vector<BandRow>& rows);

template <class Visit>
void columns(const BandEquityRow& row, Visit&& column) {
  column("ts", row.ts);
  column("base", row.base);
  column("q_lo", row.range.queue.lo);
  column("q_hi", row.range.queue.hi);
  column("ql_lo", row.range.queue_latency.lo);
  column("ql_hi", row.range.queue_latency.hi);
  column("all_lo", row.range.all.lo);
  column("all_hi", row.range.all.hi);
}

/// R46: what the assumptions make of the net result.
struct BandFinding {
  std::optional<Nested> net;    // nothing if the base has no result
  std::size_t assumptions = 0;  // with a result
  std::size_t earning = 0;      // net above 0
  bool sign_depends = false;    // not all above, all below or all at 0
  std::string words;            // a sentence
};
[[nodiscard]] BandFinding finding_of(const std::vector<BandRow>& rows);

/// study.json. `design_json` as the folder has it; `id` the study's.
[[nodiscard]] std::string band_json(std::string_view id, std::string_view design_json,
                                    const std::vector<BandRow>& rows, const stats::Resampling& how);

}  // namespace toxvol::study
