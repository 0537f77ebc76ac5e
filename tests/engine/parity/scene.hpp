#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <vector>

#include "tests/engine/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

/// A random market, what is done in it, and who does it.
namespace toxvol::engine::test {

struct Given {
  Timestamp when{};
  trading::Command command;
};

struct Scene {
  EngineParams with = params();
  Market market;
  std::vector<Given> commands;  // by alarm
  std::uint64_t seed = 0;
  bool acts_on_data = false;
  bool empty_sides = false;

  [[nodiscard]] std::vector<Timestamp> alarms() const {
    std::vector<Timestamp> times;
    for (const Given& given : commands) {
      if (times.empty() || times.back() != given.when) times.push_back(given.when);
    }
    return times;
  }
};

inline double as_price(std::int64_t ticks) {
  return static_cast<double>(ticks) / 10;
}
inline double as_qty(std::int64_t lots) {
  return static_cast<double>(lots) / 1'000;
}

inline trading::Submit random_order(Dice& dice, std::int64_t id, std::int64_t bid) {
  const Side side = dice.one_in(2) ? Side::Buy : Side::Sell;
  trading::Submit submit = market_order(id, side, as_qty(1 + dice.below(40)));
  if (!dice.one_in(4)) {
    submit.type = trading::OrderType::Limit;
    submit.price = price(as_price(bid + dice.below(7) - 3));
    submit.post_only = dice.one_in(3);
    if (!submit.post_only) submit.tif = static_cast<trading::TimeInForce>(dice.below(3));
  }
  submit.reduce_only = dice.one_in(6);
  return submit;
}

/// What the risk engine refuses.
inline trading::Submit spoilt(Dice& dice, trading::Submit submit) {
  const std::int64_t what = dice.below(3);
  if (what == 0) submit.qty = Qty{};
  if (what == 1) submit.qty += Qty::from_raw(1);
  if (what == 2) {
    submit.type = trading::OrderType::Limit;
    submit.price = price(100.01);
  }
  return submit;
}

/// Few prices and small sizes, so that everything meets; bursts, and pauses in which rows, funding
/// and metrics are the only data.
inline Scene scene(std::uint64_t seed, Profile profile) {
  Scene result;
  result.seed = seed;
  Dice dice{splitmix64(seed)};
  const bool with_quotes = seed % 4 < 2;
  const bool with_trades = seed % 4 != 3;  // 3: bars only
  result.with.exchange.profile = profile;
  result.with.exchange.trade_execution = dice.one_in(2);
  if (dice.one_in(2)) result.with.exchange.order_latency.value = std::chrono::milliseconds{20};
  result.with.inputs.quotes = with_quotes;
  result.with.inputs.trades = with_trades;
  result.with.from = ms(60'000 * dice.below(2));
  // A stop on a bar needs many of them.
  const std::int64_t length = with_trades ? 150'000 : 1'200'000;
  result.with.to = ms(length);
  result.acts_on_data = dice.one_in(2);
  result.empty_sides = dice.one_in(2);
  const std::int64_t pause = with_trades ? (dice.one_in(3) ? 20'000 : 2'000) : 40'000;
  const std::int64_t burst = 1 + dice.below(with_trades ? 1'500 : 8'000);

  const std::int64_t from = floor_ms(result.with.from) - kStart;
  std::map<std::int64_t, std::vector<trading::Command>> commands;
  std::vector<trading::Submit> sent;
  std::int64_t bid = 1'000;  // ticks
  std::int64_t low = bid;
  std::int64_t high = bid;
  std::int64_t open = bid;
  std::int64_t next_bar = 60'000;
  std::int64_t id = 1;
  std::int64_t t = -3'000;
  while (true) {
    t += dice.one_in(25) ? dice.below(pause) : dice.below(burst);
    while (next_bar <= std::min(t, length)) {
      result.market.bar(next_bar, as_price(open), as_price(high), as_price(low), as_price(bid));
      result.market.bars.back().volume = qty(as_qty(dice.below(200)));
      open = low = high = bid;
      next_bar += 60'000;
    }
    if (t >= length) break;
    const std::int64_t what = dice.below(20);
    if (what < 10) {
      if (dice.one_in(3)) bid += dice.below(3) - 1;
      if (dice.one_in(40)) bid += dice.below(9) - 4;
      low = std::min(low, bid);
      high = std::max(high, bid);
      const std::int64_t spread = dice.one_in(20) ? 0 : 1 + (dice.one_in(4) ? 2 : 0);
      const auto size = [&] {
        return as_qty(result.empty_sides && dice.one_in(6) ? 0 : 1 + dice.below(30));
      };
      const double bid_qty = size();
      if (with_quotes) {
        result.market.quote(t, as_price(bid), bid_qty, as_price(bid + spread), size());
      }
    } else if (what < 15) {
      const Side side = dice.one_in(2) ? Side::Buy : Side::Sell;
      const std::int64_t at = bid + (side == Side::Buy ? 1 : 0) + dice.below(3) - 1;
      if (with_trades) result.market.trade(t, side, as_price(at), as_qty(1 + dice.below(15)));
    } else if (what == 15 && dice.one_in(8)) {
      Metrics metrics;
      metrics.ts_event = ms(t);
      metrics.ts_init = ms(t) + Duration{600'000};
      if (result.market.metrics.empty() ||
          result.market.metrics.back().ts_event != metrics.ts_event) {
        result.market.metrics.push_back(metrics);
      }
    } else if (what == 16 && dice.one_in(8)) {
      if (result.market.funding.empty() || result.market.funding.back().ts_event != ms(t)) {
        result.market.fund(t, (static_cast<double>(dice.below(40)) - 20) / 10'000);
      }
    } else if (t >= from) {
      // At the millisecond, or at the very instant of a quote of it.
      const std::int64_t when = to_ns(ms(t)) + (dice.one_in(3) ? 300'000 : 0);
      const std::int64_t n = dice.one_in(250) ? 200 : 1 + (dice.one_in(4) ? dice.below(3) : 0);
      for (std::int64_t i = 0; i < n; ++i) {
        if (!sent.empty() && dice.one_in(3)) {
          const auto recent = std::min<std::int64_t>(std::ssize(sent), 4);
          const trading::Submit& one =
              sent[sent.size() - 1 - static_cast<std::size_t>(dice.below(recent))];
          // An IOC order that rests, because its side is empty, and is canceled as it arrives looks
          // like one that the venue cancels.
          if (result.empty_sides && one.tif != trading::TimeInForce::Gtc) continue;
          commands[when].emplace_back(
              trading::Cancel{dice.one_in(30) ? trading::OrderId{77'777} : one.id});
        } else {
          trading::Submit submit = random_order(dice, id++, bid);
          if (dice.one_in(12)) submit = spoilt(dice, submit);
          sent.push_back(submit);
          commands[when].emplace_back(submit);
        }
      }
    }
  }
  for (auto& [when, list] : commands) {
    for (auto& command : list) result.commands.push_back({from_ns(when), command});
  }
  return result;
}

/// Plays the scene's commands, and acts on rows and quotes by dice of its own.
class Actor : public Player {
 public:
  explicit Actor(const Scene& scene) : dice_{splitmix64(scene.seed + 1'000'000)} {
    for (const Given& given : scene.commands) at(given.when, given.command);
    next_id = 100'000;
    limit_exits = scene.seed % 8 == 3;
    const bool bars_only = !scene.with.inputs.quotes && !scene.with.inputs.trades;
    on_fill = [this](const trading::FillSeen& fill) {
      position_ += fill.side == Side::Buy ? fill.qty : -fill.qty;
    };
    on_row = [this, bars_only, from = scene.with.from](const trading::RowSeen& row,
                                                       std::vector<trading::Command>& out) {
      if (row.ts_seen < from) return;
      stop_level.reset();
      target_level.reset();
      if (dice_.one_in(2)) act(row.touch, out);
      if (!bars_only && position_ != Qty{} && row.touch) stop_level = row.touch->bid;
      if (!bars_only || position_ == Qty{}) return;
      const std::int64_t side = position_ > Qty{} ? 1 : -1;
      const auto level = [&](std::int64_t ticks) {
        return Price::from_raw(row.row.bar.close.raw() + side * ticks * price(0.1).raw());
      };
      if (dice_.one_in(2)) stop_level = level(-dice_.below(4));
      if (dice_.one_in(2)) target_level = level(dice_.below(4));
      exit_side = position_ > Qty{} ? Side::Sell : Side::Buy;
      exit_qty = std::max(position_, -position_);
      if (dice_.one_in(8)) exit_qty += Qty::from_raw(1);  // denied
    };
    if (!scene.acts_on_data) return;
    waking.every_quote = true;
    on_quote = [this, from = scene.with.from](const trading::QuoteSeen& quote,
                                              std::vector<trading::Command>& out) {
      if (quote.ts_seen >= from && dice_.one_in(30)) act(quote.touch, out);
    };
  }

 private:
  void act(const std::optional<trading::Touch>& touch, std::vector<trading::Command>& out) {
    if (!touch) return;
    if (next_ > kFirst && dice_.one_in(3)) {
      out.emplace_back(cancel(next_ - 1 - dice_.below(std::min<std::int64_t>(next_ - kFirst, 3))));
      return;
    }
    trading::Submit submit = random_order(dice_, next_++, touch->bid.raw() / price(0.1).raw());
    submit.tif = trading::TimeInForce::Gtc;
    out.emplace_back(submit);
  }

  static constexpr std::int64_t kFirst = 50'000;
  Dice dice_;
  Qty position_{};
  std::int64_t next_ = kFirst;
};

}  // namespace toxvol::engine::test
