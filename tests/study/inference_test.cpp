#include "toxvol/study/inference.hpp"

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/stats/support.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"

namespace toxvol::study {
namespace {

using stats::test::expect_digits;

const double kYear = std::sqrt(8760.0);

RunReturns hourly(std::vector<double> net, std::vector<double> px) {
  RunReturns returns;
  returns.fills = 2;
  returns.units.net = std::move(net);
  returns.units.px = std::move(px);
  return returns;
}

RunReturns hourly(const std::vector<double>& both) {
  return hourly(both, both);
}

std::vector<double> first(std::size_t n) {
  std::vector<double> series = stats::test::returns();
  series.resize(n);
  return series;
}

TEST(Inference, HasTheDigitsOfTheResearchPage) {
  const Inference both =
      infer(hourly(stats::test::returns(), stats::test::flat_returns()), {.seed = 7});
  const SeriesInference& r = both.net;
  EXPECT_EQ(r.n, 240);
  expect_digits(r.mean_bp_day, 0.0007742021084 * 24e4);
  expect_digits(r.mean_se, 0.0002125018809 * 24e4);
  expect_digits(r.mean_range->lo, 0.0003615238263 * 24e4);
  expect_digits(r.mean_range->hi, 0.001175846632 * 24e4);
  expect_digits(r.sharpe, 0.2604092096 * kYear);
  expect_digits(r.se_iid, 0.06649568603 * kYear);
  expect_digits(r.se_nw, 0.07478189854 * kYear);
  expect_digits(r.sharpe_range->lo, 0.1218303741 * kYear);
  expect_digits(r.sharpe_range->hi, 0.4015731201 * kYear);
  expect_digits(r.psr, 0.9999550188);
  expect_digits(r.psr_nw, 0.9997513897);
  expect_digits(r.min_trl_days, 43.16253139 / 24);
  expect_digits(r.skewness, -0.1276215228);
  expect_digits(r.kurtosis, 2.388926699);
  expect_digits(r.ratio.sharpe, 0.2604092096);
  EXPECT_EQ(r.block, 2);
  EXPECT_EQ(r.note, std::nullopt);

  const SeriesInference& f = both.px;
  expect_digits(f.mean_range->lo, -0.0002639695413 * 24e4);
  expect_digits(f.sharpe_range->hi, 0.1373886851 * kYear);
  expect_digits(f.psr, 0.4629320112);
  EXPECT_EQ(f.min_trl_days, std::nullopt);
  EXPECT_EQ(f.note, Note::Impossible) << "no track record is long enough below 0";
}

TEST(Inference, HasFixedBIntervalsOfBothSeriesWhereTheyAreAskedFor) {
  RunReturns returns = hourly(stats::test::returns(), stats::test::flat_returns());
  returns.positions.bp = first(12);
  returns.positions.earned = first(12);
  returns.positions.traded = std::vector<double>(12, 1.0);
  const Inference usual = infer(returns);
  const Inference asked = infer(returns, {.method = stats::IntervalMethod::FixedB});
  expect_digits(asked.net.mean_range->lo, 0.0001901638931 * 24e4);
  expect_digits(asked.net.sharpe_range->hi, 0.4735370215 * kYear);
  expect_digits(asked.px.mean_range->hi, 0.0002834512362 * 24e4);
  EXPECT_EQ(asked.net.block, 21);
  EXPECT_EQ(asked.net.se_nw, usual.net.se_nw);
  EXPECT_EQ(asked.positions.range->lo, usual.positions.range->lo) << "positions have percentiles";
  EXPECT_EQ(asked.break_even.range->hi, usual.break_even.range->hi);
  const auto json = nlohmann::ordered_json::parse(inference_json(asked));
  EXPECT_EQ(json["interval"], "fixed_b");
  EXPECT_FALSE(nlohmann::ordered_json::parse(inference_json(usual)).contains("interval"));
}

TEST(Inference, ScalesByItsUnit) {
  RunReturns days = hourly(stats::test::returns());
  days.units.unit = Unit::Day;
  const SeriesInference net = infer(days, {.seed = 7}).net;
  expect_digits(net.mean_bp_day, 0.0007742021084 * 1e4);
  expect_digits(net.sharpe, 0.2604092096 * std::sqrt(365.0));
  expect_digits(net.min_trl_days, 43.16253139);
}

TEST(Inference, WithoutATradeKnowsAMeanOfZeroAlone) {
  RunReturns returns = hourly(std::vector<double>(48, 0.0));
  returns.fills = 0;
  const Inference inference = infer(returns);
  EXPECT_EQ(inference.net.n, 48);
  EXPECT_EQ(inference.net.mean_bp_day, 0.0);
  EXPECT_EQ(inference.net.mean_range, std::nullopt);
  EXPECT_EQ(inference.net.sharpe, std::nullopt);
  EXPECT_EQ(inference.net.psr, std::nullopt);
  EXPECT_EQ(inference.net.note, Note::NoTrades);
  EXPECT_EQ(inference.positions.n, 0);
  EXPECT_EQ(inference.positions.bp, std::nullopt);
  EXPECT_EQ(inference.break_even.fee_bp, std::nullopt);
  EXPECT_EQ(inference.note, Note::NoTrades);
}

TEST(Inference, GivesIntervalsFromThirtyUnitsOn) {
  const SeriesInference few = infer(hourly(first(29))).net;
  EXPECT_TRUE(few.sharpe);
  EXPECT_TRUE(few.psr);
  EXPECT_TRUE(few.se_nw);
  EXPECT_EQ(few.mean_range, std::nullopt);
  EXPECT_EQ(few.sharpe_range, std::nullopt);
  EXPECT_EQ(few.block, std::nullopt);
  EXPECT_EQ(few.note, Note::TooShort);
  const SeriesInference enough = infer(hourly(first(30))).net;
  EXPECT_TRUE(enough.mean_range);
  EXPECT_TRUE(enough.sharpe_range);
  EXPECT_EQ(enough.note, std::nullopt);
  const SeriesInference none = infer(hourly(std::vector<double>{})).net;
  EXPECT_EQ(none.n, 0);
  EXPECT_EQ(none.mean_bp_day, std::nullopt);
}

TEST(Inference, WithoutSpreadHasNoRatio) {
  const SeriesInference net = infer(hourly(std::vector<double>(40, 0.001))).net;
  EXPECT_NEAR(*net.mean_bp_day, 240.0, 1e-9);
  EXPECT_EQ(net.sharpe, std::nullopt);
  EXPECT_EQ(net.note, Note::NoSpread);
}

TEST(Inference, SaysRuinedOfWhatIsLeft) {
  RunReturns returns = hourly(first(40));
  returns.units.ruined = true;
  const Inference inference = infer(returns);
  EXPECT_TRUE(inference.net.sharpe_range);
  EXPECT_EQ(inference.net.note, Note::Ruined);
  EXPECT_EQ(inference.positions.note, Note::TooShort) << "they are all there";
  EXPECT_EQ(inference.note, Note::Ruined);
}

TEST(Inference, OfFewPositionsGivesPointsWithoutIntervals) {
  RunReturns returns = hourly(first(40));
  returns.positions = {.bp = {12.0}, .earned = {6.0}, .traded = {40'000.0}};
  const Inference one = infer(returns);
  EXPECT_EQ(one.positions.n, 1);
  EXPECT_EQ(one.positions.bp, 12.0);
  EXPECT_EQ(one.positions.range, std::nullopt);
  EXPECT_EQ(one.positions.note, Note::TooShort);
  EXPECT_NEAR(*one.break_even.fee_bp, 1.5, 1e-12);
  EXPECT_EQ(one.break_even.range, std::nullopt);
  EXPECT_EQ(one.note, Note::TooShort);
  for (int i = 1; i < 10; ++i) {
    EXPECT_EQ(infer(returns).positions.range, std::nullopt) << i;
    returns.positions.bp.push_back(i);
    returns.positions.earned.push_back(i);
    returns.positions.traded.push_back(40'000.0);
  }
  const Inference ten = infer(returns);
  EXPECT_TRUE(ten.positions.range);
  EXPECT_TRUE(ten.break_even.range);
  EXPECT_EQ(ten.positions.note, std::nullopt);
  EXPECT_EQ(ten.note, std::nullopt);
}

TEST(Inference, BreakEvenFeeHasTheDigitsOfTheResearchPage) {
  RunReturns returns = hourly(first(40));
  returns.positions.earned = stats::test::series(7, {.b = 3, .scale = 100.0});
  returns.positions.traded = stats::test::centred_uniforms(7, 4, 240);
  for (double& usdt : returns.positions.traded) usdt = 50'000.0 * (1.5 + usdt);
  returns.positions.bp = returns.positions.earned;
  const BreakEvenInference fee = infer(returns, {.seed = 7}).break_even;
  expect_digits(fee.fee_bp, 0.5661751224);
  EXPECT_EQ(fee.block, 1);
  expect_digits(fee.range->lo, 0.06844172821);
  expect_digits(fee.range->hi, 1.067745393);
}

TEST(InferenceJson, HasTheKeysOfTheContractInItsOrder) {
  RunReturns returns = hourly(first(40));
  returns.units.begin = from_ns(0);
  const auto json = nlohmann::ordered_json::parse(inference_json(infer(returns)));
  const auto keys = [](const auto& object) {
    std::string text;
    for (const auto& [key, value] : object.items()) text += key + " ";
    return text;
  };
  EXPECT_EQ(keys(json), "schema unit from to seed resamples net px positions break_even note ");
  EXPECT_EQ(keys(json["net"]),
            "n mean_bp_day mean_se mean_lo mean_hi sharpe se_iid se_nw sharpe_lo sharpe_hi psr "
            "psr_nw min_trl_days skewness kurtosis lags block note ");
  EXPECT_EQ(keys(json["px"]), keys(json["net"]));
  EXPECT_EQ(keys(json["positions"]), "n bp lo hi block note ");
  EXPECT_EQ(keys(json["break_even"]), "fee_bp lo hi block note ");
  EXPECT_EQ(json["unit"], "1h");
  EXPECT_EQ(json["from"], "1970-01-01T00:00:00Z");
  EXPECT_EQ(json["to"], "1970-01-02T16:00:00Z");
  EXPECT_EQ(json["resamples"], 1999);
  EXPECT_EQ(json["positions"]["note"], "too_short");
  EXPECT_TRUE(json["positions"]["bp"].is_null());
}

}  // namespace
}  // namespace toxvol::study
