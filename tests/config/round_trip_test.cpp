// What `to_toml` promises: `parse` of it gives the same configuration, not only the same text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/splitmix64.hpp"

namespace toxvol::config {
namespace {

/// The fields whose text is not their value: all others are compared by what `Key::get` gives.
void expect_same(const Config& a, const Config& b, const std::string& what) {
  for (const Key& key : keys()) EXPECT_EQ(key.get(a), key.get(b)) << what << ": " << key.name;
  EXPECT_EQ(a.strategy.factors, b.strategy.factors) << what;
  EXPECT_EQ(a.strategy.guards.on_flip_keep, b.strategy.guards.on_flip_keep) << what;
  EXPECT_EQ(a.strategy.equity_usdt, b.strategy.equity_usdt) << what;
  EXPECT_EQ(a.strategy.size.max_notional_usdt, b.strategy.size.max_notional_usdt) << what;
  EXPECT_EQ(a.strategy.size.max_qty, b.strategy.size.max_qty) << what;
  EXPECT_EQ(a.exchange.order_latency, b.exchange.order_latency) << what;
  EXPECT_EQ(a.exchange.data_latency, b.exchange.data_latency) << what;
}

/// Sets the key where it takes the word, and takes the configuration through its text.
bool goes_round(const Key& key, const std::string& word) {
  Config config;
  try {
    set(config, fmt::format("{}={}", key.name, word));
  } catch (const UsageError&) {
    return false;
  }
  expect_same(parse(to_toml(config), "again"), config, fmt::format("{} = {}", key.name, word));
  return true;
}

TEST(RoundTrip, GivesEveryKeyBackWithEveryWordItTakes) {
  const std::vector<std::string> words = {"0",
                                          "1",
                                          "2",
                                          "5",
                                          "7",
                                          "1000",
                                          "87600",
                                          "1000000000",
                                          "0.1",
                                          "0.3",
                                          "0.30000000000000004",
                                          "0.12345678",
                                          "0.9999999",
                                          "1e-8",
                                          "1e15",
                                          "123456789.12345679",
                                          "91234567890.12345",
                                          "9.87654321",
                                          "-0.0",
                                          "\"1ns\"",
                                          "\"1500ms\"",
                                          "\"1m\"",
                                          "\"90m\"",
                                          "\"5m\"",
                                          "\"3650d\"",
                                          "[1, 2]",
                                          "[0.1, 0.2]",
                                          "[1, 0, 0.30000000000000004]",
                                          "[0.1, 0.2, 0.3, 0.4]",
                                          "[1, 7, 365]",
                                          "true",
                                          "false",
                                          "auto",
                                          "none",
                                          "trailing",
                                          "cadence",
                                          "flatten",
                                          "reduce:0.5",
                                          "reduce:0.3",
                                          "reduce:0.1234567",
                                          "reduce:0.9999999",
                                          "reduce:1e-7",
                                          "reduce:1e-16",
                                          "reduce:0.99999999999999989",
                                          "events:3",
                                          "base:0.00000001",
                                          "base:92233720368.54775807",
                                          "notional:123456789.12345679",
                                          "lognormal:20ms:0.1",
                                          "lognormal:1ns:0.30000000000000004",
                                          "recorded",
                                          "VIP9",
                                          "ETHUSDT",
                                          "[\"klines\", \"aggTrades\"]"};
  for (const Key& key : keys()) {
    int taken = 0;
    for (const std::string& word : words) taken += goes_round(key, word) ? 1 : 0;
    const std::string_view type = key.type;
    for (std::size_t at = 0; at < type.size();) {  // its own alternatives
      const std::size_t bar = std::min(type.find(" | ", at), type.size());
      taken += goes_round(key, std::string{type.substr(at, bar - at)}) ? 1 : 0;
      at = bar + 3;
    }
    EXPECT_GT(taken, 0) << key.name;
  }
}

TEST(RoundTrip, GivesBackAnyShareThatAFlipReduces) {
  const Key& key = key_of("guards.on_flip");
  const auto expect_back = [&key](const std::string& text) {
    Config config;
    if (key.set(config, Value{text})) return;
    Config again;
    EXPECT_EQ(key.set(again, key.get(config)), std::nullopt) << text;
    EXPECT_EQ(again.strategy.guards.on_flip_keep, config.strategy.guards.on_flip_keep) << text;
  };
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    const double share = (static_cast<double>(splitmix64(i) >> 11U) + 0.5) * 0x1.0p-53;
    expect_back(fmt::format("reduce:{}", share));
    expect_back(fmt::format("reduce:{:.7f}", share));
    expect_back(fmt::format("reduce:{}", share * 1e-12));
  }
}

// The hashes of configurations that were written before hold these texts.
TEST(RoundTrip, WritesAShareOfSixDigitsAsItWasGiven) {
  for (const char* text : {"reduce:0.3", "reduce:0.7", "reduce:0.123456", "reduce:0.5"}) {
    Config config;
    set(config, fmt::format("guards.on_flip={}", text));
    EXPECT_NE(to_toml(config).find(fmt::format("on_flip = \"{}\"", text)), std::string::npos);
  }
}

}  // namespace
}  // namespace toxvol::config
