#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/native_venue.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

/// Matching: what of an order fills, at which price, and what that does to the market.
namespace toxvol::engine {

using trading::OrderType;
using trading::RejectReason;
using trading::TimeInForce;

namespace {
using Status = NautilusOrder::Status;
}

void NativeVenue::match() {
  if (!bids_.empty() || !asks_.empty()) {
    snapshot_.assign(bids_.begin(), bids_.end());
    snapshot_.insert(snapshot_.end(), asks_.begin(), asks_.end());
    for (NautilusOrder* order : snapshot_) {
      if (order->is_closed() || !is_limit_matched(*order)) continue;
      order->is_maker = true;
      fill_limit_order(*order);
    }
    // The market moves back only if an order still rests: else the core stays at the last limit
    // that was filled through, until the book is looked at again.
    if (targets_ && (!bids_.empty() || !asks_.empty())) core_ = *targets_;
  }
  targets_.reset();
}

bool NativeVenue::is_limit_matched(const NautilusOrder& order) const {
  const Price price = order.submit().price;
  if (order.submit().side == Side::Buy) return core_.has_ask && core_.ask <= price;
  return core_.has_bid && core_.bid >= price;
}

void NativeVenue::fill_market_order(NautilusOrder& order) {
  order.is_maker = false;
  apply_fills(order, market_fill(order));
}

void NativeVenue::fill_limit_order(NautilusOrder& order) {
  if (order.matched && *order.matched >= order.quantity) return;
  if (order.submit().reduce_only && bookkeeper_.ledger().position() == Qty{}) {
    cancel_order(order);
    return;
  }
  // With a bid or ask that was never known its fill model finds no market.
  apply_fills(order, core_.has_bid && core_.has_ask ? limit_fill(order) : std::nullopt);
}

std::optional<NativeVenue::Fill> NativeVenue::simulate(const NautilusOrder& order,
                                                       std::optional<Price> limit) const {
  const bool is_buy = order.submit().side == Side::Buy;
  const Level& level = is_buy ? ask_ : bid_;
  if (!level.present) return std::nullopt;
  if (limit && (is_buy ? level.price > *limit : level.price < *limit)) return std::nullopt;
  return Fill{level.price, std::min(level.qty, order.quantity - order.filled)};
}

std::optional<NativeVenue::Fill> NativeVenue::market_fill(const NautilusOrder& order) {
  if (!core_.has_bid || !core_.has_ask) return std::nullopt;
  std::optional<Fill> fill = simulate(order, std::nullopt);
  if (fill && !rules_.market_fills_at_the_book) {
    fill->price = order.submit().side == Side::Buy ? core_.ask : core_.bid;
    core_.set_last(fill->price);
  }
  return fill;
}

std::optional<NativeVenue::Fill> NativeVenue::limit_fill(const NautilusOrder& order) {
  const bool is_buy = order.submit().side == Side::Buy;
  const Price price = order.submit().price;
  std::optional<Fill> fill = simulate(order, price);
  if (met_ && core_.has_last && !(fill && fill->price == core_.last) && is_limit_matched(order)) {
    return Fill{price, std::min(*met_, order.quantity - order.filled)};
  }
  if (fill && order.is_maker && (is_buy ? fill->price < price : fill->price > price)) {
    // Filled through: at the limit, to which the market is moved meanwhile.
    targets_ = core_;
    if (is_buy) {
      core_.set_ask(price);
    } else {
      core_.set_bid(price);
    }
    core_.set_last(price);
    fill->price = price;
  }
  return fill;
}

void NativeVenue::apply_fills(NautilusOrder& order, std::optional<Fill> fill) {
  const trading::Submit& submit = order.submit();
  if (submit.tif == TimeInForce::Fok &&
      order.quantity - order.filled > (fill ? fill->qty : Qty{})) {
    cancel_order(order);
    return;
  }
  if (!fill) {
    if (order.status == Status::Submitted) {
      bookkeeper_.reject(order, RejectReason::NoQuote, now_);
    }
    return;
  }
  Qty left = magnitude(bookkeeper_.ledger().position());
  if (!reduce(order, fill->qty, left)) return;
  fill_order(order, fill->price, fill->qty);
  if (!order.is_open()) return;
  if (submit.tif == TimeInForce::Ioc) {
    cancel_order(order);
    return;
  }
  Price rest = worse(submit.side, fill->price);
  if (submit.type == OrderType::Limit) {
    const Price far = submit.side == Side::Buy ? core_.ask : core_.bid;
    if (!targets_ && submit.price == far) return;  // rests at the touch
    if (order.is_maker) rest = submit.price;
  }
  Qty remainder = order.quantity - order.filled;
  if (rules_.reduce_only_binds_the_pass && !reduce(order, remainder, left)) return;
  fill_order(order, rest, remainder);
}

/// Cuts a reduce-only order to what is `left` of the position; `qty` is what it would fill now.
/// False: nothing may fill any more.
bool NativeVenue::reduce(NautilusOrder& order, Qty& qty, Qty& left) const {
  if (!order.submit().reduce_only) return true;
  if (rules_.reduce_only_binds_the_pass) {
    if (left == Qty{}) return false;
    const bool exhausts = qty >= left;
    qty = std::min(qty, left);
    left -= qty;
    const Qty filled = order.matched.value_or(order.filled) + qty;
    if (exhausts) order.quantity = std::min(order.quantity, filled);
    return true;
  }
  if (qty <= left) return true;
  if (left < order.filled) {
    // Its unsigned remainder would be negative: NautilusTrader's process aborts.
    throw Error{"orders: O-" + std::to_string(static_cast<std::int64_t>(order.submit().id)) +
                " is reduce-only and would be cut to less than it has filled, where "
                "NautilusTrader 1.221 aborts; use a smaller order, or profile nautilus_1_231"};
  }
  qty = order.quantity = left;
  return true;
}

void NativeVenue::fill_order(NautilusOrder& order, Price price, Qty qty) {
  const Qty matched = order.matched.value_or(Qty{});
  qty = std::min(qty, order.quantity - matched);
  order.matched = matched + qty;
  if (qty <= Qty{}) return;
  bookkeeper_.fill(order, price, qty, now_);
  if (order.submit().type == OrderType::Limit && order.is_closed()) {
    remove(order);
    order.matched.reset();
  }
}

}  // namespace toxvol::engine
