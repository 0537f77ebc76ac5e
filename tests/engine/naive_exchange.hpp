#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <tuple>
#include <vector>

#include "tests/engine/support.hpp"

namespace toxvol::engine::test {

/// The rules X4–X18 a second time, as plainly as they are written: no caches, no sorted books, the
/// mean depth millisecond by millisecond, debt over all trades ever. Raw integers, one fixed tick.
/// It knows neither margin nor liquidation.
class NaiveExchange {
 public:
  struct Fill {
    std::int64_t order, price, qty, ms;
    bool maker;
    friend bool operator==(const Fill&, const Fill&) = default;
  };
  struct State {
    trading::Submit submit;
    std::int64_t remaining = 0;
    std::int64_t filled = 0;
    std::optional<std::int64_t> ahead{};
    trading::OrderStatus status = trading::OrderStatus::Open;
    bool resting = false;
  };
  std::vector<State> orders;  // by arrival
  std::vector<Fill> fills;
  std::int64_t position = 0;

  NaiveExchange(QueueModel queue, std::int64_t tick, std::int64_t lot)
      : queue_{queue}, tick_{tick}, lot_{lot} {}

  void submit(const trading::Submit& order, std::int64_t ms) {
    orders.push_back({.submit = order});
    const std::size_t me = orders.size() - 1;
    const bool buy = order.side == Side::Buy;
    const std::int64_t px = order.price.raw();
    std::int64_t qty = order.qty.raw();
    if (order.reduce_only)
      qty = std::min(qty, std::max<std::int64_t>(0, buy ? -position : position));
    const bool usable =
        !quotes_.empty() && now().bid < now().ask && now().bid_qty > 0 && now().ask_qty > 0;
    if (qty == 0) return set(me, trading::OrderStatus::Rejected);
    orders[me].remaining = qty;
    if (order.type == trading::OrderType::Market) {
      if (!usable) return set(me, trading::OrderStatus::Rejected);
      take(me, std::nullopt, ms);
      return;
    }
    const bool crosses = !quotes_.empty() && (buy ? px >= now().ask : px <= now().bid);
    if (order.post_only && crosses) return set(me, trading::OrderStatus::Rejected);
    const bool marketable = usable && crosses;
    if (order.tif == trading::TimeInForce::Fok && (!marketable || capacity(me, ms) < qty)) {
      return set(me, trading::OrderStatus::Canceled);
    }
    if (marketable) take(me, px, ms);
    if (orders[me].remaining == 0) return;
    if (order.tif != trading::TimeInForce::Gtc) return set(me, trading::OrderStatus::Canceled);
    orders[me].resting = true;
    if (marketable || queue_ == QueueModel::Optimistic) {
      orders[me].ahead = 0;
    } else if (!quotes_.empty()) {
      const std::int64_t best = buy ? now().bid : now().ask;
      if (px == best) orders[me].ahead = buy ? now().bid_qty : now().ask_qty;
      if (buy ? px > best : px < best) orders[me].ahead = 0;
    }
  }

  void cancel(trading::OrderId id) {
    for (std::size_t i = 0; i < orders.size(); ++i) {
      if (orders[i].submit.id == id && orders[i].resting) set(i, trading::OrderStatus::Canceled);
    }
  }

  void trade(const Trade& row, std::int64_t ms) {
    trades_.push_back({row.price.raw(), row.qty.raw(), ms, row.aggressor});
    std::int64_t left = row.qty.raw();
    for (const std::size_t i : by_priority(opposite(row.aggressor))) {
      State& order = orders[i];
      if (!order.resting) continue;
      const std::int64_t better =
          sign(order.submit.side) * (order.submit.price.raw() - row.price.raw());
      if (better < 0) continue;
      if (better > 0) order.ahead = 0;
      if (!order.ahead) continue;
      const std::int64_t beyond = std::max<std::int64_t>(0, row.qty.raw() - *order.ahead);
      order.ahead = std::max<std::int64_t>(0, *order.ahead - row.qty.raw());
      const std::int64_t qty = std::min({order.remaining, beyond, left});
      left -= qty;
      if (qty > 0) fill(i, order.submit.price.raw(), qty, ms, true);
    }
  }

  void quote(const Quote& quote, std::int64_t ms) {
    const std::optional<Row> before =
        quotes_.empty() ? std::nullopt : std::optional{quotes_.back()};
    const Row row{quote.bid.raw(), quote.ask.raw(), quote.bid_qty.raw(), quote.ask_qty.raw(), ms};
    for (const Side side : {Side::Buy, Side::Sell}) {
      const bool bid = side == Side::Buy;
      const std::int64_t best = bid ? row.bid : row.ask;
      const std::int64_t size = bid ? row.bid_qty : row.ask_qty;
      Used& used = bid ? used_bid_ : used_ask_;
      if (used.price != best || ms - used.ms >= 1'000) used.qty = 0;
      used.qty = std::min(used.qty, size);

      const std::int64_t old = before ? (bid ? before->bid_qty : before->ask_qty) : 0;
      const bool same = before && (bid ? before->bid : before->ask) == best;
      std::int64_t decrease = same ? std::max<std::int64_t>(0, old - size) : 0;
      std::int64_t repaid = 0;
      for (Debt& debt : trades_) {
        if (opposite(debt.aggressor) != side || debt.price != best || ms - debt.ms > 100) continue;
        const std::int64_t part = std::min(debt.left, decrease);
        debt.left -= part;
        decrease -= part;
        repaid += part;
      }
      for (State& order : orders) {
        if (!order.resting || order.submit.side != side) continue;
        if (queue_ == QueueModel::Optimistic) continue;
        const std::int64_t better = sign(side) * (order.submit.price.raw() - best);
        if (queue_ == QueueModel::Proportional && better == 0 && order.ahead && decrease > 0 &&
            old - repaid > 0) {
          const auto moved =
              static_cast<std::int64_t>(Int128{decrease} * *order.ahead / (old - repaid));
          order.ahead = std::max<std::int64_t>(0, *order.ahead - moved / lot_ * lot_);
        }
        if (better > 0) order.ahead = 0;
        if (better == 0) order.ahead = order.ahead ? std::min(*order.ahead, size) : size;
      }
    }
    quotes_.push_back(row);
    for (const Side side : {Side::Buy, Side::Sell}) {
      const bool buy = side == Side::Buy;
      const std::int64_t far = buy ? row.ask : row.bid;
      const std::int64_t size = buy ? row.ask_qty : row.bid_qty;
      if (before && (buy ? before->ask == far && before->ask_qty == size
                         : before->bid == far && before->bid_qty == size)) {
        continue;
      }
      Used& used = buy ? used_ask_ : used_bid_;
      for (const std::size_t i : by_priority(side)) {
        State& order = orders[i];
        if (!order.resting || sign(side) * (order.submit.price.raw() - far) < 0) continue;
        const std::int64_t qty = std::min(order.remaining, size - used.qty);
        if (qty <= 0) continue;
        used = {far, used.qty + qty, ms};
        fill(i, order.submit.price.raw(), qty, ms, true);
      }
    }
  }

 private:
  struct Row {
    std::int64_t bid, ask, bid_qty, ask_qty, ms;
  };
  struct Debt {
    std::int64_t price, left, ms;
    Side aggressor;
  };
  struct Used {
    std::int64_t price = 0, qty = 0, ms = std::numeric_limits<std::int64_t>::min() / 2;
  };

  [[nodiscard]] const Row& now() const { return quotes_.back(); }

  void set(std::size_t i, trading::OrderStatus status) {
    orders[i].status = status;
    orders[i].resting = false;
    orders[i].remaining = 0;
  }

  [[nodiscard]] std::vector<std::size_t> by_priority(Side side) const {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < orders.size(); ++i) {
      if (orders[i].resting && orders[i].submit.side == side) result.push_back(i);
    }
    std::sort(result.begin(), result.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple{-sign(side) * orders[a].submit.price.raw(), a} <
             std::tuple{-sign(side) * orders[b].submit.price.raw(), b};
    });
    return result;
  }

  void fill(std::size_t i, std::int64_t price, std::int64_t qty, std::int64_t ms, bool maker) {
    State& order = orders[i];
    fills.push_back({static_cast<std::int64_t>(order.submit.id), price, qty, ms, maker});
    order.remaining -= qty;
    order.filled += qty;
    if (order.remaining == 0) {
      order.status = trading::OrderStatus::Filled;
      order.resting = false;
    }
    position += sign(order.submit.side) * qty;
    for (std::size_t other = 0; other < orders.size(); ++other) {
      State& cut = orders[other];
      if (!cut.resting || !cut.submit.reduce_only) continue;
      const std::int64_t left =
          std::max<std::int64_t>(0, cut.submit.side == Side::Buy ? -position : position);
      cut.remaining = std::min(cut.remaining, left);
      if (cut.remaining == 0) set(other, trading::OrderStatus::Canceled);
    }
  }

  [[nodiscard]] std::int64_t mean_depth(std::int64_t ms) {
    const std::int64_t end = ms / 60'000 * 60'000;
    if (end == depth_minute_) return depth_;  // its quotes are all known: it cannot change
    depth_minute_ = end;
    return depth_ = mean_depth_of_minute_before(end);
  }
  [[nodiscard]] std::int64_t mean_depth_of_minute_before(std::int64_t end) const {
    Int128 sum = 0;
    std::int64_t known = 0;
    std::size_t at = 0;
    for (std::int64_t t = end - 60'000; t < end; ++t) {
      while (at < quotes_.size() && quotes_[at].ms <= t) ++at;
      if (at == 0) continue;
      const Row& row = quotes_[at - 1];
      if (row.ms / 86'400'000 != t / 86'400'000) continue;
      sum += row.bid_qty + row.ask_qty;
      ++known;
    }
    if (known == 0) return 0;
    return static_cast<std::int64_t>(sum / (2 * known)) / lot_ * lot_;
  }

  [[nodiscard]] std::int64_t used_at(const Used& used, std::int64_t ms) const {
    return ms - used.ms >= 1'000 ? 0 : used.qty;
  }

  std::int64_t capacity(std::size_t i, std::int64_t ms) {
    const bool buy = orders[i].submit.side == Side::Buy;
    const std::int64_t far = buy ? now().ask : now().bid;
    const std::int64_t size = buy ? now().ask_qty : now().bid_qty;
    std::int64_t total = size - used_at(buy ? used_ask_ : used_bid_, ms);
    for (std::int64_t px = far + sign(orders[i].submit.side) * tick_;
         sign(orders[i].submit.side) * (orders[i].submit.price.raw() - px) >= 0;
         px += sign(orders[i].submit.side) * tick_) {
      total += std::max(size, mean_depth(ms));
    }
    return total;
  }

  void take(std::size_t i, std::optional<std::int64_t> limit, std::int64_t ms) {
    const bool buy = orders[i].submit.side == Side::Buy;
    Used& used = buy ? used_ask_ : used_bid_;
    std::int64_t px = buy ? now().ask : now().bid;
    const std::int64_t size = buy ? now().ask_qty : now().bid_qty;
    used.qty = used_at(used, ms);
    const std::int64_t first = std::min(orders[i].remaining, size - used.qty);
    if (first > 0) {
      used = {px, used.qty + first, ms};
      fill(i, px, first, ms, false);
    }
    const std::int64_t slice = std::max(size, mean_depth(ms));
    while (orders[i].remaining > 0) {
      px += sign(orders[i].submit.side) * tick_;
      if (limit && sign(orders[i].submit.side) * (*limit - px) < 0) return;
      fill(i, px, std::min(slice, orders[i].remaining), ms, false);
    }
  }

  QueueModel queue_;
  std::int64_t tick_;
  std::int64_t lot_;
  std::vector<Row> quotes_;
  std::vector<Debt> trades_;
  Used used_bid_;
  Used used_ask_;
  std::int64_t depth_minute_ = -1;
  std::int64_t depth_ = 0;
};

}  // namespace toxvol::engine::test
