#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minutes.hpp"
#include "toxvol/engine/minute_keeper.hpp"
#include "toxvol/engine/minute_source.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/realistic_run.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

/// Random markets, a strategy that trades at random by what it sees, and whether two runs of it
/// left the same.
namespace toxvol::engine::test {

inline constexpr std::int64_t kMinuteMs = 60'000;
inline constexpr std::int64_t kLength = 45 * kMinuteMs;

/// 45 minutes with a tick every `gap` ms or so; quotes, trades or both fall silent now and then.
/// Prices wander far enough to liquidate a position at a leverage of 20.
inline Market wandering(std::uint64_t seed, std::int64_t gap) {
  Dice dice{seed};
  Market market;
  market.block = static_cast<std::size_t>(1 + dice.below(dice.below(2) == 0 ? 400 : 6));
  std::int64_t bid = 1'000;
  std::int64_t quotes_from = 0;
  std::int64_t trades_from = 0;
  std::int64_t minute = kMinuteMs;
  for (std::int64_t t = 0; t < kLength; t += dice.below(2 * gap)) {
    while (minute <= t) {
      const double close = static_cast<double>(bid) / 10;
      if (dice.below(12) != 0) market.bar(minute, close, close + 1, close - 1, close);
      if (dice.below(9) == 0)
        market.fund(minute + dice.below(3) * 7, dice.below(2) == 0 ? 1e-4 : -1e-4);
      minute += kMinuteMs;
    }
    if (dice.below(2'000) == 0) quotes_from = t + dice.below(5 * kMinuteMs);
    if (dice.below(2'000) == 0) trades_from = t + dice.below(5 * kMinuteMs);
    if (dice.below(4) == 0) bid += dice.below(7) - 3;
    bid = std::max<std::int64_t>(bid, 500);
    const auto as_price = [](std::int64_t ticks) { return static_cast<double>(ticks) / 10; };
    const auto as_qty = [](std::int64_t lots) { return static_cast<double>(lots) / 1'000; };
    if (dice.below(3) != 0 && t >= quotes_from) {
      const std::int64_t spread = dice.below(30) == 0 ? 0 : 1;  // 0: not usable (X5)
      market.quote(t, as_price(bid), as_qty(dice.below(900)), as_price(bid + spread),
                   as_qty(1 + dice.below(900)));
    } else if (t >= trades_from) {
      const bool buys = dice.below(2) == 0;
      market.trade(t, buys ? Side::Buy : Side::Sell, as_price(bid + (buys ? 1 : 0)),
                   as_qty(1 + dice.below(500)));
    }
  }
  return market;
}

/// What ticks a run was shown, and how many of them at once.
struct CountingFolding : NoFolding {
  using NoFolding::on;
  std::int64_t at_once = 0;
  void on(std::span<const Trade> rows) {
    NoFolding::on(rows);
    at_once += std::ssize(rows);
  }
  void on(std::span<const Quote> rows) {
    NoFolding::on(rows);
    at_once += std::ssize(rows);
  }
};

struct Played {
  Records records;
  std::vector<Told> told;
  std::vector<std::optional<trading::Touch>> touches;  // as each row was seen
  CountingFolding folding;
  std::int64_t left_out = 0;  // ticks that were not read
};

/// A run's way to its minute rows: at most one of them.
struct Minutes {
  MinuteKeeper* keeper = nullptr;
  KnownMinutes* known = nullptr;
};

/// Enters, exits, leaves orders to rest and waits for prices, by what it sees alone; so many times
/// as seldom and at prices so many times as far as `calm` says.
inline Played play(const Market& market, std::uint64_t seed, EngineParams with, bool passes,
                   Minutes minutes = {}, std::int64_t calm = 1) {
  Instrument on = instrument();
  on.min_notional = {{Timestamp{}, Money{}}};
  on.brackets = {{Timestamp{}, {{money(1e6), rate(0.005), 20}}},
                 {ms(20 * kMinuteMs), {{money(1e6), rate(0.01), 20}}}};
  with.exchange.leverage = 20;
  with.deposit = money(1'000);
  with.to = ms(kLength - 1'234);
  with.passes_ticks = passes;

  Played result;
  Player player;
  std::int64_t next = 1;
  const auto as_qty = [](std::int64_t lots) { return static_cast<double>(lots) / 1'000; };
  player.on_row = [&](const trading::RowSeen& row, std::vector<trading::Command>& out) {
    result.touches.push_back(row.touch);
    if (row.ts_seen < with.from) return;
    Dice dice{seed ^ splitmix64(static_cast<std::uint64_t>(to_ns(row.ts_seen)))};
    player.waking = {};
    const double close = static_cast<double>(row.row.bar.close.raw()) / 1e8;
    const Side side = dice.below(2) == 0 ? Side::Buy : Side::Sell;
    switch (dice.below(8 * calm)) {
      case 0:
        out.emplace_back(market_order(next++, side, as_qty(1 + dice.below(30'000))));
        break;
      case 1:
        out.emplace_back(limit_order(next++, side, close + (side == Side::Buy ? -2 : 2),
                                     as_qty(1 + dice.below(5'000))));
        break;
      case 2:
        if (next > 1) out.emplace_back(cancel(next - 1));
        break;
      default:
        break;
    }
    if (dice.below(2) == 0) {
      player.waking.bid_at_most = price(close - static_cast<double>(dice.below(40 * calm)) / 10);
      player.waking.trade_at_least = price(close + static_cast<double>(dice.below(40 * calm)) / 10);
    }
    if (dice.below(4 * calm) == 0) player.waking.ask_at_least = price(close + 2);
    if (dice.below(4 * calm) == 0) {
      player.waking.at = row.ts_seen + std::chrono::milliseconds{dice.below(50'000)};
    }
  };
  const auto leave = [&](std::vector<trading::Command>& out) {
    player.waking = {};
    out.emplace_back(reduce_only(market_order(next++, Side::Sell, 100)));
    out.emplace_back(reduce_only(market_order(next++, Side::Buy, 100)));
  };
  player.on_quote = [&](const trading::QuoteSeen&, auto& out) { leave(out); };
  player.on_trade = [&](const trading::TradeSeen&, auto& out) { leave(out); };
  // What fills it waits a tick or two from there: news that comes late would be late for those.
  player.on_fill = [&](const trading::FillSeen& seen) {
    const double at = static_cast<double>(seen.price.raw()) / 1e8;
    const std::int64_t lot = seen.qty.raw() / 100'000;
    if (lot % (2 * calm) == 0) player.waking.trade_at_least = price(at + 0.1);
    if (lot % (3 * calm) == 0) player.waking.bid_at_most = price(at - 0.2);
  };
  // Orders that come whatever the data do.
  Dice dice{seed};
  for (int i = 0; i < 12 / calm; ++i) {
    player.at(with.from + std::chrono::milliseconds{dice.below(kLength / 2)},
              market_order(10'000 + i, i % 2 == 0 ? Side::Buy : Side::Sell,
                           as_qty(1 + dice.below(40'000))));
  }

  Tape tape;
  MarketData data = market.data();
  data.trades = std::make_unique<Rows<Trade>>(market.trades, market.block, &result.left_out);
  data.quotes = std::make_unique<Rows<Quote>>(market.quotes, market.block, &result.left_out);
  if (minutes.keeper != nullptr) {
    data.trades = std::make_unique<KeptStream<Trade>>(std::move(data.trades), *minutes.keeper);
    data.quotes = std::make_unique<KeptStream<Quote>>(std::move(data.quotes), *minutes.keeper);
  }
  if (!with.inputs.trades) data.trades.reset();
  if (!with.inputs.quotes) data.quotes.reset();
  Progress silent;
  using Source = MinuteSource<CountingFolding>;
  Source source =
      minutes.known != nullptr ? Source{*minutes.known} : Source{result.folding, minutes.keeper};
  RealisticRun<Player, Source> run{with, on, player, source, tape, minutes.known};
  run.run(data, silent);
  result.records = static_cast<Records&>(tape);
  result.told = player.told;
  return result;
}

inline auto all_of(const trading::FillRecord& r) {
  return std::tuple{
      r.fill_id,   r.order,          r.position,      r.ts,           r.ts_init,      r.side,
      r.liquidity, r.price,          r.qty,           r.fee,          r.mid_decision, r.mid_fill,
      r.slippage,  r.position_after, r.balance_after, r.equity_after, r.rule,         r.cause};
}
inline auto all_of(const trading::EquityRecord& r) {
  return std::tuple{r.seq,     r.ts,         r.cause,     r.mark,   r.position, r.realised, r.fees,
                    r.funding, r.unrealised, r.insurance, r.equity, r.margin,   r.drawdown};
}
inline auto all_of(const trading::OrderRecord& r) {
  return std::tuple{r.submit.id, r.position,    r.filled_qty, r.avg_price, r.ts_submit,
                    r.ts_arrive, r.ts_accepted, r.ts_done,    r.status,    r.reject_reason,
                    r.bid,       r.ask,         r.queue_ahead};
}
inline auto all_of(const trading::CommandRecord& r) {
  return std::tuple{r.seq, r.ts_sent, r.ts_arrive, r.kind, r.order, r.outcome};
}
inline auto all_of(const trading::PositionRecord& r) {
  return std::tuple{r.position, r.side,      r.exit_role, r.ts_open, r.ts_close,
                    r.qty_max,  r.avg_entry, r.avg_exit,  r.n_fills, r.realised,
                    r.fees,     r.funding,   r.slippage,  r.mae_bp,  r.mfe_bp};
}
inline auto all_of(const Told& r) {
  return std::tuple{r.what, r.seen};
}

inline auto all_of(const std::optional<trading::Touch>& touch) {
  const trading::Touch seen = touch.value_or(trading::Touch{});
  return std::tuple{touch.has_value(), seen.bid,     seen.ask,
                    seen.bid_qty,      seen.ask_qty, seen.ts_event};
}

template <class Row>
void expect_equal(const std::vector<Row>& passed, const std::vector<Row>& replayed,
                  const char* what) {
  ASSERT_EQ(passed.size(), replayed.size()) << what;
  for (std::size_t i = 0; i < passed.size(); ++i) {
    ASSERT_TRUE(all_of(passed[i]) == all_of(replayed[i])) << what << ' ' << i;
  }
}

inline void expect_equal(const Played& passed, const Played& replayed) {
  expect_equal(passed.told, replayed.told, "event");
  expect_equal(passed.records.commands, replayed.records.commands, "command");
  expect_equal(passed.records.fills, replayed.records.fills, "fill");
  expect_equal(passed.records.orders, replayed.records.orders, "order");
  expect_equal(passed.records.positions, replayed.records.positions, "position");
  expect_equal(passed.records.equity, replayed.records.equity, "equity row");
  expect_equal(passed.touches, replayed.touches, "touch");
}

}  // namespace toxvol::engine::test
