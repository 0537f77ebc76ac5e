#include "toxvol/study/walkforward.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <nlohmann/json_fwd.hpp>

#include "toxvol/config/config.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/outcome.hpp"

namespace toxvol::study {
namespace {

/// Folds of one axis with these means a day and Sharpe ratios, in sample and out of it.
class Folds {
 public:
  void add(const std::string& value, double in, double out) {
    FoldRow row;
    row.axes = {{"alpha_a.compression", value}};
    row.in_sample.outcome = &outcome_;
    row.in_sample.inference.net.mean_bp_day = row.in_sample.inference.net.sharpe = in;
    row.out_of_sample.outcome = &outcome_;
    row.out_of_sample.inference.net.mean_bp_day = row.out_of_sample.inference.net.sharpe = out;
    result_.folds.push_back(row);
  }
  [[nodiscard]] nlohmann::json json() const {
    return nlohmann::json::parse(walkforward_json("id", "{}", result_, {}));
  }

 private:
  Outcome outcome_;
  WalkForwardResult result_;
};

// Means 2 and 0.5 a day: a quarter is kept.
TEST(WalkForwardJson, EfficiencyIsTheShareOfTheMeanThatIsKept) {
  Folds folds;
  folds.add("0.7", 1.0, 2.0);
  folds.add("0.8", 3.0, -1.0);
  EXPECT_DOUBLE_EQ(folds.json()["efficiency"].get<double>(), 0.25);
}

TEST(WalkForwardJson, OfALossInSampleNothingIsKept) {
  Folds folds;
  folds.add("0.7", -3.0, 2.0);
  folds.add("0.8", 3.0, 2.0);
  EXPECT_TRUE(folds.json()["efficiency"].is_null());
}

TEST(WalkForwardJson, StabilityIsTheShareOfTheCommonestValue) {
  Folds folds;
  for (const char* value : {"0.7", "0.8", "0.7", "0.9"}) folds.add(value, 1.0, 1.0);
  EXPECT_DOUBLE_EQ(folds.json()["stability"]["alpha_a.compression"].get<double>(), 0.5);
}

// Ranks 1 2 3 4 5 against 1 2 3 5 4: 1 − 6·2/(5·24).
TEST(WalkForwardJson, TheCorrelationOfSharpeRatiosNeedsFiveFolds) {
  Folds folds;
  for (const double out : {1.0, 2.0, 3.0, 5.0}) folds.add("0.7", out, out);
  EXPECT_TRUE(folds.json()["sharpe_rank_correlation"].is_null());
  Folds five;
  const std::vector<double> outs{10, 20, 30, 50, 40};
  for (std::size_t i = 0; i < outs.size(); ++i) {
    five.add("0.7", static_cast<double>(i), outs[i]);
  }
  EXPECT_NEAR(five.json()["sharpe_rank_correlation"].get<double>(), 0.9, 1e-12);
}

TEST(Fitted, TellsWhatWasAskedForAlone) {
  config::Config config;
  config.strategy.factors.thresholds.f1 = 1.5;
  config.strategy.factors.crowding.theta = 1.25;
  config.strategy.factors.toxicity.vpin_bucket = {.kind = factors::VpinBucketRule::Kind::Base,
                                                  .amount_e8 = 250'000'000};
  WalkForward rule;
  EXPECT_EQ(fitted_of(config, rule).f1, 1.5);
  EXPECT_FALSE(fitted_of(config, rule).theta);
  rule.fit = {WalkForward::Fit::Bucket, WalkForward::Fit::Theta};
  EXPECT_FALSE(fitted_of(config, rule).f1);
  EXPECT_EQ(fitted_of(config, rule).theta, 1.25);
  EXPECT_EQ(fitted_of(config, rule).bucket, 2.5);
}

}  // namespace
}  // namespace toxvol::study
