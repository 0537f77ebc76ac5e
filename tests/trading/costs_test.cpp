#include "toxvol/trading/costs.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::trading {
namespace {

const Timestamp kChange{Day{std::chrono::year{2024} / 1 / 1}};

/// VIP1 begins to pay a taker fee of 4 bp, later 3 bp.
Instrument instrument() {
  const auto fees = [](std::int64_t taker) {
    return std::vector<Fee>{{.tier = "VIP0", .taker = Rate::from_raw(50'000)},
                            {.tier = "VIP1", .taker = Rate::from_raw(taker)}};
  };
  Instrument result;
  result.symbol = "XUSDT";
  result.fees = {{.value = fees(40'000)}, {.from = kChange, .value = fees(30'000)}};
  return result;
}

TEST(Fees, AreOfTheTierAndTheTime) {
  const CostParams costs{.tier = "VIP1"};
  EXPECT_EQ(fee_at(instrument(), costs, kChange - Duration{1}).taker, Rate::from_raw(40'000));
  EXPECT_EQ(fee_at(instrument(), costs, kChange).taker, Rate::from_raw(30'000));
  EXPECT_EQ(fee_at(instrument(), {}, kChange).taker, Rate::from_raw(50'000));
}

TEST(Fees, OfATierThatIsNotThereAreAnErrorThatNamesThoseThatAre) {
  const auto said = [](const Instrument& of) -> std::string {
    try {
      static_cast<void>(fee_at(of, {.tier = "VIP7"}, kChange));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Config);
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(
      said(instrument()),
      "costs.tier = \"VIP7\": the table of XUSDT has no such fees at 2024-01-01T00:00:00Z; it "
      "has VIP0, VIP1");
  Instrument without_fees = instrument();
  without_fees.fees.clear();
  EXPECT_EQ(
      said(without_fees),
      "costs.tier = \"VIP7\": the table of XUSDT has no such fees at 2024-01-01T00:00:00Z; it "
      "has none");
}

TEST(Fees, KeepNineTenthsWhenPaidInBnb) {
  EXPECT_EQ(kept_tenths(true), 9);
  EXPECT_EQ(kept_tenths(false), kTenths);
}

}  // namespace
}  // namespace toxvol::trading
