#include "toxvol/jobs/poison/known_then.hpp"

#include <optional>

#include "toxvol/core/time.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {

namespace {

/// The parity profile shows every row at its `ts_init` (docs/parity.md).
engine::ExchangeParams as_seen(const engine::EngineParams& params) {
  engine::ExchangeParams exchange = params.exchange;
  if (engine::is_parity(exchange.profile)) exchange.data_latency = {};
  return exchange;
}

void keep_before(std::optional<Timestamp>& ts, Timestamp moment) {
  if (ts && *ts >= moment) ts.reset();
}

}  // namespace

KnownThen::KnownThen(const engine::EngineParams& params)
    : latency_{as_seen(params), params.seed},
      bar_delay_{engine::is_parity(params.exchange.profile) ? Duration{} : params.bar_delay},
      of_rows_{},
      of_commands_{},
      is_constant_{as_seen(params).data_latency.kind == engine::Latency::Kind::Constant} {
  if (is_constant_) of_rows_ = as_seen(params).data_latency.value;
  // On bars the exchange asks the strategy for its exit when the bar ends (X22), not a latency
  // later.
  if (params.inputs.trades || params.inputs.quotes) of_commands_ = of_rows_;
}

Timestamp KnownThen::of(const strategy::DecisionRow& row) const {
  const Timestamp bar_end = row.factors.ts;
  return row.factors.ts_init + bar_delay_ +
         latency_.of_data(engine::Delivery::Bar, to_ns(bar_end)) - of_rows_;
}

/// What the exchange places itself, at once, is of its own time.
Timestamp KnownThen::sent(Timestamp ts_sent, std::optional<Timestamp> ts_arrive) const {
  return ts_arrive && *ts_arrive <= ts_sent ? ts_sent : ts_sent - of_commands_;
}

Timestamp KnownThen::of(const trading::CommandRecord& command) const {
  return sent(command.ts_sent, command.ts_arrive);
}

std::optional<trading::CommandRecord> KnownThen::before(Timestamp moment,
                                                        trading::CommandRecord command) const {
  if (of(command) >= moment) return std::nullopt;
  keep_before(command.ts_arrive, moment);
  if (!command.ts_arrive) command.outcome = trading::CommandOutcome::Never;
  return command;
}

std::optional<trading::OrderRecord> KnownThen::before(Timestamp moment,
                                                      trading::OrderRecord order) const {
  if (sent(order.ts_submit, order.ts_arrive) >= moment) return std::nullopt;
  keep_before(order.ts_arrive, moment);
  keep_before(order.ts_accepted, moment);
  keep_before(order.ts_done, moment);
  if (order.ts_done) return order;
  // Fills of a part of it are in fills.parquet.
  const trading::OrderRecord open;
  order.position = open.position;
  order.filled_qty = open.filled_qty;
  order.avg_price = open.avg_price;
  order.status = open.status;
  order.reject_reason = open.reject_reason;
  order.queue_ahead = open.queue_ahead;
  return order;
}

std::optional<trading::FillRecord> KnownThen::before(Timestamp moment,
                                                     trading::FillRecord fill) const {
  if (of(fill) >= moment) return std::nullopt;
  return fill;
}

std::optional<trading::PositionRecord> KnownThen::before(Timestamp moment,
                                                         trading::PositionRecord position) const {
  if (position.ts_open >= moment) return std::nullopt;
  if (!is_constant_) {  // the strategy may say its levels after rows that are younger than the fill
    position.stop.reset();
    position.take_profit.reset();
  }
  if (position.ts_close && *position.ts_close < moment) return position;
  // How it went on is in fills.parquet and equity.parquet.
  trading::PositionRecord open;
  open.position = position.position;
  open.alpha = position.alpha;
  open.side = position.side;
  open.regime_open = position.regime_open;
  open.ts_open = position.ts_open;
  open.sigma_open = position.sigma_open;
  open.funding_tailwind = position.funding_tailwind;
  return open;
}

}  // namespace toxvol::jobs
