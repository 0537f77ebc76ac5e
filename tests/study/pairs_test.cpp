#include "toxvol/study/pairs.hpp"

#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"

namespace toxvol::study {
namespace {

constexpr Duration kHour = std::chrono::hours{1};

/// Hours from the `first`-th on; px is half of net.
UnitReturns hours_from(int first, const std::vector<double>& net) {
  UnitReturns units;
  units.begin = Timestamp{first * kHour};
  units.net = net;
  for (const double r : net) units.px.push_back(r / 2.0);
  return units;
}

TEST(RunPair, OfTheWorkedSeriesIsTheWorkedNumbers) {
  // docs/statistics.md: f − r alone, seed 7.
  const RunPair pair = pair_of(hours_from(0, stats::test::returns()),
                               hours_from(0, stats::test::flat_returns()), {.seed = 7});
  EXPECT_EQ(pair.n, 240);
  EXPECT_EQ(pair.note, std::nullopt);
  ASSERT_TRUE(pair.net.range && pair.net.d_sharpe_range);
  EXPECT_NEAR(*pair.net.d, -0.0007851329392, 1e-12);
  EXPECT_EQ(pair.net.length, 4);
  EXPECT_NEAR(*pair.net.t, -2.875020515, 1e-8);
  EXPECT_EQ(*pair.net.p, 0.0045);
  EXPECT_NEAR(pair.net.range->lo, -0.001277424174, 1e-11);
  EXPECT_NEAR(pair.net.range->hi, -0.0002243089708, 1e-12);
  EXPECT_NEAR(*pair.net.d_sharpe, -0.2664313453, 1e-9);
  EXPECT_NEAR(pair.net.d_sharpe_range->lo, -0.4810697567, 1e-9);
  EXPECT_NEAR(pair.net.d_sharpe_range->hi, -0.04208257392, 1e-10);
  EXPECT_NEAR(*pair.px.d, *pair.net.d / 2.0, 1e-15) << "px is half of net here";
  EXPECT_NEAR(*pair.px.t, *pair.net.t, 1e-9);
}

TEST(RunPair, ComparesTheHoursThatBothHave) {
  // Hours 0 to 2 and 1 to 3: two in common, and there the other earns 3 and 5 more.
  const RunPair pair = pair_of(hours_from(0, {1.0, 2.0, 3.0}), hours_from(1, {5.0, 8.0, 0.0}), {});
  EXPECT_EQ(pair.n, 2);
  EXPECT_EQ(pair.from, Timestamp{1 * kHour});
  EXPECT_EQ(pair.to, Timestamp{3 * kHour});
  EXPECT_EQ(pair.net.d, 4.0);
  EXPECT_EQ(pair.note, Note::TooShort);
}

TEST(RunPair, WithoutACommonHourSaysSo) {
  // They touch: the one ends where the other begins.
  const RunPair pair = pair_of(hours_from(0, {1.0, 2.0}), hours_from(2, {1.0, 2.0}), {});
  EXPECT_EQ(pair.n, 0);
  EXPECT_EQ(pair.from, std::nullopt);
  EXPECT_EQ(pair.net.d, std::nullopt);
  EXPECT_EQ(pair.note, Note::NoOverlap);
  EXPECT_EQ(pair_of(hours_from(0, {1.0, 2.0}), hours_from(1, {1.0, 2.0}), {}).n, 1);
}

TEST(RunPair, NamesWhyAFigureIsNull) {
  const std::vector<double> r = stats::test::returns();
  EXPECT_EQ(pair_of(hours_from(0, r), hours_from(0, r), {}).note, Note::NoSpread);
  const std::vector<double> short_of_it(r.begin(), r.begin() + 29);
  const std::vector<double> enough(r.begin(), r.begin() + 30);
  const std::vector<double> flat = stats::test::flat_returns();
  EXPECT_EQ(pair_of(hours_from(0, flat), hours_from(0, short_of_it), {}).note, Note::TooShort);
  EXPECT_EQ(pair_of(hours_from(0, flat), hours_from(0, enough), {}).note, std::nullopt);
  UnitReturns ruined = hours_from(0, short_of_it);
  ruined.ruined = true;
  EXPECT_EQ(pair_of(ruined, hours_from(0, flat), {}).note, Note::Ruined) << "before too_short";
}

TEST(PairScale, ShowsMeansADayAndRatiosAYear) {
  stats::Pair pair;
  pair.d = 0.001;
  pair.range = stats::Range{.lo = -0.002, .hi = 0.004};
  pair.t = 1.5;
  pair.p = 0.2;
  pair.d_sharpe = 0.1;
  const auto shown = [&pair](Unit unit) {
    std::map<std::string, std::optional<double>> values;
    const auto keep = [&values](const std::string& name, const std::optional<double>& value) {
      values[name] = value;
    };
    const PairScale scale{unit};
    scale.mean("d_", pair, keep);
    scale.sharpe("d_", pair, keep);
    return values;
  };
  const auto hourly = shown(Unit::Hour);
  EXPECT_DOUBLE_EQ(*hourly.at("d_mean_bp_day"), 240.0) << "x 24e4";
  EXPECT_DOUBLE_EQ(*hourly.at("d_lo"), -480.0);
  EXPECT_DOUBLE_EQ(*hourly.at("d_hi"), 960.0);
  EXPECT_EQ(hourly.at("d_t"), 1.5);
  EXPECT_EQ(hourly.at("d_p"), 0.2);
  EXPECT_DOUBLE_EQ(*hourly.at("d_sharpe"), 0.1 * std::sqrt(8760.0));
  EXPECT_EQ(hourly.at("d_sharpe_lo"), std::nullopt);
  EXPECT_DOUBLE_EQ(*shown(Unit::Day).at("d_mean_bp_day"), 10.0);
  EXPECT_DOUBLE_EQ(*shown(Unit::Day).at("d_sharpe"), 0.1 * std::sqrt(365.0));
}

}  // namespace
}  // namespace toxvol::study
