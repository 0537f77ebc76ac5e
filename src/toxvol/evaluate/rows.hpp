#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::evaluate {

using factors::Value;

/// What is asked of a row of decisions.parquet.
struct Row {
  Timestamp ts{};  // the bar's end
  Timestamp ts_init{};
  bool decides = false;
  Value mid{};  // of bid and ask; in a run without quotes the close
  std::optional<Regime> regime{};
  std::optional<bool> toxic{};
  Value p{}, z_obi{}, z_svi{}, z_ofi{}, f2{};
  Value f1{}, sigma{}, har{}, har_log{};
  Value rv{}, vol_yz{}, gk_short{}, gk_long{};
  Value vpin{}, vpin_bvc{};
};

/// The rows of a run, found by their time.
class Rows {
 public:
  /// `ts` ascends strictly.
  void add(const Row& row) { rows_.push_back(row); }

  [[nodiscard]] std::span<const Row> all() const { return rows_; }
  /// The row of the bar that ends at `ts`; null where there is none.
  [[nodiscard]] const Row* at(Timestamp ts) const;

 private:
  std::vector<Row> rows_;
};

/// 1e4·ln(b/a): how far the price went, in basis points. Empty where one is missing or not above 0.
[[nodiscard]] Value moved_bp(const Value& a, const Value& b);

}  // namespace toxvol::evaluate
