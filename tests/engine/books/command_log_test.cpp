#include "toxvol/engine/books/command_log.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/books/order_list.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine::test {
namespace {

using trading::CommandKind;
using trading::CommandOutcome;
using trading::OrderId;

TEST(CommandLog, WritesInTheOrderGivenAndNoneBeforeItIsKnown) {
  Tape tape;
  CommandLog log{tape};
  const auto first = log.add(CommandKind::Submit, OrderId{7}, ms(1));
  const auto second = log.add(CommandKind::Cancel, OrderId{7}, ms(2));
  const auto third = log.add(CommandKind::Submit, OrderId{8}, ms(3));
  log.settle(second, CommandOutcome::TooLate, ms(20));
  EXPECT_TRUE(tape.commands.empty());
  log.settle(first, CommandOutcome::Accepted, ms(30));
  ASSERT_EQ(tape.commands.size(), 2U);
  EXPECT_EQ(tape.commands[0].seq, 1);
  EXPECT_EQ(tape.commands[0].order, OrderId{7});
  EXPECT_EQ(tape.commands[0].ts_sent, ms(1));
  EXPECT_EQ(tape.commands[0].ts_arrive, ms(30));
  EXPECT_EQ(tape.commands[0].outcome, CommandOutcome::Accepted);
  EXPECT_EQ(tape.commands[1].kind, CommandKind::Cancel);
  EXPECT_EQ(tape.commands[1].outcome, CommandOutcome::TooLate);
  log.settle(third, CommandOutcome::Rejected, ms(40));
  ASSERT_EQ(tape.commands.size(), 3U);
  EXPECT_EQ(tape.commands[2].seq, 3);
}

TEST(CommandLog, WhatIsStillOnItsWayNeverArrives) {
  Tape tape;
  CommandLog log{tape};
  static_cast<void>(log.add(CommandKind::Submit, OrderId{1}, ms(1)));
  log.settle(log.add(CommandKind::Submit, OrderId{2}, ms(2)), CommandOutcome::Accepted, ms(3));
  log.finish();
  ASSERT_EQ(tape.commands.size(), 2U);
  EXPECT_EQ(tape.commands[0].outcome, CommandOutcome::Never);
  EXPECT_FALSE(tape.commands[0].ts_arrive);
  EXPECT_EQ(tape.commands[1].outcome, CommandOutcome::Accepted);
}

TEST(OrderList, IsWrittenByTimeOfSubmissionThenByNumber) {
  struct Kept {
    trading::OrderRecord record;
  };
  Tape tape;
  OrderList<Kept> list;
  list.add(market_order(3, Side::Buy, 1), ms(5), std::nullopt);
  list.add(market_order(1, Side::Buy, 1), ms(5), trading::Touch{.bid = price(1), .ask = price(2)});
  list.add(market_order(9, Side::Buy, 1), ms(4), std::nullopt);
  EXPECT_EQ(list.find(OrderId{9})->record.ts_submit, ms(4));
  EXPECT_EQ(list.find(OrderId{2}), nullptr);
  list.write(tape);
  ASSERT_EQ(tape.orders.size(), 3U);
  EXPECT_EQ(tape.orders[0].submit.id, OrderId{9});
  EXPECT_EQ(tape.orders[1].submit.id, OrderId{1});
  EXPECT_EQ(tape.orders[1].bid, price(1));
  EXPECT_EQ(tape.orders[1].ask, price(2));
  EXPECT_EQ(tape.orders[2].submit.id, OrderId{3});
  EXPECT_FALSE(tape.orders[2].bid);
}

}  // namespace
}  // namespace toxvol::engine::test
