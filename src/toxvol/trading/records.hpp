#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "toxvol/core/market.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::trading {

/// What a run leaves behind, row by row: the columns of the run folder (docs/schemas.md). Decisions
/// are in factors/factor_row.hpp and strategy/decision.hpp.

struct OrderRecord {
  Submit submit;
  std::optional<std::int64_t> position;  // P-<value>
  Qty filled_qty{};
  std::optional<Price> avg_price;
  Timestamp ts_submit{};
  std::optional<Timestamp> ts_arrive;
  std::optional<Timestamp> ts_accepted;
  std::optional<Timestamp> ts_done;
  OrderStatus status = OrderStatus::Open;
  RejectReason reject_reason = RejectReason::None;
  std::optional<Price> bid;  // last seen at ts_submit
  std::optional<Price> ask;
  std::optional<Qty> queue_ahead;  // when it began to rest; empty if never or unknown
};

struct CommandRecord {
  std::int64_t seq = 0;
  Timestamp ts_sent{};
  std::optional<Timestamp> ts_arrive;
  CommandKind kind = CommandKind::Submit;
  OrderId order{};
  CommandOutcome outcome = CommandOutcome::Never;
};

struct FillRecord {
  std::int64_t fill_id = 0;  // from 1
  OrderId order{};
  std::int64_t position = 0;
  Timestamp ts{};       // exchange
  Timestamp ts_init{};  // the strategy learns
  Side side = Side::Buy;
  Liquidity liquidity = Liquidity::Taker;
  Price price{};
  Qty qty{};
  Money fee{};
  std::optional<double> mid_decision;
  std::optional<double> mid_fill;
  std::optional<Money> slippage;
  Qty position_after{};
  Money balance_after{};
  Money equity_after{};
  FillRule rule = FillRule::None;
  std::optional<std::int64_t> cause;  // update_id or agg_trade_id; empty for takes
};

/// Flat to flat. `realised` is price only; net = realised − fees + funding.
struct PositionRecord {
  std::int64_t position = 0;
  Alpha alpha = Alpha::None;
  Side side = Side::Buy;
  std::optional<Regime> regime_open;
  std::optional<Role> exit_role;
  Timestamp ts_open{};
  std::optional<Timestamp> ts_close;
  Qty qty_max{};
  Price avg_entry{};
  std::optional<Price> avg_exit;
  std::optional<Price> stop;
  std::optional<Price> take_profit;
  std::int32_t n_fills = 0;
  Money realised{};
  Money fees{};
  Money funding{};
  std::optional<Money> slippage;
  std::optional<double> mae_bp;  // over equity samples and fills
  std::optional<double> mfe_bp;
  std::optional<double> sigma_open;
  std::optional<bool> funding_tailwind;
};

struct EquityRecord {
  std::int64_t seq = 0;
  Timestamp ts{};
  EquityCause cause = EquityCause::Minute;
  std::optional<double> mark;  // (bid + ask)/2
  Qty position{};
  Money realised{};
  Money fees{};
  Money funding{};
  Money unrealised{};
  Money insurance{};
  Money equity{};
  Money margin{};
  double drawdown = 0.0;
};

/// Where an engine puts them. One call a record, in file order but for orders and positions, which
/// come when the run has ended, in file order.
class Recorder {
 public:
  Recorder() = default;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  virtual ~Recorder() = default;

  virtual void record(const OrderRecord& order) = 0;
  virtual void record(const CommandRecord& command) = 0;
  virtual void record(const FillRecord& fill) = 0;
  virtual void record(const PositionRecord& position) = 0;
  virtual void record(const EquityRecord& sample) = 0;
};

}  // namespace toxvol::trading
