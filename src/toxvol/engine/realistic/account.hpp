#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/books/books.hpp"
#include "toxvol/engine/books/outbox.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/ledger.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/order.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// One fill row, as the exchange asks for it.
struct Execution {
  ExchangeTime at{};
  Price price{};
  Qty qty{};
  trading::Liquidity liquidity = trading::Liquidity::Taker;
  trading::FillRule rule = trading::FillRule::None;
  std::optional<std::int64_t> cause{};  // update_id or agg_trade_id
  Delivery cause_kind = Delivery::OrderEvent;
};

/// The money of the realistic profile: fees, the ledger, and when the strategy hears of a fill; the
/// books get what came of it. docs/engine.md, "Ledger".
class Account {
 public:
  Account(const EngineParams& params, const Instrument& instrument, const LatencyModel& latency,
          Outbox& outbox, trading::Recorder& recorder);

  /// The price in force from now on.
  void mark_at(Mark mark) { books_.mark_at(mark); }
  [[nodiscard]] const std::optional<Mark>& mark() const { return books_.mark(); }
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }

  /// Takes `execution.qty` off the order and books it.
  void fill(Order& order, const Execution& execution);
  /// Funding at calc_time; nothing while flat or before any price.
  void fund(const Funding& funding, ExchangeTime now);
  /// After the fills of a liquidation that began with `before`.
  void close_liquidation(const Ledger& before, ExchangeTime now);
  void sample(ExchangeTime now, trading::EquityCause cause);

  [[nodiscard]] Books& books() { return books_; }

 private:
  const EngineParams& params_;
  const Instrument& instrument_;
  const LatencyModel& latency_;
  Outbox& outbox_;

  Ledger ledger_;
  Books books_;
};

}  // namespace toxvol::engine
