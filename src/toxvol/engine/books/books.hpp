#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/books/outbox.hpp"
#include "toxvol/engine/books/position_book.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// What a run leaves of its fills, positions and equity, whichever exchange filled and whichever
/// ledger counted: the one place where they are written down. docs/engine.md, "Ledger".
class Books {
 public:
  /// The references outlive it.
  Books(Money deposit, Outbox& outbox, trading::Recorder& recorder)
      : outbox_{outbox}, recorder_{recorder}, peak_{deposit} {}

  /// The price in force from now on.
  void mark_at(Mark mark) { mark_ = mark; }
  [[nodiscard]] const std::optional<Mark>& mark() const { return mark_; }

  /// Writes a fill and an equity row of it, completes `order` and its `average` by it, and tells
  /// the strategy at `seen`. `after`: what the ledger says of now.
  void fill(trading::OrderRecord& order, Average& average, bool is_done, const BookedFill& fill,
            Timestamp seen, const Balance& after);
  void fund(Money paid, Timestamp ts, const Balance& after);
  void sample(Timestamp ts, trading::EquityCause cause, const Balance& now);

  void learn_rate(Rate rate) { positions_.learn_rate(rate); }
  void note_levels(std::int64_t position, std::optional<Price> stop,
                   std::optional<Price> take_profit) {
    positions_.note_levels(position, stop, take_profit);
  }
  /// Writes the positions.
  void finish() { positions_.finish(recorder_); }

 private:
  Outbox& outbox_;
  trading::Recorder& recorder_;

  PositionBook positions_;
  std::optional<Mark> mark_;
  std::int64_t fills_ = 0;
  std::int64_t samples_ = 0;
  Money peak_;
};

}  // namespace toxvol::engine
