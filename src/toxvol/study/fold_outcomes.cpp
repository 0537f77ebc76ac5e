#include "toxvol/study/fold_outcomes.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/study/folds.hpp"
#include "toxvol/study/run_recorder.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"
#include "toxvol/study/unit_samples.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {

namespace {

using trading::EquityCause;
using trading::EquityRecord;

/// The next `count` positions of `whole` from `first` on.
PositionReturns slice(const PositionReturns& whole, std::size_t first, std::size_t count) {
  const auto cut = [&](const std::vector<double>& values) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
    return std::vector<double>{begin, begin + static_cast<std::ptrdiff_t>(count)};
  };
  return {.bp = cut(whole.bp), .earned = cut(whole.earned), .traded = cut(whole.traded)};
}

}  // namespace

FoldOutcomes::FoldOutcomes(const std::vector<Fold>& folds, Unit unit, RunRecorder& run)
    : run_{run}, whole_{unit} {
  for (const Fold& fold : folds) {
    parts_.push_back({.from = fold.test_from,
                      .to = fold.test_to,
                      .summary = {},
                      .returns = ReturnsBuilder{unit}});
  }
}

FoldOutcomes::Part& FoldOutcomes::part_at(Timestamp ts) {
  const auto later = std::find_if(parts_.begin() + 1, parts_.end(),
                                  [ts](const Part& part) { return part.from > ts; });
  return *std::prev(later);
}

void FoldOutcomes::record(const strategy::DecisionRow& row) {
  run_.record(row);
  whole_.record(row);
  part_at(row.factors.ts - kMinute).summary.add(row);
}

void FoldOutcomes::record(const trading::OrderRecord& order) {
  run_.record(order);
  whole_.record(order);
  Part& part = part_at(order.ts_submit);
  ++part.orders;
  part.summary.add(order);
}

void FoldOutcomes::record(const trading::CommandRecord& command) {
  run_.record(command);
  whole_.record(command);
}

void FoldOutcomes::record(const trading::FillRecord& fill) {
  run_.record(fill);
  whole_.record(fill);
  Part& part = part_at(fill.ts);
  part.summary.add(fill);
  part.returns.add(fill);
}

void FoldOutcomes::record(const trading::PositionRecord& position) {
  run_.record(position);
  whole_.record(position);
  Part& part = position.ts_close ? part_at(*position.ts_close) : parts_.back();
  part.summary.add(position);
  part.returns.add(position);
}

void FoldOutcomes::record(const EquityRecord& sample) {
  run_.record(sample);
  whole_.record(sample);
  const bool is_last = current_ + 1 == parts_.size();
  const bool ends = sample.ts == parts_[current_].to && is_sample(sample.cause);
  if (!is_last && !ends) {
    while (current_ + 1 < parts_.size() && sample.ts >= parts_[current_].to) enter_next();
  }
  put(parts_[current_], sample);
  if (is_sample(sample.cause)) sampled_ = sample;
  if (!is_last && ends) enter_next();
}

void FoldOutcomes::enter_next() {
  Part& ended = parts_[current_];
  Part& begun = parts_[++current_];
  if (!sampled_) return;
  // The minute at the boundary may have no sample: equity is then as it was last seen.
  EquityRecord boundary = *sampled_;
  boundary.ts = ended.to;
  if (sampled_->ts < ended.to) put(ended, boundary);
  boundary.cause = EquityCause::Start;
  begun.start = boundary;
  put(begun, boundary);
}

void FoldOutcomes::put(Part& part, EquityRecord sample) {
  sample.realised -= part.start.realised;
  sample.insurance -= part.start.insurance;
  sample.fees -= part.start.fees;
  sample.funding -= part.start.funding;
  part.peak = std::max(part.peak, sample.equity);
  sample.drawdown =
      part.peak > Money{} ? sample.equity.to_double() / part.peak.to_double() - 1.0 : 0.0;
  part.summary.add(sample);
  part.returns.add(sample);
}

StitchedOutcome FoldOutcomes::finish(const std::string& config_json, const Inputs& kinds,
                                     const std::vector<run::RunInput>& inputs) {
  StitchedOutcome stitched;
  stitched.whole = whole_.finish(config_json, kinds, inputs);
  std::size_t positions = 0;
  for (Part& part : parts_) {
    Outcome outcome;
    outcome.summary = part.summary.finish({}, kinds);
    outcome.returns = part.returns.finish();
    outcome.orders = part.orders;
    // A position's turnover is that of all its fills, in whichever fold they were.
    PositionReturns& own = outcome.returns.positions;
    const std::size_t count = own.size();
    own = slice(stitched.whole.returns.positions, positions, count);
    positions += count;
    stitched.folds.push_back(std::move(outcome));
  }
  return stitched;
}

}  // namespace toxvol::study
