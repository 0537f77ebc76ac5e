#include "toxvol/engine/books/position_book.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine::test {
namespace {

/// A book that is told what a ledger has made of each fill.
struct Held {
  PositionBook book;
  Qty position{};
  Tape tape;

  std::int64_t fill(std::int64_t at, const trading::Submit& submit, double price, Booked booked,
                    double fee, std::optional<Money> slippage = Money{},
                    std::optional<Mark> mark = std::nullopt) {
    const Qty size = booked.closed + booked.opened;
    position += submit.side == Side::Buy ? size : -size;
    return book.fill(submit,
                     {.ts = ms(at),
                      .price = test::price(price),
                      .qty = size,
                      .fee = money(fee),
                      .booked = booked},
                     position, slippage, mark);
  }
  std::vector<trading::PositionRecord>& finished() {
    book.finish(tape);
    return tape.positions;
  }
};

TEST(PositionBook, APositionLastsFromFlatToFlat) {
  Held held;
  EXPECT_EQ(held.fill(1, market_order(1, Side::Buy, 2), 100, {.opened = qty(2)}, 0.1), 1);
  EXPECT_EQ(held.fill(2, market_order(2, Side::Buy, 1), 103, {.opened = qty(1)}, 0.2), 1);
  trading::Submit exit = market_order(3, Side::Sell, 2);
  exit.intent.role = trading::Role::Stop;
  EXPECT_EQ(held.fill(3, exit, 99, {.closed = qty(2), .realised = money(-4)}, 0.3), 1);
  EXPECT_EQ(held.fill(4, exit, 98, {.closed = qty(1), .realised = money(-3)}, 0.4), 1);
  EXPECT_EQ(held.fill(5, market_order(4, Side::Sell, 1), 97, {.opened = qty(1)}, 0.5), 2);
  const auto& rows = held.finished();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].side, Side::Buy);
  EXPECT_EQ(rows[0].ts_open, ms(1));
  EXPECT_EQ(rows[0].ts_close, ms(4));
  EXPECT_EQ(rows[0].exit_role, trading::Role::Stop);
  EXPECT_EQ(rows[0].qty_max, qty(3));
  EXPECT_EQ(rows[0].n_fills, 4);
  EXPECT_EQ(rows[0].avg_entry, price(101));           // (2 · 100 + 103) / 3
  EXPECT_EQ(rows[0].avg_exit->raw(), 9'866'666'666);  // (2 · 99 + 98) / 3, floored
  EXPECT_EQ(rows[0].realised, money(-7));
  EXPECT_EQ(rows[0].fees, money(1.0));
  EXPECT_EQ(rows[1].side, Side::Sell);
  EXPECT_FALSE(rows[1].ts_close);
  EXPECT_FALSE(rows[1].avg_exit);
}

TEST(PositionBook, OfATurnTheWholeFeeIsTheOldPositionsAndTheRowTheNewOnes) {
  Held held;
  held.fill(1, market_order(1, Side::Buy, 2), 100, {.opened = qty(2)}, 0.1);
  const std::int64_t named =
      held.fill(2, market_order(2, Side::Sell, 5), 101,
                {.closed = qty(2), .opened = qty(3), .realised = money(2)}, 0.7, money(0.5));
  EXPECT_EQ(named, 2);
  const auto& rows = held.finished();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].fees, money(0.8));
  EXPECT_EQ(rows[0].realised, money(2));
  EXPECT_EQ(rows[0].ts_close, ms(2));
  EXPECT_EQ(rows[0].n_fills, 1);
  EXPECT_EQ(rows[0].slippage, Money{});
  EXPECT_EQ(rows[1].fees, Money{});
  EXPECT_EQ(rows[1].n_fills, 1);
  EXPECT_EQ(rows[1].slippage, money(0.5));
  EXPECT_EQ(rows[1].qty_max, qty(3));
}

TEST(PositionBook, OneFillOfUnknownSlippageLeavesThePositionsUnknown) {
  Held held;
  held.fill(1, market_order(1, Side::Buy, 1), 100, {.opened = qty(1)}, 0, money(0.2));
  held.fill(2, market_order(2, Side::Buy, 1), 100, {.opened = qty(1)}, 0, std::nullopt);
  held.fill(3, market_order(3, Side::Sell, 2), 100, {.closed = qty(2)}, 0, money(0.2));
  EXPECT_FALSE(held.finished()[0].slippage);
}

TEST(PositionBook, ExcursionsAreTheWorstAndBestMarkWhileItIsHeld) {
  Held held;
  held.book.observe(mark(50));  // nothing is held
  held.fill(1, market_order(1, Side::Sell, 1), 100, {.opened = qty(1)}, 0, Money{}, mark(100));
  held.book.observe(mark(101));
  held.book.observe(mark(98));
  held.book.observe(std::nullopt);
  held.fill(2, market_order(2, Side::Buy, 1), 97, {.closed = qty(1)}, 0, Money{}, mark(97));
  held.book.observe(mark(200));
  const auto& rows = held.finished();
  EXPECT_DOUBLE_EQ(*rows[0].mae_bp, -100.0);  // 1 % above a short of 100
  EXPECT_DOUBLE_EQ(*rows[0].mfe_bp, 300.0);
}

TEST(PositionBook, FundingBelongsToWhatIsHeldAndItsSignIsThatOfTheLastRateBeforeIt) {
  Held held;
  held.book.fund(money(1));  // of nobody
  held.book.learn_rate(rate(0.0001));
  held.fill(1, market_order(1, Side::Buy, 1), 100, {.opened = qty(1)}, 0);
  held.book.learn_rate(rate(-0.0001));
  held.book.fund(money(-2));
  held.fill(2, market_order(2, Side::Sell, 1), 100, {.closed = qty(1)}, 0);
  held.fill(3, market_order(3, Side::Buy, 1), 100, {.opened = qty(1)}, 0);
  const auto& rows = held.finished();
  EXPECT_EQ(rows[0].funding, money(-2));
  EXPECT_EQ(rows[0].funding_tailwind, false);
  EXPECT_EQ(rows[1].funding, Money{});
  EXPECT_EQ(rows[1].funding_tailwind, true);
}

}  // namespace
}  // namespace toxvol::engine::test
