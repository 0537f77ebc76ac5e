#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "toxvol/core/market.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::trading {

/// Order ids are the strategy's; the run folder shows `O-<value>`.
enum class OrderId : std::int64_t {};

/// Why an order was sent, for the run folder; no engine rule looks at it.
struct Intent {
  Role role = Role::Entry;
  Alpha alpha = Alpha::None;
  std::optional<Regime> regime{};          // at the decision; entries
  std::optional<double> sigma{};           // per √minute; entries
  std::optional<Timestamp> ts_decision{};  // the decision row's ts; empty: ts_submit
  TriggerKind trigger_kind = TriggerKind::None;
  std::optional<Price> trigger_price{};
  std::optional<Timestamp> trigger_ts{};
  std::optional<Cap> cap{};           // N7: what limited the size; entries of the strategy
  std::optional<Qty> qty_uncapped{};  // the size without it
};

struct Submit {
  OrderId id{};
  Side side = Side::Buy;
  OrderType type = OrderType::Market;
  TimeInForce tif = TimeInForce::Gtc;
  bool post_only = false;
  bool reduce_only = false;
  Price price{};  // LIMIT only
  Qty qty{};
  std::optional<OrderId> replaces{};  // X19
  bool same_close = false;            // X24: at the decision bar's close, at once
  Intent intent{};
};

struct Cancel {
  OrderId id{};
};

using Command = std::variant<Submit, Cancel>;

}  // namespace toxvol::trading
