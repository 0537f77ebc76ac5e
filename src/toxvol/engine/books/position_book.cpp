#include "toxvol/engine/books/position_book.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {
namespace {

/// How far `twice` / 2 lies above `average`, in bp of it.
double excursion_bp(std::int64_t twice, Price average) {
  const auto base = 2.0 * static_cast<double>(average.raw());
  return (static_cast<double>(twice) - base) / base * kBasisPoints;
}

}  // namespace

void PositionBook::open(const trading::Submit& submit, Timestamp ts) {
  trading::PositionRecord& record = holdings_.emplace_back().record;
  record.position = static_cast<std::int64_t>(holdings_.size());
  record.alpha = submit.intent.alpha;
  record.side = submit.side;
  record.regime_open = submit.intent.regime;
  record.sigma_open = submit.intent.sigma;
  record.ts_open = ts;
  if (last_rate_) {  // M25: funding flows to us if its sign is against the position's
    record.funding_tailwind = last_rate_->raw() * sign(submit.side) < 0;
  }
}

void PositionBook::observe(std::optional<Mark> mark) {
  if (!mark || !is_holding()) return;
  std::optional<Extremes>& marks = holdings_.back().marks;
  if (!marks) marks = {.lowest = mark->twice, .highest = mark->twice};
  marks->lowest = std::min(marks->lowest, mark->twice);
  marks->highest = std::max(marks->highest, mark->twice);
}

std::int64_t PositionBook::fill(const trading::Submit& submit, const BookedFill& fill, Qty after,
                                std::optional<Money> slippage, std::optional<Mark> mark) {
  const Booked& booked = fill.booked;
  if (booked.closed > Qty{}) {
    observe(mark);
    Holding& old = holdings_.back();
    old.exit.add(fill.price, booked.closed);
    old.record.realised += booked.realised;
    old.record.fees += fill.fee;
    if (after == Qty{} || booked.opened > Qty{}) {
      old.open = false;
      old.record.ts_close = fill.ts;
      old.record.exit_role = submit.intent.role;
    }
  }
  if (booked.opened > Qty{}) {
    if (!is_holding()) open(submit, fill.ts);
    observe(mark);
    Holding& holding = holdings_.back();
    holding.entry.add(fill.price, booked.opened);
    holding.record.qty_max = std::max({holding.record.qty_max, after, -after});
    if (booked.closed == Qty{}) holding.record.fees += fill.fee;
  }
  Holding& named = holdings_.back();
  ++named.record.n_fills;
  if (slippage) {
    named.record.slippage = named.record.slippage.value_or(Money{}) + *slippage;
  } else {
    named.slippage_known = false;
  }
  return named.record.position;
}

void PositionBook::fund(Money paid) {
  if (is_holding()) holdings_.back().record.funding += paid;
}

void PositionBook::note_levels(std::int64_t position, std::optional<Price> stop,
                               std::optional<Price> take_profit) {
  if (position <= 0) return;
  trading::PositionRecord& record = holdings_[static_cast<std::size_t>(position - 1)].record;
  if (stop) record.stop = stop;
  if (take_profit) record.take_profit = take_profit;
}

void PositionBook::finish(trading::Recorder& recorder) {
  for (Holding& holding : holdings_) {
    trading::PositionRecord& record = holding.record;
    record.avg_entry = holding.entry.value();
    if (!holding.exit.empty()) record.avg_exit = holding.exit.value();
    if (!holding.slippage_known) record.slippage.reset();
    if (holding.marks) {
      const double down = excursion_bp(holding.marks->lowest, record.avg_entry);
      const double up = excursion_bp(holding.marks->highest, record.avg_entry);
      const bool is_long = record.side == Side::Buy;
      record.mae_bp = std::min(0.0, is_long ? down : -up);
      record.mfe_bp = std::max(0.0, is_long ? up : -down);
    }
    recorder.record(record);
  }
}

}  // namespace toxvol::engine
