#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// A fill as exchange and ledger have made it.
struct BookedFill {
  Timestamp ts{};  // exchange time
  Price price{};
  Qty qty{};
  Money fee{};
  trading::Liquidity liquidity = trading::Liquidity::Taker;
  trading::FillRule rule = trading::FillRule::None;
  std::optional<std::int64_t> cause{};  // update_id or agg_trade_id
  Booked booked{};
};

/// Positions from flat to flat. A fill that turns the position closes one and opens the next: its
/// whole fee and what it realises belong to the one that it closes, its row names the one that it
/// opens. docs/engine.md, "Ledger".
class PositionBook {
 public:
  /// `after`: the position that the ledger has now; `slippage`: of this fill, empty if not known.
  /// Gives the number of the position that the fill's row names.
  std::int64_t fill(const trading::Submit& submit, const BookedFill& fill, Qty after,
                    std::optional<Money> slippage, std::optional<Mark> mark);
  /// A payment to the position that is held.
  void fund(Money paid);
  /// The mark at which an excursion may be the largest so far.
  void observe(std::optional<Mark> mark);
  /// A settlement was published, for `funding_tailwind`.
  void learn_rate(Rate rate) { last_rate_ = rate; }
  /// The strategy's stop and target, once it knows of the position; 0: of none.
  void note_levels(std::int64_t position, std::optional<Price> stop,
                   std::optional<Price> take_profit);
  /// Writes them, in order of opening.
  void finish(trading::Recorder& recorder);

 private:
  struct Extremes {
    std::int64_t lowest = 0;  // mark, twice
    std::int64_t highest = 0;
  };
  struct Holding {
    trading::PositionRecord record;
    Average entry;
    Average exit;
    std::optional<Extremes> marks;
    bool slippage_known = true;
    bool open = true;
  };

  void open(const trading::Submit& submit, Timestamp ts);
  [[nodiscard]] bool is_holding() const { return !holdings_.empty() && holdings_.back().open; }

  std::vector<Holding> holdings_;
  std::optional<Rate> last_rate_;
};

}  // namespace toxvol::engine
