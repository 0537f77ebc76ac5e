#include "toxvol/factors/params_check.hpp"

#include <chrono>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::factors {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// What `validate` says of preset A changed by `change`; empty: nothing.
std::string complaint(const std::function<void(FactorParams&)>& change) {
  FactorParams params;
  change(params);
  try {
    validate(params);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

void expect_key(const std::string& key, const std::function<void(FactorParams&)>& change) {
  const std::string said = complaint(change);
  EXPECT_EQ(said.substr(0, key.size() + 3), key + " = ") << said;
  EXPECT_EQ(said.find('\n'), std::string::npos);
}

TEST(Validate, AcceptsThePresets) {
  EXPECT_EQ(complaint([](FactorParams&) {}), "");
  EXPECT_EQ(complaint([](FactorParams& p) {  // C
              p.cadence = p.pressure.svi_window = p.pressure.ofi_window = minutes{15};
              p.volatility.half_life_short = hours{2};
              p.volatility.half_life_long = hours{24};
              p.toxicity.vpin_bucket = {.kind = VpinBucketRule::Kind::Notional,
                                        .amount_e8 = 1'000'000'000'000'000};
            }),
            "");
}

TEST(Validate, NamesTheKeyThatCannotWork) {
  expect_key("run.cadence", [](FactorParams& p) { p.cadence = seconds{90}; });
  expect_key("pressure.svi_window", [](FactorParams& p) { p.pressure.svi_window = seconds{30}; });
  expect_key("pressure.ofi_window", [](FactorParams& p) { p.pressure.ofi_window = {}; });
  expect_key("pressure.weights", [](FactorParams& p) { p.pressure.weights = {0, 0, 0}; });
  expect_key("toxicity.weights", [](FactorParams& p) { p.toxicity.weights = {0, 0}; });
  expect_key("toxicity.vpin_buckets", [](FactorParams& p) { p.toxicity.vpin_buckets = 0; });
  expect_key("toxicity.vpin_bucket",
             [](FactorParams& p) { p.toxicity.vpin_bucket.kind = VpinBucketRule::Kind::Base; });
  expect_key("toxicity.tau", [](FactorParams& p) { p.toxicity.tau = 0.0; });
  expect_key("toxicity.tau", [](FactorParams& p) { p.toxicity.tau = 1.0001; });
  expect_key("crowding.weights", [](FactorParams& p) { p.crowding.weights = {0, 0, 0, 0}; });
  expect_key("crowding.theta", [](FactorParams& p) { p.crowding.theta = 0.0; });
  expect_key("crowding.theta_exit", [](FactorParams& p) { p.crowding.theta_exit = 1.1; });
  expect_key("crowding.min_dwell", [](FactorParams& p) { p.crowding.min_dwell = minutes{-1}; });
  expect_key("z.clip", [](FactorParams& p) { p.z.clip = 0.0; });
  expect_key("alpha_a.compression", [](FactorParams& p) { p.quantiles.compression = 0.0; });
  expect_key("data.metrics_delay", [](FactorParams& p) { p.data.metrics_delay = seconds{-1}; });
  expect_key("thresholds.fit",
             [](FactorParams& p) { p.thresholds.fit = ThresholdFit::Walkforward; });
  expect_key("thresholds.fit", [](FactorParams& p) { p.thresholds.fit = ThresholdFit::Sample; });
}

// Z4, both sides: 7 d hold 10 080 minute rows, 30 d hold 8 640 stamps.
TEST(Validate, RefusesAMinimumThatAFullWindowNeverHolds) {
  EXPECT_EQ(complaint([](FactorParams& p) { p.pressure.z_min_count = 10'080; }), "");
  expect_key("pressure.z_min_count", [](FactorParams& p) { p.pressure.z_min_count = 10'081; });
  expect_key("toxicity.z_min_count", [](FactorParams& p) { p.toxicity.z_min_count = 10'081; });
  EXPECT_EQ(complaint([](FactorParams& p) { p.crowding.z_min_count = 8640; }), "");
  expect_key("crowding.z_min_count", [](FactorParams& p) { p.crowding.z_min_count = 8641; });
  expect_key("crowding.funding_min_count",
             [](FactorParams& p) { p.crowding.funding_min_count = 91; });
  expect_key("pressure.z_min_count", [](FactorParams& p) { p.pressure.z_min_count = 1; });
}

TEST(Validate, RefusesAQuantileWindowWithTooFewDecisionRows) {
  const auto every = [](Duration cadence) {
    return [cadence](FactorParams& p) { p.cadence = cadence; };
  };
  EXPECT_EQ(complaint(every(minutes{336})), "");  // 7 d hold 30
  expect_key("volatility.z_window", every(minutes{337}));
  expect_key("toxicity.tau_window", [](FactorParams& p) { p.toxicity.tau_window = minutes{29}; });
  EXPECT_EQ(complaint([](FactorParams& p) {
              p.toxicity.tau_window = minutes{29};
              p.thresholds.quantile_min_count = 29;
            }),
            "");
  expect_key("thresholds.quantile_min_count", [](FactorParams& p) {
    p.toxicity.tau_window = minutes{29};
    p.thresholds.quantile_min_count = 30;
  });
}

}  // namespace
}  // namespace toxvol::factors
