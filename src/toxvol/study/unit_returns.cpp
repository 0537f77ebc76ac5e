#include "toxvol/study/unit_returns.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/study/unit_samples.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {

namespace {

double over(Int128 part, Int128 whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void ReturnsBuilder::add(const trading::FillRecord& fill) {
  ++returns_.fills;
  unseen_.push_back(fill.slippage.value_or(Money{}));
  traded_[fill.position] += Int128{fill.price.raw()} * fill.qty.raw();
}

void ReturnsBuilder::add(const trading::PositionRecord& position) {
  const Int128 size = Int128{position.avg_entry.raw()} * position.qty_max.raw();
  if (!position.ts_close || size <= 0) return;
  const Int128 earned = Int128{position.realised.raw()} + position.funding.raw();
  const double net = static_cast<double>(earned - position.fees.raw()) / Money::kOne;
  closed_.push_back({.ts = *position.ts_close,
                     .number = position.position,
                     .bp = kBasisPoints * net / (static_cast<double>(size) / kProductUnits),
                     .earned = static_cast<double>(earned) / Money::kOne});
}

void ReturnsBuilder::add(const trading::EquityRecord& row) {
  if (row.cause == trading::EquityCause::Fill && !unseen_.empty()) {
    slippage_ += unseen_.front().raw();
    unseen_.pop_front();
  }
  if (!is_sample(row.cause)) return;
  samples_.add(row.ts,
               Sample{.equity = row.equity.raw(),
                      .fees = row.fees.raw(),
                      .funding = row.funding.raw(),
                      .slippage = slippage_},
               [this](Timestamp boundary, const Sample& at) { close_unit(boundary, at); });
}

void ReturnsBuilder::close_unit(Timestamp boundary, const Sample& sample) {
  UnitReturns& units = returns_.units;
  if (units.ruined) return;
  if (!before_) {
    units.begin = boundary;
  } else {
    const Int128 net = sample.equity - before_->equity;
    const Int128 px = net + (sample.fees - before_->fees) - (sample.funding - before_->funding);
    units.net.push_back(over(net, before_->equity));
    units.px.push_back(over(px, before_->equity));
    units.gross.push_back(over(px + sample.slippage - before_->slippage, before_->equity));
  }
  before_ = sample;
  units.ruined = sample.equity <= 0;
}

RunReturns ReturnsBuilder::finish() {
  samples_.finish([this](Timestamp boundary, const Sample& at) { close_unit(boundary, at); });
  std::sort(closed_.begin(), closed_.end(), [](const Closed& a, const Closed& b) {
    return std::tie(a.ts, a.number) < std::tie(b.ts, b.number);
  });
  for (const Closed& position : closed_) {
    returns_.positions.bp.push_back(position.bp);
    returns_.positions.earned.push_back(position.earned);
    returns_.positions.traded.push_back(static_cast<double>(traded_[position.number]) /
                                        kProductUnits);
  }
  return std::move(returns_);
}

}  // namespace toxvol::study
