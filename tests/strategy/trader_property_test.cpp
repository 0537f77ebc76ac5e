#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {
namespace {

using testing::instrument;
using testing::kAllInputs;
using testing::kFrom;
using testing::px;
using testing::qty;
using trading::Command;
using trading::OrderId;
using trading::OrderSeen;
using trading::OrderType;
using trading::Role;
using trading::Submit;

/// splitmix64: the same numbers on every platform.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}
  std::int64_t below(std::int64_t bound) {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    z ^= z >> 31U;
    return static_cast<std::int64_t>(z % static_cast<std::uint64_t>(bound));
  }
  bool chance(std::int64_t percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

StrategyParams random_params(Random& random) {
  StrategyParams made = testing::params();
  made.exit.k_stop = 0.1;  // 12 USDT at 50 000: hit often
  made.exit.max_hold = std::chrono::minutes{3};
  made.guards.gap_cooldown = {};
  made.guards.daily_loss_bp = random.chance(30) ? std::optional{20.0} : std::nullopt;
  made.guards.on_flip_keep = random.chance(50) ? 0.5 : 0.0;
  made.exit.opposite_pressure = random.chance(50);
  if (random.chance(50)) made.exit.tp_order = TakeProfitOrder::Limit;
  if (random.chance(60)) {
    made.entry.order = random.chance(60) ? EntryOrder::PostOnly : EntryOrder::Limit;
  }
  return made;
}

bool wants_quote(const trading::Wake& wake, const trading::Touch& touch, Timestamp now) {
  return wake.every_quote || (wake.at && now >= *wake.at) ||
         (wake.bid_at_most && touch.bid <= *wake.bid_at_most) ||
         (wake.bid_at_least && touch.bid >= *wake.bid_at_least) ||
         (wake.ask_at_most && touch.ask <= *wake.ask_at_most) ||
         (wake.ask_at_least && touch.ask >= *wake.ask_at_least);
}

bool wants_trade(const trading::Wake& wake, Price price, Timestamp now) {
  return (wake.at && now >= *wake.at) || (wake.trade_at_most && price <= *wake.trade_at_most) ||
         (wake.trade_at_least && price >= *wake.trade_at_least);
}

bool same(const Command& a, const Command& b) {
  if (a.index() != b.index()) return false;
  if (const auto* cancel = std::get_if<trading::Cancel>(&a)) {
    return cancel->id == std::get<trading::Cancel>(b).id;
  }
  const auto& x = std::get<Submit>(a);
  const auto& y = std::get<Submit>(b);
  return x.id == y.id && x.side == y.side && x.type == y.type && x.price == y.price &&
         x.qty == y.qty && x.replaces == y.replaces && x.intent.role == y.intent.role &&
         x.intent.trigger_price == y.intent.trigger_price &&
         x.intent.trigger_ts == y.intent.trigger_ts;
}

/// A market that wanders and an exchange that answers late, partly, or not as hoped. Two traders
/// see it: one is told everything, the other only what it asks for (`wake`). They must agree.
class World {
 public:
  explicit World(std::uint64_t seed) : random_{seed}, params_{random_params(random_)} {}

  void run(int steps) {
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
      now_ += Duration{1 + random_.below(4'000'000'000)};
      while (now_ >= next_row_ && !::testing::Test::HasFailure()) close_minute();
      const auto what = random_.below(10);
      if (what < 4) see_quote();
      if (what >= 4 && what < 7) see_trade();
      if (what >= 7) answer();
      if (surprises && random_.below(400) == 0) surprise();
    }
  }

  /// From here on the exchange does what it is told at once and nothing signals.
  void calm_down() {
    calm = true;
    surprises = false;
    run(600);
    EXPECT_EQ(all_.position(), Qty{});
    EXPECT_TRUE(live_.empty());
    EXPECT_FALSE(all_.stop());
    EXPECT_FALSE(all_.wake().at);
  }

  bool surprises = true;
  bool calm = false;
  int entries = 0;
  int exits = 0;
  int targets = 0;
  int replacements = 0;

 private:
  struct Live {
    Submit order;
    Qty left{};
    bool accepted = false;
    bool cancel_sent = false;
  };

  void close_minute() {
    factors::FactorRow row = testing::quiet_row(0);
    row.ts = next_row_;
    row.ts_init = next_row_ + std::chrono::microseconds{800};
    next_row_ += kMinute;
    if (!calm && random_.chance(60)) {
      row.pressure.p = row.gated.f2 = random_.chance(50) ? 1.5 : -1.5;
    }
    if (random_.chance(5)) regime_ = static_cast<std::int8_t>(random_.below(3) - 1);
    row.crowding.regime = static_cast<Regime>(calm ? 0 : regime_);
    const MinuteRow minute;
    const std::optional<trading::Touch> touch = this->touch();
    const trading::RowSeen seen{.ts_seen = row.ts_init, .row = minute, .touch = touch};
    std::vector<Command> out;
    std::vector<Command> other;
    const auto verdict = all_.on(seen, row, out);
    const auto second = woken_.on(seen, row, other);
    ASSERT_EQ(verdict.has_value(), second.has_value());
    if (row.ts - kMinute < from_) {
      ASSERT_FALSE(verdict);
      ASSERT_TRUE(out.empty()) << "a command before trading starts";
    }
    if (verdict) {
      ASSERT_EQ(verdict->reason, second->reason);
    }
    if (row.ts_init > now_) now_ = row.ts_init;
    obey(out, other);
  }

  void see_quote() {
    bid_ += random_.below(121) - 60;
    const trading::Touch touch = this->touch();
    const trading::QuoteSeen seen{.ts_seen = now_, .touch = touch};
    std::vector<Command> out;
    std::vector<Command> other;
    const bool asked = wants_quote(woken_.wake(), touch, now_);
    all_.on(seen, out);
    if (asked) woken_.on(seen, other);
    obey(out, other);
  }

  void see_trade() {
    const Trade trade{.ts_event = now_, .price = px(bid_ + random_.below(2)), .qty = qty(1)};
    const trading::TradeSeen seen{.ts_seen = now_, .trade = trade};
    std::vector<Command> out;
    std::vector<Command> other;
    const bool asked = wants_trade(woken_.wake(), trade.price, now_);
    all_.on(seen, out);
    if (asked) woken_.on(seen, other);
    obey(out, other);
  }

  void obey(const std::vector<Command>& out, const std::vector<Command>& other) {
    ASSERT_EQ(out.size(), other.size()) << "sleeping changed what was sent";
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_TRUE(same(out[i], other[i]));
    for (const Command& command : out) {
      if (const auto* cancel = std::get_if<trading::Cancel>(&command)) {
        const auto live = find(cancel->id);
        ASSERT_NE(live, live_.end()) << "canceled an order that is done";
        ASSERT_FALSE(live->cancel_sent) << "canceled twice";
        live->cancel_sent = true;
      } else {
        send(std::get<Submit>(command));
      }
    }
    const auto entries_live = std::ranges::count_if(live_, [](const Live& live) {
      return live.order.intent.role == Role::Entry && !live.cancel_sent;
    });
    ASSERT_LE(entries_live, 1) << "two entries in flight";
    const auto exits_live = std::ranges::count_if(live_, [](const Live& live) {
      return live.order.reduce_only && live.order.type == OrderType::Market;
    });
    ASSERT_LE(exits_live, 1) << "two exits in flight";
    while (calm && !live_.empty() && !::testing::Test::HasFailure()) answer();
  }

  void send(const Submit& order) {
    ASSERT_GE(now_, from_);
    ASSERT_GT(order.id, last_id_);
    last_id_ = order.id;
    ASSERT_GT(order.qty, Qty{});
    const Qty position = all_.position();
    if (order.reduce_only) {
      ASSERT_NE(position, Qty{});
      ASSERT_EQ(order.side == Side::Sell, position > Qty{}) << "an exit that opens";
      ASSERT_LE(order.qty, position > Qty{} ? position : -position) << "an exit too large";
      ASSERT_NE(order.intent.role, Role::Entry);
      ++(order.type == OrderType::Limit ? targets : exits);
    } else {
      ASSERT_EQ(order.intent.role, Role::Entry);
      if (order.replaces) {
        ++replacements;
      } else {
        ASSERT_EQ(position, Qty{}) << "an entry in a position";
        ++entries;
      }
    }
    live_.push_back({.order = order, .left = order.qty});
  }

  /// The exchange deals with one order, at random.
  void answer() {
    if (live_.empty()) return;
    auto live = live_.begin() + (calm ? 0 : random_.below(static_cast<std::int64_t>(live_.size())));
    // A replacement acts after the order that it replaces.
    if (live->order.replaces && find(*live->order.replaces) != live_.end()) {
      live = find(*live->order.replaces);
    }
    if (live->order.replaces && !live->accepted) {
      live->left -= filled_of(*live->order.replaces);
      if (live->left <= Qty{}) return end(live, OrderSeen::What::Rejected);
    }
    if (live->order.reduce_only) {
      const Qty open = live->order.side == Side::Sell ? position_ : -position_;
      if (open <= Qty{}) {
        return end(live, live->accepted ? OrderSeen::What::Canceled : OrderSeen::What::Rejected);
      }
      live->left = std::min(live->left, open);
    }
    const bool resting = live->order.type == OrderType::Limit;
    if (!live->accepted) {
      if (!calm && random_.chance(20)) return end(live, OrderSeen::What::Rejected);
      live->accepted = true;
      if (resting) {
        tell({.ts_seen = now_,
              .ts_event = now_,
              .id = live->order.id,
              .what = OrderSeen::What::Accepted});
        return;
      }
    }
    if (live->cancel_sent && (calm || random_.chance(70))) {
      return end(live, OrderSeen::What::Canceled);
    }
    const std::int64_t lots = live->left.raw() / qty(1).raw();
    const bool whole = calm || random_.chance(50) || lots == 1;
    fill(live, whole ? live->left : qty(1 + random_.below(lots - 1)));
  }

  void fill(std::vector<Live>::iterator live, Qty size) {
    const Submit order = live->order;
    live->left -= size;
    const bool done = live->left == Qty{};
    filled_.push_back({order.id, size});
    if (done) live_.erase(live);
    give({.ts_seen = now_,
          .ts_event = now_,
          .id = order.id,
          .side = order.side,
          .price = px(bid_),
          .qty = size,
          .order_done = done});
  }

  void give(const trading::FillSeen& fill) {
    position_ += fill.side == Side::Buy ? fill.qty : -fill.qty;
    all_.on(fill);
    woken_.on(fill);
    ASSERT_EQ(all_.position(), position_);
    ASSERT_EQ(woken_.position(), position_);
    if (position_ == Qty{}) {
      ASSERT_FALSE(all_.stop());
    }
  }

  void tell(const OrderSeen& event) {
    all_.on(event);
    woken_.on(event);
  }
  void end(std::vector<Live>::iterator live, OrderSeen::What what) {
    const OrderId id = live->order.id;
    live_.erase(live);
    tell({.ts_seen = now_, .ts_event = now_, .id = id, .what = what});
  }

  /// A fill of an order that the strategy never sent, or a liquidation.
  void surprise() {
    const Qty open = position_ < Qty{} ? -position_ : position_;
    const bool liquidation = open != Qty{} && random_.chance(50);
    const Side side = liquidation ? (position_ > Qty{} ? Side::Sell : Side::Buy)
                                  : (random_.chance(50) ? Side::Buy : Side::Sell);
    give({.ts_seen = now_,
          .ts_event = now_,
          .id = OrderId{-1},
          .side = side,
          .price = px(bid_),
          .qty = liquidation ? open : qty(1 + random_.below(500)),
          .order_done = true,
          .liquidation = liquidation});
  }

  std::vector<Live>::iterator find(OrderId id) {
    return std::ranges::find_if(live_, [&](const Live& live) { return live.order.id == id; });
  }
  [[nodiscard]] Qty filled_of(OrderId id) const {
    Qty sum{};
    for (const auto& [order, size] : filled_) {
      if (order == id) sum += size;
    }
    return sum;
  }
  [[nodiscard]] trading::Touch touch() const { return testing::touch(bid_, bid_ + 1, now_); }
  [[nodiscard]] Setup setup() const {
    return {.params = params_, .instrument = instrument(), .inputs = kAllInputs, .from = from_};
  }

  struct Filled {
    OrderId order{};
    Qty size{};
  };

  Random random_;
  StrategyParams params_;
  // Half of the worlds begin shortly before a UTC day does.
  Timestamp from_ = kFrom + (random_.chance(50) ? std::chrono::minutes{1'410} : Duration{});
  Trader all_{setup()};
  Trader woken_{setup()};
  Timestamp now_ = from_ - std::chrono::minutes{5};
  Timestamp next_row_ = from_ - std::chrono::minutes{4};
  std::int64_t bid_ = 500'000;
  std::int8_t regime_ = 0;
  OrderId last_id_{};
  Qty position_{};
  std::vector<Live> live_;
  std::vector<Filled> filled_;
};

TEST(TraderProperty, HoldsItsPromisesInAnyOrderOfEvents) {
  int entries = 0;
  int exits = 0;
  int targets = 0;
  int replacements = 0;
  for (std::uint64_t seed = 1; seed <= 200 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    World world{seed};
    world.run(3'000);
    world.calm_down();
    entries += world.entries;
    exits += world.exits;
    targets += world.targets;
    replacements += world.replacements;
  }
  // The worlds must have exercised what they check.
  EXPECT_GT(entries, 1'000);
  EXPECT_GT(exits, 1'000);
  EXPECT_GT(targets, 1'000);
  EXPECT_GT(replacements, 100);
}

}  // namespace
}  // namespace toxvol::strategy
