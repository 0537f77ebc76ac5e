// NautilusTrader's money, taken over as it is.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"

namespace toxvol::engine::test {
namespace {

TEST(NautilusLedgerAdopt, OpensAddsAndCloses) {
  NautilusLedger ledger{money(1'000)};
  const Booked opened = ledger.adopt(Side::Sell, qty(2),
                                     {.fee = money(0.1),
                                      .position = qty(-2),
                                      .average = 100.0,
                                      .position_pnl = money(-0.1),
                                      .wallet = money(999.9)});
  EXPECT_EQ(opened.opened, qty(2));
  EXPECT_EQ(opened.closed, Qty{});
  EXPECT_EQ(opened.realised, Money{});
  const Booked added = ledger.adopt(Side::Sell, qty(1),
                                    {.fee = money(0.05),
                                     .position = qty(-3),
                                     .average = 101.0,
                                     .position_pnl = money(-0.15),
                                     .wallet = money(999.85)});
  EXPECT_EQ(added.opened, qty(1));
  EXPECT_EQ(added.closed, Qty{});
  EXPECT_EQ(added.realised, Money{});
  // The wallet gains 3 less a fee of 0.02: so much was realised.
  const Booked closed = ledger.adopt(Side::Buy, qty(2),
                                     {.fee = money(0.02),
                                      .position = qty(-1),
                                      .average = 101.0,
                                      .position_pnl = money(2.83),
                                      .wallet = money(1'002.83)});
  EXPECT_EQ(closed.opened, Qty{});
  EXPECT_EQ(closed.closed, qty(2));
  EXPECT_EQ(closed.realised, money(3));
  EXPECT_EQ(ledger.position(), qty(-1));
  EXPECT_EQ(ledger.average(), 101.0);
  EXPECT_EQ(ledger.realised(), money(3));
  EXPECT_EQ(ledger.fees(), money(0.17));
  EXPECT_EQ(ledger.wallet(), money(1'002.83));
}

TEST(NautilusLedgerAdopt, RealisesNothingWhereNothingIsClosed) {
  NautilusLedger ledger{money(1'000)};
  const Booked opened = ledger.adopt(Side::Buy, qty(2),
                                     {.fee = money(0.1),
                                      .position = qty(2),
                                      .average = 100.0,
                                      .wallet = money(999.9) + Money::from_raw(1)});
  EXPECT_EQ(opened.realised, Money{});
  EXPECT_EQ(ledger.wallet().raw(), money(999.9).raw() + 1);
}

TEST(NautilusLedgerAdopt, SplitsAFlip) {
  NautilusLedger ledger{money(1'000)};
  static_cast<void>(ledger.adopt(Side::Buy, qty(2),
                                 {.position = qty(2), .average = 100.0, .wallet = money(1'000)}));
  const Booked flip = ledger.adopt(Side::Sell, qty(5),
                                   {.fee = money(0.25),
                                    .position = qty(-3),
                                    .average = 99.0,
                                    .position_pnl = money(-0.15),
                                    .wallet = money(997.75)});
  EXPECT_EQ(flip.closed, qty(2));
  EXPECT_EQ(flip.opened, qty(3));
  EXPECT_EQ(flip.realised, money(-2));
  EXPECT_EQ(ledger.position(), qty(-3));
  EXPECT_EQ(ledger.average(), 99.0);
  EXPECT_EQ(ledger.position_pnl(), money(-0.15));
  // 3 · (99.0 − 98.5)
  EXPECT_EQ(ledger.unrealised(Mark{2 * price(98.5).raw()}), money(1.5));
}

TEST(NautilusLedgerAdopt, ExactlyToFlatClosesAll) {
  NautilusLedger ledger{money(1'000)};
  static_cast<void>(ledger.adopt(Side::Buy, qty(2),
                                 {.position = qty(2), .average = 100.0, .wallet = money(1'000)}));
  const Booked closed =
      ledger.adopt(Side::Sell, qty(2), {.position_pnl = money(1), .wallet = money(1'001)});
  EXPECT_EQ(closed.closed, qty(2));
  EXPECT_EQ(closed.opened, Qty{});
  EXPECT_EQ(closed.realised, money(1));
}

TEST(NautilusLedgerAdopt, TellsBothPositionsWhereTheyDiffer) {
  NautilusLedger ledger{money(1'000)};
  try {
    static_cast<void>(ledger.adopt(Side::Buy, qty(2), {.position = qty(2.5)}));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("2.5"), std::string::npos) << text;
    EXPECT_NE(text.find("2.0"), std::string::npos) << text;
  }
}

TEST(NautilusLedgerAdopt, AllowsTwoRoundingsAndNoForeignMoney) {
  const auto open = [](std::int64_t units) {
    NautilusLedger ledger{money(1'000)};
    static_cast<void>(ledger.adopt(Side::Buy, qty(2),
                                   {.fee = money(0.1),
                                    .position = qty(2),
                                    .average = 100.0,
                                    .position_pnl = money(-0.1),
                                    .wallet = money(999.9) + Money::from_raw(units)}));
    return ledger;
  };
  const auto close = [&](std::int64_t units) {
    NautilusLedger ledger = open(0);
    static_cast<void>(ledger.adopt(Side::Sell, qty(2),
                                   {.fee = money(0.1),
                                    .position_pnl = money(0.8),
                                    .wallet = money(1'000.8) + Money::from_raw(units)}));
  };
  for (const std::int64_t units : {-2, 2}) {
    EXPECT_NO_THROW(open(units));
    EXPECT_NO_THROW(close(units));
  }
  for (const std::int64_t units : {-3, 3}) {
    EXPECT_THROW(open(units), Error);
    EXPECT_THROW(close(units), Error);
  }
}

TEST(NautilusLedgerAdopt, TakesFundingAndTheWalletAsTheyAre) {
  NautilusLedger ledger{money(1'000)};
  ledger.adopt_funding(money(-0.3), money(999.71));
  ledger.adopt_funding(money(0.1), money(999.81));
  EXPECT_EQ(ledger.funding(), money(-0.2));
  EXPECT_EQ(ledger.wallet(), money(999.81));
}

}  // namespace
}  // namespace toxvol::engine::test
