#include "toxvol/config/config.hpp"

#include <chrono>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "toxvol/core/error.hpp"

namespace toxvol::config {
namespace {

std::string message(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Preset, AIsTheDefault) {
  EXPECT_EQ(to_toml(preset("A")), to_toml(Config{}));
}

TEST(Preset, EachIsAConfigurationThatCanRun) {
  for (const std::string& name : preset_names()) {
    const Config config = preset(name);
    EXPECT_NO_THROW(validate(config)) << name;
    EXPECT_EQ(to_toml(parse(to_toml(config), "again")), to_toml(config)) << name;
  }
}

TEST(Preset, BAndCHoldTheValuesOfTheTable) {
  using namespace std::chrono_literals;
  const auto b = preset("B").strategy;
  EXPECT_EQ(b.factors.cadence, 5min);
  EXPECT_EQ(b.factors.volatility.half_life_long, 12h);
  EXPECT_EQ(b.factors.toxicity.tau, 0.60);
  EXPECT_EQ(b.factors.crowding.theta_exit, 0.625);
  EXPECT_EQ(b.exit.max_hold, 120min);
  const auto c = preset("C").strategy;
  EXPECT_EQ(c.factors.pressure.ofi_window, 15min);
  EXPECT_EQ(c.factors.volatility.half_life_short, 2h);
  EXPECT_EQ(c.factors.toxicity.vpin_bucket.amount_e8, 1'000'000'000'000'000);
  EXPECT_EQ(c.factors.crowding.d_oi_window, 24h);
  EXPECT_EQ(c.exit.stop_horizon, 240min);
}

TEST(Preset, AnUnknownNameIsAWrongFlag) {
  EXPECT_THROW(static_cast<void>(preset("D")), UsageError);
}

TEST(Parse, NamesFileLineKeyAndTheNearestName) {
  EXPECT_EQ(message([] {
              static_cast<void>(parse("[exit]\nhorizon = \"1m\"\nk_stopp = 2\n", "x.toml"));
            }),
            "x.toml:3: unknown key exit.k_stopp; did you mean exit.k_stop? `toxvol config explain` "
            "lists all");
  EXPECT_EQ(message([] { static_cast<void>(parse("[exit]\nk_stop = -1\n", "x.toml")); }),
            "x.toml:2: exit.k_stop = -1: expected a number from 0.01 to 100");
  EXPECT_EQ(
      message([] { static_cast<void>(parse("[volatility]\nestimator = \"gkyz\"\n", "x.toml")); }),
      "x.toml:2: volatility.estimator = \"gkyz\": expected one of gk | gk_gap | rs | parkinson | "
      "yz | rv");
}

TEST(Parse, BadTomlIsNamedWithLineAndColumn) {
  EXPECT_EQ(message([] { static_cast<void>(parse("[exit\n", "x.toml")); }).substr(0, 9),
            "x.toml:1:");
}

TEST(Set, TakesPlainWordsAndToml) {
  Config config;
  set(config, "toxicity.vpin_bucket=base:10");
  EXPECT_EQ(config.strategy.factors.toxicity.vpin_bucket.amount_e8, 1'000'000'000);
  set(config, "pressure.weights=[1, 0, 1]");
  EXPECT_EQ(config.strategy.factors.pressure.weights[1], 0.0);
  set(config, "alpha_b.enabled=false");
  EXPECT_FALSE(config.strategy.alpha_b.enabled);
  set(config, "guards.on_flip=reduce:0.3");
  EXPECT_NE(to_toml(config).find("on_flip = \"reduce:0.3\""), std::string::npos);
  set(config, "exchange.order_latency=lognormal:20ms:0.5");
  EXPECT_EQ(config.exchange.order_latency.sigma, 0.5);
}

TEST(Set, AWrongKeyOrValueIsAWrongFlag) {
  Config config;
  for (const char* text : {"exit.horizon", "exit.horizo=1m", "exit.horizon=1x", "exit.horizon=90s",
                           "size.max_qty=-1", "run.inputs=[\"bookTicker\"]", "costs.tier=GOLD"}) {
    EXPECT_THROW(set(config, text), UsageError) << text;
  }
  EXPECT_EQ(to_toml(config), to_toml(Config{}));
}

TEST(Validate, NamesTheKeyWhereItWasSet) {
  Config config;
  set(config, "volatility.z_window=6h");
  EXPECT_EQ(message([&] { validate(config); }),
            "--set: volatility.z_window = \"6h\": must exceed volatility.half_life_long = 6h, or "
            "compression is compared with itself (V7)");
  EXPECT_THROW(validate(config), UsageError);
}

TEST(Validate, OfAFileIsAnErrorOfTheConfigurationAndOfAFlagAWrongFlag) {
  const auto code = [](const Config& config) {
    try {
      validate(config);
    } catch (const UsageError& error) {
      EXPECT_EQ(error.code(), ErrorCode::Usage);
      return error.code();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::Failed;
  };
  const Config of_file = parse("[crowding]\ntheta_exit = 2\n", "--set.toml");
  EXPECT_EQ(code(of_file), ErrorCode::Config);
  Config of_flag;
  set(of_flag, "crowding.theta_exit=2");
  EXPECT_EQ(code(of_flag), ErrorCode::Usage);
}

TEST(Load, WhatIsNeitherFileNorPresetIsNotFoundAndNamesTheNearest) {
  try {
    static_cast<void>(load("shrot"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotFound);
    EXPECT_EQ(std::string{error.what()},
              "shrot: no such file, and no such preset; did you mean short? presets are A, B, C, "
              "short");
  }
}

TEST(Explain, OfAKeyIsThatKeyAlone) {
  Config config;
  set(config, "crowding.theta=2");
  EXPECT_EQ(
      explain(config, "crowding.theta"),
      "crowding.theta = 2.0  *\n    |c| above which the market is crowded.\n    takes number, "
      "in z; default 1.0; M1, C10; set in --set\n");
  EXPECT_EQ(explain_json(config, "crowding.theta").substr(0, 39),
            R"({"key":"crowding.theta","value":2.0,"de)");
}

TEST(Validate, AMinimumThatAFullWindowCannotReachIsImpossible) {
  Config config;
  set(config, "toxicity.z_window=1d");
  EXPECT_NO_THROW(validate(config));  // 1,440 of 1,440
  set(config, "toxicity.z_min_count=1441");
  EXPECT_THROW(validate(config), Error);
}

TEST(Validate, AKeyWithoutEffectUnderTheProfileIsRefused) {
  Config config;
  set(config, "exchange.trade_execution=true");
  EXPECT_TRUE(config.exchange.trade_execution);
  EXPECT_EQ(message([&] { validate(config); }),
            "--set: exchange.trade_execution = true: has no effect with exchange.profile = "
            "\"realistic\"; leave it out, or choose another profile");
  set(config, "exchange.profile=nautilus_1_221");
  EXPECT_NO_THROW(validate(config));
  set(config, "exchange.queue=risk_averse");  // the default, but asked for
  EXPECT_NE(message([&] { validate(config); }).find("exchange.queue"), std::string::npos);
}

TEST(Validate, AKeyWithoutEffectMayStandInAFileWithItsDefault) {
  const std::string profile = "[exchange]\nprofile = \"nautilus_1_221\"\n";
  EXPECT_NO_THROW(validate(parse(profile + "queue = \"risk_averse\"\n", "x.toml")));
  EXPECT_EQ(message([&] { validate(parse(profile + "queue = \"optimistic\"\n", "x.toml")); }),
            "x.toml:3: exchange.queue = \"optimistic\": has no effect with exchange.profile = "
            "\"nautilus_1_221\"; leave it out, or choose another profile");
}

TEST(Validate, WhatNautilusTraderHasNotIsRefusedWithItsProfile) {
  Config config;
  set(config, "exchange.profile=nautilus_1_221");
  set(config, "exchange.order_latency=lognormal:20ms:0.5");
  EXPECT_EQ(message([&] { validate(config); }),
            "--set: exchange.order_latency = \"lognormal:20ms:0.5\": NautilusTrader's latency is a "
            "constant; give one with exchange.profile = nautilus_1_221");
  set(config, "exchange.order_latency=20ms");
  EXPECT_NO_THROW(validate(config));
  set(config, "entry.fill=same_close");
  EXPECT_NE(message([&] { validate(config); }).find("entry.fill"), std::string::npos);
  set(config, "exchange.profile=realistic");
  EXPECT_NO_THROW(validate(config));
}

TEST(Validate, SameCloseIsForMarketOrdersOnly) {
  Config config;
  set(config, "entry.fill=same_close");
  EXPECT_NO_THROW(validate(config));
  set(config, "entry.order=post_only");
  EXPECT_EQ(message([&] { validate(config); }),
            "--set: entry.fill = \"same_close\": fills MARKET orders alone; use next, or "
            "entry.order = market");
  set(config, "entry.fill=next");
  EXPECT_NO_THROW(validate(config));
}

TEST(Engine, IsToldTheExchangesOptions) {
  Config config;
  const auto told = [&] {
    return engine_params(config, {}, Timestamp{}, Timestamp{}).exchange.trade_execution;
  };
  EXPECT_FALSE(told());
  set(config, "exchange.trade_execution=true");
  EXPECT_TRUE(told());
}

TEST(Json, HoldsTheSameTablesAndKeys) {
  const std::string json = to_json(Config{});
  EXPECT_EQ(json.substr(0, 44), R"({"run":{"symbol":"BTCUSDT","cadence":"1m","e)");
  EXPECT_TRUE(json.ends_with(R"(,"t":"none"}})"));
}

}  // namespace
}  // namespace toxvol::config
