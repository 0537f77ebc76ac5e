#include "toxvol/synth/params.hpp"

#include <string>

#include <gtest/gtest.h>

#include "market_files.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::synth {
namespace {

std::string complaint(const Params& params) {
  try {
    static_cast<void>(completed(params));
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(SynthParams, BitcoinHasItsContractAndFillsItsPrice) {
  const Params params = completed(test::small("x"));
  EXPECT_EQ(params.start_price, 42000.0);
  const Contract contract = contract_of(params.start_price);
  EXPECT_EQ(contract.tick_decimals, 1);
  EXPECT_EQ(contract.lot_decimals, 3);
  EXPECT_EQ(contract.price_decimals, 2);
  EXPECT_EQ(lots_per_unit(42000.0, contract), 1000.0);
}

TEST(SynthParams, OtherPricesHaveFiveOrSixDigitsAndALotOfAboutTenUsdt) {
  EXPECT_EQ(contract_of(2300.0).tick_decimals, 2);
  EXPECT_EQ(contract_of(2300.0).lot_decimals, 2);
  EXPECT_EQ(contract_of(9999.0).tick_decimals, 2);
  EXPECT_EQ(contract_of(10000.0).tick_decimals, 1);
  EXPECT_EQ(contract_of(3.5).tick_decimals, 5);
  EXPECT_EQ(contract_of(3.5).lot_decimals, 0);
  EXPECT_EQ(contract_of(0.05).tick_decimals, 7);
}

TEST(SynthParams, ImpossibleValuesAreNamedByTheirFlag) {
  const Params good = test::small("x");
  EXPECT_EQ(complaint(good), "");
  const auto with = [&good](auto change) {
    Params params = good;
    change(params);
    return complaint(params);
  };
  EXPECT_TRUE(with([](Params& p) { p.out.clear(); }).starts_with("--out"));
  EXPECT_TRUE(with([](Params& p) { p.days = 0; }).starts_with("--days 0"));
  EXPECT_TRUE(with([](Params& p) { p.days = 3661; }).starts_with("--days 3661"));
  EXPECT_TRUE(with([](Params& p) { p.klines_only_days = -1; }).starts_with("--klines-only-days"));
  EXPECT_EQ(with([](Params& p) { p.klines_only_days = 0; }), "");
  EXPECT_TRUE(with([](Params& p) { p.intensity = 0.0009; }).starts_with("--intensity"));
  EXPECT_EQ(with([](Params& p) { p.intensity = 0.001; }), "");
  EXPECT_TRUE(with([](Params& p) { p.intensity = 20.1; }).starts_with("--intensity"));
  EXPECT_TRUE(with([](Params& p) { p.edge_bp = -1.0; }).starts_with("--edge-bp"));
  EXPECT_TRUE(with([](Params& p) { p.symbol = "btc/usdt"; }).starts_with("--symbol"));
  EXPECT_TRUE(with([](Params& p) { p.symbol = "ETHUSDT"; }).starts_with("--start-price"));
  EXPECT_TRUE(with([](Params& p) { p.from = test::day(2010, 1, 1); }).starts_with("--from"));
  EXPECT_TRUE(
      with([](Params& p) { p.faults = {Fault::ChecksumMismatch}; }).starts_with("--faults"));
}

TEST(SynthParams, NamesGoThereAndBack) {
  EXPECT_EQ(plant_of("momentum"), Plant::Momentum);
  EXPECT_THROW(static_cast<void>(plant_of("Momentum")), UsageError);
  for (int i = 0; i <= static_cast<int>(Fault::FileEmpty); ++i) {
    const auto fault = static_cast<Fault>(i);
    EXPECT_FALSE(name(fault).empty());
    EXPECT_EQ(fault_of(name(fault)), fault);
  }
  EXPECT_THROW(static_cast<void>(fault_of("NO_SUCH_FAULT")), UsageError);
}

}  // namespace
}  // namespace toxvol::synth
