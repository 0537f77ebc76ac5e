#include <cstdint>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "tests/support/alloc_guard.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/realistic_run.hpp"

namespace toxvol::engine::test {
namespace {

/// Allocations of a run over `rows` quotes and trades with one resting order and a position.
std::int64_t allocations(std::int64_t rows, QueueModel queue) {
  Market market;
  market.block = 64;
  for (std::int64_t i = 0; i < rows; ++i) {
    market.quote(i * 30, 100.0, 5 + static_cast<double>(i % 7), 100.1, 5);
    market.trade(i * 30 + 1, i % 2 == 0 ? Side::Buy : Side::Sell, i % 2 == 0 ? 100.1 : 100.0,
                 0.001);
  }
  Player player;
  player.at(ms(10), market_order(1, Side::Buy, 1));
  player.at(ms(20), limit_order(2, Side::Sell, 120.0, 1));
  EngineParams with = params();
  with.exchange.queue = queue;
  with.exchange.data_latency.value = std::chrono::milliseconds{10};
  with.from = ms(0);
  with.to = ms(500'000);  // the same number of samples whatever the rows
  NoFolding folding;
  Tape tape;
  MarketData data = market.data();
  Progress silent;
  RealisticRun<Player, NoFolding> run{with, instrument(), player, folding, tape};
  const toxvol::test::AllocGuard guard;
  run.run(data, silent);
  EXPECT_EQ(folding.quotes, rows);
  return guard.allocations();
}

TEST(SteadyState, DoesNotAllocatePerTick) {
  for (const QueueModel queue : {QueueModel::RiskAverse, QueueModel::Proportional}) {
    // What is held of the past (two minutes, a thousand trades) is held by then.
    EXPECT_EQ(allocations(12'000, queue), allocations(16'000, queue));
  }
}

}  // namespace
}  // namespace toxvol::engine::test
