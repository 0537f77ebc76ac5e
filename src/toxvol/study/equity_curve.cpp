#include "toxvol/study/equity_curve.hpp"

#include <utility>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/unit_samples.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {

void EquityCurveBuilder::add(const trading::EquityRecord& row) {
  if (!is_sample(row.cause)) return;
  samples_.add(row.ts, row.equity, [this](Timestamp hour, Money equity) { close(hour, equity); });
}

EquityCurve EquityCurveBuilder::finish() {
  samples_.finish([this](Timestamp hour, Money equity) { close(hour, equity); });
  return std::move(curve_);
}

void EquityCurveBuilder::close(Timestamp hour, Money equity) {
  if (curve_.equity.empty()) curve_.begin = hour;
  curve_.equity.push_back(equity);
}

}  // namespace toxvol::study
