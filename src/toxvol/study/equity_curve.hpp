#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_samples.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {

/// A run's equity at whole UTC hours: that of the last sample at or before each (R2).
struct EquityCurve {
  Timestamp begin{};          // of the first one; meaningless while there is none
  std::vector<Money> equity;  // an hour each

  [[nodiscard]] Timestamp hour(std::size_t k) const {
    return begin + static_cast<std::int64_t>(k) * length_of(Unit::Hour);
  }
};

/// Makes it from the equity rows of a run as they pass.
class EquityCurveBuilder {
 public:
  void add(const trading::EquityRecord& row);
  /// Once, after the last row.
  [[nodiscard]] EquityCurve finish();

 private:
  void close(Timestamp hour, Money equity);

  EquityCurve curve_;
  UnitSamples<Money> samples_{length_of(Unit::Hour)};
};

}  // namespace toxvol::study
