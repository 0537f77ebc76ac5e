#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/engine/support.hpp"

namespace toxvol::engine::test {

/// The rules X4–X18 and N4 a second time, as plainly as they are written: no caches, no sorted
/// books, the mean depth millisecond by millisecond, debt over all trades ever. Raw integers, one
/// fixed tick. It knows neither margin nor liquidation.
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
    bool waiting = false;
  };
  std::vector<State> orders;  // by arrival
  std::vector<Fill> fills;
  std::int64_t position = 0;
  // How often N4 mattered.
  int served = 0;
  int worse = 0;

  NaiveExchange(QueueModel queue, std::int64_t tick, std::int64_t lot, std::int64_t max_age_ms)
      : queue_{queue}, tick_{tick}, lot_{lot}, max_age_ms_{max_age_ms} {}

  void submit(const trading::Submit& order, std::int64_t ms) {
    orders.push_back({.submit = order});
    const std::size_t me = orders.size() - 1;
    const bool buy = order.side == Side::Buy;
    const std::int64_t px = order.price.raw();
    orders[me].remaining = order.qty.raw();
    const std::optional<Row> best = touch(ms);
    if (order.type == trading::OrderType::Market && !best) {
      orders[me].waiting = true;
      return;
    }
    if (!clamp(me)) return;
    const std::int64_t qty = orders[me].remaining;
    if (order.type == trading::OrderType::Market) {
      take(me, std::nullopt, ms);
      return;
    }
    if (order.post_only && best && (buy ? px >= best->ask : px <= best->bid)) {
      return set(me, trading::OrderStatus::Rejected);
    }
    const bool marketable = best && (buy ? px >= price_of(me, *best) : px <= price_of(me, *best));
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
      const std::int64_t near = buy ? now().bid : now().ask;
      if (px == near) orders[me].ahead = buy ? now().bid_qty : now().ask_qty;
      if (buy ? px > near : px < near) orders[me].ahead = 0;
    }
  }

  void cancel(trading::OrderId id) {
    for (std::size_t i = 0; i < orders.size(); ++i) {
      if (orders[i].submit.id == id && (orders[i].resting || orders[i].waiting)) {
        set(i, trading::OrderStatus::Canceled);
      }
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
    last_trade_ = {row.price.raw(), ms, row.aggressor == Side::Buy};
    sizes_.push_back({ms / 60'000, row.qty.raw()});
    if (!is_young(usable_, ms)) show(*touch(ms), ms);
    serve_waiting(ms);
  }

  void quote(const Quote& quote, std::int64_t ms) {
    const std::optional<Row> before =
        quotes_.empty() ? std::nullopt : std::optional{quotes_.back()};
    const Row row{quote.bid.raw(), quote.ask.raw(), quote.bid_qty.raw(), quote.ask_qty.raw(), ms};
    show(row, ms);
    for (const Side side : {Side::Buy, Side::Sell}) {
      const bool bid = side == Side::Buy;
      const std::int64_t best = bid ? row.bid : row.ask;
      const std::int64_t size = bid ? row.bid_qty : row.ask_qty;
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
    if (row.bid < row.ask && row.bid_qty > 0 && row.ask_qty > 0) usable_ = row;
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
        const State& order = orders[i];
        if (!order.resting || sign(side) * (order.submit.price.raw() - far) < 0) continue;
        const std::int64_t qty = std::min(order.remaining, size - used.qty);
        if (qty <= 0) continue;
        used = {far, used.qty + qty, ms};
        fill(i, order.submit.price.raw(), qty, ms, true);
      }
    }
    serve_waiting(ms);
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

  struct LastTrade {
    std::int64_t price, ms;
    bool buys;
  };

  [[nodiscard]] const Row& now() const { return quotes_.back(); }

  [[nodiscard]] bool is_young(const std::optional<Row>& row, std::int64_t ms) const {
    return row && ms - row->ms <= max_age_ms_;
  }
  [[nodiscard]] std::optional<Row> touch(std::int64_t ms) const {
    if (is_young(usable_, ms)) return usable_;
    if (!last_trade_ || ms - last_trade_->ms > max_age_ms_) return std::nullopt;
    const std::size_t n = std::min<std::size_t>(sizes_.size(), 1'000);
    std::vector<std::int64_t> window;
    std::int64_t last_minute = 0;
    for (std::size_t i = 0; i < sizes_.size(); ++i) {
      if (i + n >= sizes_.size()) window.push_back(sizes_[i].second);
      if (sizes_[i].first == last_trade_->ms / 60'000 - 1) last_minute += sizes_[i].second;
    }
    std::sort(window.begin(), window.end());
    const std::int64_t median =
        std::max((window[(n - 1) / 2] + window[n / 2]) / 2, last_minute / 60) / lot_ * lot_;
    const std::int64_t bid = last_trade_->price - (last_trade_->buys ? tick_ : 0);
    return Row{bid, bid + tick_, std::max(median, lot_), std::max(median, lot_), last_trade_->ms};
  }
  /// What the order pays or gets at that touch.
  [[nodiscard]] std::int64_t price_of(std::size_t i, const Row& best) const {
    const bool buy = orders[i].submit.side == Side::Buy;
    const std::int64_t far = buy ? best.ask : best.bid;
    if (!usable_ || !last_trade_ || last_trade_->ms - usable_->ms <= 1'000) return far;
    return buy ? std::max(far, last_trade_->price) : std::min(far, last_trade_->price);
  }
  /// X7, when a touch is shown.
  void show(const Row& row, std::int64_t ms) {
    for (const bool bid : {true, false}) {
      Used& used = bid ? used_bid_ : used_ask_;
      if (used.price != (bid ? row.bid : row.ask) || ms - used.ms >= 1'000) used.qty = 0;
      used.qty = std::min(used.qty, bid ? row.bid_qty : row.ask_qty);
    }
  }
  /// Reduce-only; false: rejected.
  bool clamp(std::size_t i) {
    State& order = orders[i];
    if (!order.submit.reduce_only) return true;
    const std::int64_t open = order.submit.side == Side::Buy ? -position : position;
    order.remaining = std::min(order.remaining, std::max<std::int64_t>(0, open));
    if (order.remaining == 0) set(i, trading::OrderStatus::Rejected);
    return order.remaining > 0;
  }
  void serve_waiting(std::int64_t ms) {
    for (std::size_t i = 0; i < orders.size(); ++i) {
      if (!orders[i].waiting || !touch(ms) || !clamp(i)) continue;
      orders[i].waiting = false;
      ++served;
      take(i, std::nullopt, ms);
    }
  }

  void set(std::size_t i, trading::OrderStatus status) {
    orders[i].status = status;
    orders[i].resting = orders[i].waiting = false;
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
    const bool shrinks = sign(order.submit.side) * position < 0;
    position += sign(order.submit.side) * qty;
    if (!shrinks) return;
    for (std::size_t other = 0; other < orders.size(); ++other) {
      State& cut = orders[other];
      if (!(cut.resting || cut.waiting) || !cut.submit.reduce_only) continue;
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
    return static_cast<std::int64_t>(sum / (Int128{2} * known)) / lot_ * lot_;
  }

  [[nodiscard]] std::int64_t used_at(const Used& used, std::int64_t price, std::int64_t ms) const {
    return used.price != price || ms - used.ms >= 1'000 ? 0 : used.qty;
  }

  std::int64_t capacity(std::size_t i, std::int64_t ms) {
    const bool buy = orders[i].submit.side == Side::Buy;
    const Row best = *touch(ms);
    const std::int64_t size = buy ? best.ask_qty : best.bid_qty;
    std::int64_t total = size - used_at(buy ? used_ask_ : used_bid_, buy ? best.ask : best.bid, ms);
    for (std::int64_t px = price_of(i, best) + sign(orders[i].submit.side) * tick_;
         sign(orders[i].submit.side) * (orders[i].submit.price.raw() - px) >= 0;
         px += sign(orders[i].submit.side) * tick_) {
      total += std::max(size, mean_depth(ms));
    }
    return total;
  }

  void take(std::size_t i, std::optional<std::int64_t> limit, std::int64_t ms) {
    const bool buy = orders[i].submit.side == Side::Buy;
    Used& used = buy ? used_ask_ : used_bid_;
    const Row best = *touch(ms);
    const std::int64_t far = buy ? best.ask : best.bid;
    const std::int64_t size = buy ? best.ask_qty : best.bid_qty;
    std::int64_t px = price_of(i, best);
    if (px != far) ++worse;
    const std::int64_t taken = used_at(used, far, ms);
    const std::int64_t first = std::min(orders[i].remaining, size - taken);
    if (first > 0) {
      used = {far, taken + first, ms};
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
  std::int64_t max_age_ms_;
  std::vector<Row> quotes_;
  std::optional<Row> usable_;  // the last usable one
  std::optional<LastTrade> last_trade_;
  std::vector<std::pair<std::int64_t, std::int64_t>> sizes_;  // of all trades: minute, quantity
  std::vector<Debt> trades_;
  Used used_bid_;
  Used used_ask_;
  std::int64_t depth_minute_ = -1;
  std::int64_t depth_ = 0;
};

}  // namespace toxvol::engine::test
