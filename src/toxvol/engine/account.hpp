#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/ledger.hpp"
#include "toxvol/engine/order.hpp"
#include "toxvol/engine/outbox.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// One fill row, as an exchange asks for it.
struct Execution {
  std::int64_t ms = 0;  // exchange time
  Price price{};
  Qty qty{};
  trading::Liquidity liquidity = trading::Liquidity::Taker;
  trading::FillRule rule = trading::FillRule::None;
  std::optional<std::int64_t> cause{};  // update_id or agg_trade_id
  Delivery cause_kind = Delivery::OrderEvent;
};

/// Books fills and payments in the ledger, keeps positions from flat to flat, and writes fills,
/// equity and positions. Every exchange shares it. docs/engine.md, "Ledger".
class Account {
 public:
  Account(const EngineParams& params, const Instrument& instrument, const LatencyModel& latency,
          Outbox& outbox, trading::Recorder& recorder);

  /// The price in force from now on.
  void mark_at(Mark mark) { mark_ = mark; }
  [[nodiscard]] const std::optional<Mark>& mark() const { return mark_; }
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }

  /// Takes `execution.qty` off the order: ledger, position, fill row, equity row, and the event for
  /// the strategy.
  void fill(Order& order, const Execution& execution);
  /// Funding at calc_time; nothing while flat or before any price.
  void fund(const Funding& funding, std::int64_t ms);
  /// After the fills of a liquidation that began with `before`.
  void close_liquidation(const Ledger& before, std::int64_t ms);
  void sample(std::int64_t ms, trading::EquityCause cause);

  /// A settlement was published, for `funding_tailwind`.
  void learn_rate(Rate rate) { last_rate_ = rate; }
  /// The strategy's stop and target, once it knows of the position.
  void note_levels(std::int64_t position, std::optional<Price> stop,
                   std::optional<Price> take_profit);
  /// Writes the positions, in order of opening.
  void finish();

 private:
  struct Holding {
    trading::PositionRecord record;
    Average entry;
    Average exit;
    std::optional<std::int64_t> lowest;  // mark, twice
    std::optional<std::int64_t> highest;
    bool slippage_known = true;
    bool open = true;
  };

  void open(const Order& order, std::int64_t ms);
  void observe(Holding& holding) const;
  [[nodiscard]] bool is_holding() const { return !holdings_.empty() && holdings_.back().open; }

  const EngineParams& params_;
  const Instrument& instrument_;
  const LatencyModel& latency_;
  Outbox& outbox_;
  trading::Recorder& recorder_;

  Ledger ledger_;
  std::optional<Mark> mark_;
  std::optional<Rate> last_rate_;
  std::vector<Holding> holdings_;
  std::int64_t fills_ = 0;
  std::int64_t samples_ = 0;
  Money peak_;
};

}  // namespace toxvol::engine
