#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_samples.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {

/// Returns of a run's whole units of time, in UTC (R2, R3). One without a trade is 0 and counts.
struct UnitReturns {
  Unit unit = Unit::Hour;
  Timestamp begin{};          // of the first unit; meaningless while there is none
  std::vector<double> net;    // change of equity over the equity before
  std::vector<double> px;     // the same before fees and funding: the result as filled
  std::vector<double> gross;  // had every fill been at the mid of its decision
  bool ruined = false;        // equity ended at or below 0, and with it the series

  [[nodiscard]] std::size_t size() const { return net.size(); }
  /// Where unit k begins and k − 1 ends, k ≤ size.
  [[nodiscard]] Timestamp boundary(std::size_t k) const {
    return begin + static_cast<std::int64_t>(k) * length_of(unit);
  }
};

/// A run's closed positions by ts_close, then number (R3, R54).
struct PositionReturns {
  std::vector<double> bp;      // net over avg_entry·qty_max, in basis points
  std::vector<double> earned;  // realised + funding, USDT
  std::vector<double> traded;  // Σ price·qty of its fills, USDT

  [[nodiscard]] std::size_t size() const { return bp.size(); }
};

struct RunReturns {
  UnitReturns units;
  PositionReturns positions;
  std::int64_t fills = 0;
};

/// Makes them from a run's records, each kind in file order, as they pass: a few bytes a unit and a
/// position. A fill comes before the equity row that it causes, or all fills before all rows.
class ReturnsBuilder {
 public:
  explicit ReturnsBuilder(Unit unit) : samples_{length_of(unit)} { returns_.units.unit = unit; }

  void add(const trading::FillRecord& fill);
  void add(const trading::PositionRecord& position);
  void add(const trading::EquityRecord& row);

  /// Once, after the last record.
  [[nodiscard]] RunReturns finish();

 private:
  /// A sample of equity, and the slippage up to it.
  struct Sample {
    Int128 equity = 0;
    Int128 fees = 0;
    Int128 funding = 0;
    Int128 slippage = 0;
  };
  struct Closed {
    Timestamp ts{};
    std::int64_t number = 0;
    double bp = 0.0;
    double earned = 0.0;
  };

  void close_unit(Timestamp boundary, const Sample& sample);

  RunReturns returns_;
  std::deque<Money> unseen_;  // slippage of fills whose equity row is to come
  Int128 slippage_ = 0;       // of those whose row came
  UnitSamples<Sample> samples_;
  std::optional<Sample> before_;           // the one at the boundary before
  std::map<std::int64_t, Int128> traded_;  // by position, in units of 1e-16
  std::vector<Closed> closed_;
};

}  // namespace toxvol::study
