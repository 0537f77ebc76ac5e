#include "toxvol/factors/params_check.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/problem.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::factors {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// The first problem of preset A changed by `change`, as "<key>: <why>"; empty: none.
std::string complaint(const std::function<void(FactorParams&)>& change) {
  FactorParams params;
  change(params);
  const std::vector<Problem> found = check(params);
  return found.empty() ? "" : found.front().key + ": " + found.front().why;
}

void expect_key(const std::string& key, const std::function<void(FactorParams&)>& change) {
  const std::string said = complaint(change);
  EXPECT_EQ(said.substr(0, key.size() + 2), key + ": ") << said;
  EXPECT_EQ(said.find('\n'), std::string::npos);
}

TEST(Check, HasNoProblemWithThePresets) {
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

TEST(Check, ListsEveryProblem) {
  FactorParams params;
  params.crowding.theta_exit = 1.1;
  params.thresholds.f1 = 1.0;
  const std::vector<Problem> found = check(params);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], (Problem{"crowding.theta_exit", "must not exceed crowding.theta = 1"}));
  EXPECT_EQ(found[1].key, "thresholds.f1");
}

// E3.
TEST(Check, AMultiplierNeedsSomethingToMultiply) {
  const auto with = [](std::array<double, 4> weights) {
    return complaint([weights](FactorParams& p) {
      p.crowding.d_oi_sign = DOiSign::Multiplier;
      p.crowding.weights = weights;
    });
  };
  EXPECT_EQ(with({0, 1, 0, 0}),
            "crowding.d_oi_sign: multiplier needs a part of c to multiply; give another part a "
            "weight");
  EXPECT_EQ(with({1, 1, 0, 0}), "");
  EXPECT_EQ(with({0, 1, 1, 0}), "");
  EXPECT_EQ(with({0, 1, 0, 1}), "");
}

// E17.
TEST(Check, AWindowOfFundingMinutesIsAtMostTenYears) {
  const auto of = [](FundingCentre centre, std::int64_t events) {
    return complaint([=](FactorParams& p) {
      p.crowding.funding_centre = centre;
      p.crowding.funding_z_events = events;
    });
  };
  EXPECT_EQ(of(FundingCentre::Minutes, 10'950), "");
  EXPECT_EQ(of(FundingCentre::Minutes, 10'951),
            "crowding.funding_z_events: is a window of minutes with crowding.funding_centre = "
            "minutes; at most 10950, ten years");
  EXPECT_EQ(of(FundingCentre::Mean, 10'951), "");
}

// R36.
TEST(Check, FixedThresholdsAreReadByOneWayAlone) {
  EXPECT_EQ(complaint([](FactorParams& p) { p.thresholds.t = 0.0; }),
            "thresholds.t: is read with thresholds.fit = walkforward alone; set that, or none");
  EXPECT_EQ(complaint([](FactorParams& p) {
              p.thresholds.fit = ThresholdFit::Walkforward;
              p.thresholds.t = 0.0;
            }),
            "");
}

// V7, V11, both sides.
TEST(Check, NamesWhatDoesNotStandTogetherInVolatility) {
  EXPECT_EQ(complaint([](FactorParams& p) { p.volatility.z_window = hours{6}; }),
            "volatility.z_window: must exceed volatility.half_life_long = 6h, or compression is "
            "compared with itself (V7)");
  EXPECT_EQ(complaint([](FactorParams& p) {
              p.volatility.z_window = hours{6} + minutes{1};
              p.volatility.z_min_count = 361;
            }),
            "");
  expect_key("volatility.half_life_long",
             [](FactorParams& p) { p.volatility.half_life_long = p.volatility.half_life_short; });
  EXPECT_EQ(complaint([](FactorParams& p) {
              p.volatility.half_life_long = p.volatility.half_life_short + minutes{1};
            }),
            "");
  expect_key("volatility.har_fit_days", [](FactorParams& p) { p.volatility.har_fit_days = 59; });
  EXPECT_EQ(complaint([](FactorParams& p) { p.volatility.har_fit_days = 60; }), "");
  const auto yz = [](FactorParams& p) { p.volatility.estimator = VolatilityEstimator::Yz; };
  EXPECT_EQ(complaint(yz), "");
  expect_key("volatility.diurnal", [&](FactorParams& p) {
    yz(p);
    p.volatility.diurnal = true;
  });
  const auto with_short = [&](Duration half_life) {
    return [&, half_life](FactorParams& p) {
      yz(p);
      p.volatility.half_life_short = half_life;
    };
  };
  expect_key("volatility.half_life_short", with_short(minutes{1}));
  EXPECT_EQ(complaint(with_short(minutes{2})), "");
}

// Z4, both sides: 7 d hold 10 080 minute rows, 30 d hold 8 640 stamps.
TEST(Check, RefusesAMinimumThatAFullWindowNeverHolds) {
  EXPECT_EQ(complaint([](FactorParams& p) { p.pressure.z_min_count = 10'080; }), "");
  expect_key("pressure.z_min_count", [](FactorParams& p) { p.pressure.z_min_count = 10'081; });
  expect_key("toxicity.z_min_count", [](FactorParams& p) { p.toxicity.z_min_count = 10'081; });
  EXPECT_EQ(complaint([](FactorParams& p) { p.crowding.z_min_count = 8640; }), "");
  expect_key("crowding.z_min_count", [](FactorParams& p) { p.crowding.z_min_count = 8641; });
  expect_key("crowding.funding_min_count",
             [](FactorParams& p) { p.crowding.funding_min_count = 91; });
  EXPECT_EQ(complaint([](FactorParams& p) { p.volatility.z_min_count = 10'080; }), "");
  EXPECT_EQ(complaint([](FactorParams& p) { p.volatility.z_min_count = 10'081; }),
            "volatility.z_min_count: a full volatility.z_window of 7d holds 10080; lower it or "
            "lengthen the window (Z4)");
}

TEST(Check, RefusesAQuantileWindowWithTooFewDecisionRows) {
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
