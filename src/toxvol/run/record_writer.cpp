#include "toxvol/run/record_writer.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/run/hashed_table.hpp"
#include "toxvol/run/tables.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

namespace {

using trading::name;

std::string order_id(trading::OrderId id) {
  return "O-" + std::to_string(static_cast<std::int64_t>(id));
}

std::string position_id(std::int64_t id) {
  return "P-" + std::to_string(id);
}

std::string_view buy_or_sell(Side side) {
  return side == Side::Buy ? "buy" : "sell";
}

/// The nearest decimal: of a mid of quoted prices that is the mid itself, below 9e7.
std::optional<Price> nearest_decimal(const std::optional<double>& value, std::string_view column) {
  if (!value) return std::nullopt;
  const double raw = *value * static_cast<double>(Price::kOne);
  if (!(std::abs(raw) < static_cast<double>(columnar::kDecimalLimit))) {
    throw Error("column " + std::string{column} + ": " + std::to_string(*value) +
                " does not fit decimal(18, 8)");
  }
  return Price::from_raw(std::llround(raw));
}

void put_factors(HashedTable& table, const factors::FactorRow& row) {
  table.put(row.ts);
  table.put(row.ts_init);
  table.put(row.close);
  table.put(row.bid);
  table.put(row.ask);
  for (const FactorColumn& column : factor_columns()) table.put(row.*column.field);
  table.put(row.regime ? std::optional{static_cast<std::int8_t>(*row.regime)} : std::nullopt);
  table.put(row.toxic);
  table.put(row.regime ? std::optional{name(static_cast<trading::Regime>(*row.regime))}
                       : std::nullopt);
  table.put(row.mode);
}

}  // namespace

void put_row(HashedTable& table, const factors::FactorRow& row) {
  put_factors(table, row);
  table.end_row();
}

void put_row(HashedTable& table, const strategy::DecisionRow& row) {
  put_factors(table, row.factors);
  table.put(row.decides);
  table.put_name(name(row.alpha));
  if (row.direction) {
    table.put(static_cast<std::int8_t>(*row.direction));
  } else {
    table.put_null();
  }
  table.put(row.position);
  table.put(name(row.reason));
  table.end_row();
}

void put_row(HashedTable& table, const trading::OrderRecord& order) {
  const trading::Submit& submit = order.submit;
  const trading::Intent& intent = submit.intent;
  table.put(order_id(submit.id));
  if (order.position) {
    table.put(position_id(*order.position));
  } else {
    table.put_null();
  }
  table.put(name(intent.role));
  table.put_name(name(intent.alpha));
  table.put(buy_or_sell(submit.side));
  table.put(name(submit.type));
  table.put(name(submit.tif));
  table.put(submit.post_only);
  table.put(submit.reduce_only);
  if (submit.type == trading::OrderType::Limit) {
    table.put(submit.price);
  } else {
    table.put_null();
  }
  table.put(submit.qty);
  table.put(order.filled_qty);
  table.put(order.avg_price);
  table.put(intent.ts_decision.value_or(order.ts_submit));
  table.put(order.ts_submit);
  table.put(order.ts_arrive);
  table.put(order.ts_accepted);
  table.put(order.ts_done);
  table.put(name(order.status));
  table.put_name(name(order.reject_reason));
  if (submit.replaces) {
    table.put(order_id(*submit.replaces));
  } else {
    table.put_null();
  }
  table.put_name(name(intent.trigger_kind));
  table.put(intent.trigger_price);
  table.put(intent.trigger_ts);
  table.put(order.bid);
  table.put(order.ask);
  table.put(order.queue_ahead);
  table.put(intent.cap ? std::optional{name(*intent.cap)} : std::nullopt);
  table.put(intent.qty_uncapped);
  table.end_row();
}

void put_row(HashedTable& table, const trading::CommandRecord& command) {
  table.put(command.seq);
  table.put(command.ts_sent);
  table.put(command.ts_arrive);
  table.put(name(command.kind));
  table.put(order_id(command.order));
  table.put(name(command.outcome));
  table.end_row();
}

void put_row(HashedTable& table, const trading::FillRecord& fill) {
  table.put(fill.fill_id);
  table.put(order_id(fill.order));
  table.put(position_id(fill.position));
  table.put(fill.ts);
  table.put(fill.ts_init);
  table.put(buy_or_sell(fill.side));
  table.put(name(fill.liquidity));
  table.put(fill.price);
  table.put(fill.qty);
  table.put(fill.fee);
  table.put(fill.mid_decision);
  table.put(fill.mid_fill);
  table.put(fill.slippage);
  table.put(fill.position_after);
  table.put(fill.balance_after);
  table.put(fill.equity_after);
  table.put_name(name(fill.rule));
  table.put(fill.cause);
  table.end_row();
}

void put_row(HashedTable& table, const trading::PositionRecord& position) {
  table.put(position_id(position.position));
  table.put_name(name(position.alpha));
  table.put(std::string_view{position.side == Side::Buy ? "long" : "short"});
  table.put(position.regime_open ? std::optional{name(*position.regime_open)} : std::nullopt);
  table.put(position.exit_role ? std::optional{name(*position.exit_role)} : std::nullopt);
  table.put(position.ts_open);
  table.put(position.ts_close);
  table.put(position.qty_max);
  table.put(position.avg_entry);
  table.put(position.avg_exit);
  table.put(position.stop);
  table.put(position.take_profit);
  table.put(position.n_fills);
  table.put(position.realised);
  table.put(position.fees);
  table.put(position.funding);
  table.put(position.slippage);
  table.put(net(position));
  table.put(position.mae_bp);
  table.put(position.mfe_bp);
  table.put(position.sigma_open);
  table.put(position.funding_tailwind);
  table.end_row();
}

void put_row(HashedTable& table, const trading::EquityRecord& sample) {
  table.put(sample.seq);
  table.put(sample.ts);
  table.put(name(sample.cause));
  table.put(nearest_decimal(sample.mark, "mark"));
  table.put(sample.position);
  table.put(sample.realised);
  table.put(sample.fees);
  table.put(sample.funding);
  table.put(sample.unrealised);
  table.put(sample.insurance);
  table.put(sample.equity);
  table.put(sample.margin);
  table.put(sample.drawdown);
  table.end_row();
}

Money net(const trading::PositionRecord& position) {
  const auto exact =
      narrow(Int128{position.realised.raw()} - position.fees.raw() + position.funding.raw());
  if (!exact)
    throw Error("position " + position_id(position.position) + ": net does not fit 64 bits");
  return Money::from_raw(*exact);
}

}  // namespace toxvol::run
