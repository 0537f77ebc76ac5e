// The strategy inside NautilusTrader against the native run of the parity profile, without
// NautilusTrader: random markets and orders, every record and every call equal.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/engine/parity/stand_in.hpp"
#include "tests/engine/parity/support.hpp"
#include "tests/engine/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/hosted_run.hpp"
#include "toxvol/engine/parity/parity_run.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine::test {
namespace {

using trading::CommandOutcome;
using trading::RejectReason;

// ---- what a run leaves, as text ----

template <class T>
std::string text(const T& value) {
  if constexpr (requires { value.has_value(); }) {
    return value ? text(*value) : "-";
  } else if constexpr (requires { value.raw(); }) {
    return std::to_string(value.raw());
  } else if constexpr (requires { value.time_since_epoch(); }) {
    return std::to_string(to_ns(value) - to_ns(ms(0)));
  } else if constexpr (std::is_enum_v<T>) {
    return std::to_string(static_cast<std::int64_t>(value));
  } else {
    return fmt::format("{}", value);
  }
}

template <class... Fields>
std::string line(const char* what, const Fields&... fields) {
  std::string result = what;
  ((result += ' ', result += text(fields)), ...);
  return result;
}

Lines lines_of(const Records& records) {
  Lines lines;
  for (const auto& r : records.orders) {
    const trading::Submit& s = r.submit;
    lines.push_back(line("order", s.id, s.side, s.type, s.tif, s.post_only, s.reduce_only, s.price,
                         s.qty, s.intent.role, r.position, r.filled_qty, r.avg_price, r.ts_submit,
                         r.ts_arrive, r.ts_accepted, r.ts_done, r.status, r.reject_reason, r.bid,
                         r.ask, r.queue_ahead));
  }
  for (const auto& r : records.commands) {
    lines.push_back(
        line("command", r.seq, r.ts_sent, r.ts_arrive, r.kind, r.order, name(r.outcome)));
  }
  for (const auto& r : records.fills) {
    lines.push_back(line("fill", r.fill_id, r.order, r.position, r.ts, r.ts_init, r.side,
                         r.liquidity, r.price, r.qty, r.fee, r.mid_decision, r.mid_fill, r.slippage,
                         r.position_after, r.balance_after, r.equity_after, r.rule, r.cause));
  }
  for (const auto& r : records.positions) {
    lines.push_back(line("position", r.position, r.alpha, r.side, r.regime_open, r.exit_role,
                         r.ts_open, r.ts_close, r.qty_max, r.avg_entry, r.avg_exit, r.stop,
                         r.take_profit, r.n_fills, r.realised, r.fees, r.funding, r.slippage,
                         r.mae_bp, r.mfe_bp, r.sigma_open, r.funding_tailwind));
  }
  for (const auto& r : records.equity) {
    lines.push_back(line("equity", r.seq, r.ts, r.cause, r.mark, r.position, r.realised, r.fees,
                         r.funding, r.unrealised, r.insurance, r.equity, r.margin, r.drawdown));
  }
  return lines;
}

Lines lines_of(const Player& player) {
  Lines lines;
  for (const Told& told : player.told) lines.push_back(told.what + " " + text(told.seen));
  for (const auto& e : player.orders) {
    lines.push_back(line("order", e.ts_seen, e.ts_event, e.id, e.what, e.reject_reason, e.filled));
  }
  for (const auto& e : player.fills) {
    lines.push_back(line("fill", e.ts_seen, e.ts_event, e.id, e.side, e.price, e.qty, e.fee,
                         e.liquidity, e.order_done, e.liquidation));
  }
  return lines;
}

// ---- a random market and what is done in it ----

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_{splitmix64(seed)} {}
  std::int64_t below(std::int64_t n) {
    state_ = splitmix64(state_);
    return static_cast<std::int64_t>(state_ % static_cast<std::uint64_t>(n));
  }
  bool one_in(std::int64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

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

double as_price(std::int64_t ticks) {
  return static_cast<double>(ticks) / 10;
}
double as_qty(std::int64_t lots) {
  return static_cast<double>(lots) / 1'000;
}

trading::Submit random_order(Dice& dice, std::int64_t id, std::int64_t bid) {
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
trading::Submit spoilt(Dice& dice, trading::Submit submit) {
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
Scene scene(std::uint64_t seed, Profile profile) {
  Scene result;
  result.seed = seed;
  Dice dice{seed};
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
  explicit Actor(const Scene& scene) : dice_{scene.seed + 1'000'000} {
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

// ---- the two runs ----

Instrument anything() {
  Instrument on = instrument();
  on.min_notional = {{Timestamp{}, Money{}}};
  return on;
}

struct Outcome {
  Records records;
  Lines told;
  std::string error;
  std::int64_t resized = 0;
  std::int64_t denied = 0;
  std::int64_t funded = 0;
};

Outcome native(const Scene& scene) {
  Actor actor{scene};
  NoFolding folding;
  Tape tape;
  MarketData data = scene.market.data();
  Progress silent;
  ParityRun<Actor, NoFolding> run{scene.with, anything(), actor, folding, tape};
  Outcome outcome;
  try {
    run.run(data, silent);
  } catch (const Error& error) {
    outcome.error = error.what();
    return outcome;
  }
  outcome.records = static_cast<Records&>(tape);
  outcome.told = lines_of(actor);
  return outcome;
}

Outcome hosted(const Scene& scene) {
  Actor actor{scene};
  NoFolding folding;
  Tape tape;
  HostedRunOf<Actor, NoFolding> run{scene.with, anything(),   actor,   folding,
                                    tape,       std::nullopt, "script"};
  StandIn<HostedRun> nautilus{scene.with, anything(), run};
  Outcome outcome;
  try {
    nautilus.run(scene.market, scene.alarms());
    run.finish(scene.with.to);
  } catch (const Error& error) {
    outcome.error = error.what();
    return outcome;
  }
  outcome.records = static_cast<Records&>(tape);
  outcome.told = lines_of(actor);
  outcome.resized = nautilus.resized;
  outcome.denied = nautilus.denied;
  outcome.funded = nautilus.funded;
  return outcome;
}

/// The first line that differs, with its number.
std::string difference(const Lines& want, const Lines& got) {
  const std::size_t n = std::min(want.size(), got.size());
  for (std::size_t i = 0; i < n; ++i) {
    if (want[i] != got[i])
      return fmt::format("{}\n  native   {}\n  reported {}", i, want[i], got[i]);
  }
  return want.size() == got.size() ? "" : fmt::format("{} and {} lines", want.size(), got.size());
}

/// What 300 scenes of a profile come to.
std::map<std::string, std::int64_t> compare_scenes(Profile profile) {
  std::map<std::string, std::int64_t> seen;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Scene given = scene(seed, profile);
    const Outcome want = native(given);
    const Outcome got = hosted(given);
    EXPECT_EQ(want.error, got.error) << "seed " << seed;
    if (!want.error.empty()) {
      ++seen["abort"];
      continue;
    }
    EXPECT_EQ(difference(lines_of(want.records), lines_of(got.records)), "") << "seed " << seed;
    EXPECT_EQ(difference(want.told, got.told), "") << "seed " << seed;
    if (testing::Test::HasFailure()) break;

    seen["fill"] += std::ssize(got.records.fills);
    for (const auto& command : got.records.commands) {
      const bool is_cancel = command.kind == trading::CommandKind::Cancel;
      ++seen[fmt::format("{} {}", is_cancel ? "cancel" : "submit", name(command.outcome))];
    }
    for (const auto& order : got.records.orders) ++seen[std::string{name(order.reject_reason)}];
    for (const auto& one : got.records.positions) {
      if (one.exit_role) ++seen["exit " + std::string{name(*one.exit_role)}];
    }
    seen["resized"] += got.resized;
    seen["denied"] += got.denied;
    seen["funded"] += got.funded;
  }
  return seen;
}

TEST(StrategySide, LeavesTheRecordsOfTheNativeRunFromWhatNautilusTraderReports) {
  // The scenes do exercise all of it.
  const std::vector<std::pair<const char*, std::int64_t>> wanted = {{"fill", 20'000},
                                                                    {"resized", 100},
                                                                    {"funded", 300},
                                                                    {"submit accepted", 20'000},
                                                                    {"submit rejected", 5'000},
                                                                    {"submit never", 20},
                                                                    {"cancel accepted", 1'000},
                                                                    {"cancel too_late", 5'000},
                                                                    {"cancel never", 3},
                                                                    {"denied", 1'000},
                                                                    {"rate_limit", 20},
                                                                    {"no_quote", 100},
                                                                    {"post_only", 1'000},
                                                                    {"reduce_only", 1'000},
                                                                    {"exit script", 500},
                                                                    {"exit stop", 50},
                                                                    {"exit take_profit", 15}};
  for (const Profile profile : {Profile::Nautilus1221, Profile::Nautilus1231}) {
    auto seen = compare_scenes(profile);
    ASSERT_FALSE(HasFailure()) << name(profile);
    for (const auto& [what, least] : wanted) EXPECT_GE(seen[what], least) << name(profile) << what;
    // Only 1.221 has a case in which its process dies.
    EXPECT_EQ(seen["abort"] > 0, profile == Profile::Nautilus1221);
  }
}

// ---- what both runs share ----

trading::Submit buy_one() {
  return market_order(1, Side::Buy, 1);
}

TEST(StrategySide, SamplesEquityAtEveryMinuteOfWhatLiesBeforeIt) {
  Session session;
  session.with.to = ms(240'000);
  session.book(0).at(1, buy_one()).book(2).quote(119'999, 101.0, 2, 101.1, 3);
  session.quote(120'000, 105.0, 2, 105.1, 3).quote(180'500, 90.0, 2, 90.1, 3);
  static_cast<void>(session.fills());
  std::vector<std::string> samples;
  for (const auto& sample : session.tape.equity) {
    samples.push_back(
        fmt::format("{} {:.10g}", Session::since(sample.ts), sample.mark.value_or(0)));
  }
  EXPECT_EQ(samples, (Lines{"0 0", "1 100.05", "60000 100.05", "120000 101.05", "180000 105.05",
                            "240000 90.05", "240000 90.05"}));
}

TEST(StrategySide, WritesDownTheStopAndTargetOfAPosition) {
  Session session;
  session.player.stop_level = price(90);
  session.player.target_level = price(110);
  session.book(0).at(1, buy_one()).book(2);
  static_cast<void>(session.fills());
  EXPECT_EQ(session.tape.positions.at(0).stop, price(90));
  EXPECT_EQ(session.tape.positions.at(0).take_profit, price(110));
}

TEST(StrategySide, KnowsWhetherTheLastRateIsInAPositionsFavour) {
  for (const double rate : {-0.0001, 0.0001}) {
    Session session;
    session.market.fund(0, 0.0).fund(1, rate);
    session.book(0).at(2, buy_one()).book(3);
    static_cast<void>(session.fills());
    EXPECT_EQ(session.tape.positions.at(0).funding_tailwind, rate < 0);
  }
}

TEST(StrategySide, RingsAnAlarmOnceAndNoneWhenTheRunIsOver) {
  const auto rings = [](Timestamp alarm) {
    Session session;
    session.with.to = ms(60'000);
    session.player.waking.alarm = alarm;
    session.book(0).book(1).book(2).bar(60'000, 100.0, 100.0, 100.0, 100.0, 8);
    static_cast<void>(session.fills());
    std::vector<Timestamp> seen;
    for (const Told& told : session.player.told) {
      if (told.what == "alarm") seen.push_back(told.seen);
    }
    return seen;
  };
  EXPECT_EQ(rings(ms(1)), std::vector{ms(1)});
  EXPECT_EQ(rings(ms(60'000) - Duration{1}), std::vector{ms(60'000) - Duration{1}});
  EXPECT_EQ(rings(ms(60'000)), std::vector<Timestamp>{});
}

TEST(StrategySide, PaysNoFundingWhenTheRunIsOver) {
  for (const bool is_late : {false, true}) {
    Session session;
    session.with.to = ms(60'000);
    session.book(0).at(1, buy_one()).book(2);
    // Of the last millisecond; known 0.95 ms later.
    session.market.fund(is_late ? 59'999 : 59'998, 0.01);
    session.market.funding.back().ts_event += Duration{500'000};
    session.market.funding.back().ts_init += Duration{500'000};
    static_cast<void>(session.fills());
    EXPECT_EQ(session.tape.equity.back().cause, trading::EquityCause::End);
    EXPECT_EQ(session.tape.positions.at(0).funding == Money{}, is_late);
  }
}

}  // namespace
}  // namespace toxvol::engine::test
