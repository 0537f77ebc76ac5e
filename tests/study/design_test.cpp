#include "toxvol/study/design.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/error.hpp"
#include "toxvol/study/folds.hpp"

namespace toxvol::study {
namespace {

Design parsed(const std::string& toml) {
  return parse_design(toml, "d.toml");
}

std::string refusal(const std::string& toml) {
  try {
    static_cast<void>(parsed(toml));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::vector<std::string> texts(const Axis& axis) {
  std::vector<std::string> result;
  for (const AxisValue& value : axis.values) {
    std::string all;
    for (const std::string& text : value.texts) all += (all.empty() ? "" : " ") + text;
    result.push_back(all);
  }
  return result;
}

TEST(Design, ReadsTheExampleOfTheResearchPage) {
  const Design design = parsed(R"(base = "A"
set = { "entry.order" = "post_only" }
design = "grid"
[[axis]]
key = "alpha_a.compression"
values = [0.7, 0.8, 0.9]
[[axis]]
key = "exit.k_stop"
from = "1.0"
to = "4.0"
step = "0.25"
[[axis]]
name = "horizon"
keys = ["exit.horizon", "exit.stop_horizon", "exit.max_hold"]
values = [["15m", "15m", "30m"], ["60m", "60m", "120m"]]
[[derive]]
key = "crowding.theta_exit"
of = "crowding.theta"
times = "0.5"
)");
  EXPECT_EQ(design.base->text, "A");
  EXPECT_EQ(design.set.front().key, "entry.order");
  EXPECT_EQ(design.set.front().text, R"("post_only")");
  ASSERT_EQ(design.axes.size(), 3U);
  EXPECT_EQ(design.axes[0].name, "alpha_a.compression");
  EXPECT_EQ(texts(design.axes[0]), (std::vector<std::string>{"0.7", "0.8", "0.9"}));
  EXPECT_EQ(texts(design.axes[1]),
            (std::vector<std::string>{"1", "1.25", "1.5", "1.75", "2", "2.25", "2.5", "2.75", "3",
                                      "3.25", "3.5", "3.75", "4"}));
  EXPECT_EQ(design.axes[2].name, "horizon");
  EXPECT_EQ(texts(design.axes[2]),
            (std::vector<std::string>{R"("15m" "15m" "30m")", R"("60m" "60m" "120m")"}));
  EXPECT_EQ(design.derive.front().times_e8, 50'000'000);
  EXPECT_FALSE(design.walkforward);
}

TEST(Design, ARangeEndsAtOrBeforeItsLastValue) {
  const auto range = [](const std::string& from, const std::string& to, const std::string& step) {
    return texts(parsed("base = \"A\"\n[[axis]]\nkey = \"exit.k_tp\"\nfrom = " + from +
                        "\nto = " + to + "\nstep = " + step + "\n")
                     .axes.front());
  };
  EXPECT_EQ(range("0.1", "0.3", "0.1"), (std::vector<std::string>{"0.1", "0.2", "0.3"}))
      << "in doubles 0.1 + 0.1 + 0.1 is more than 0.3";
  EXPECT_EQ(range("\"1\"", "\"1.9\"", "\"0.5\""), (std::vector<std::string>{"1", "1.5"}));
  EXPECT_EQ(range("2", "2", "1"), (std::vector<std::string>{"2"}));
  EXPECT_EQ(range("\"30m\"", "\"2h\"", "\"45m\""),
            (std::vector<std::string>{R"("30m")", R"("75m")", R"("2h")"}));
}

TEST(Design, TakesKeysInSetWithAndWithoutQuotes) {
  const Design design = parsed("base = \"A\"\nset = { exit.k_stop = 3, \"z.clip\" = 4 }\n");
  ASSERT_EQ(design.set.size(), 2U);
  EXPECT_EQ(design.set[0].key, "exit.k_stop");
  EXPECT_EQ(design.set[1].key, "z.clip");
}

TEST(Design, IsAListWhereItHasVariantsAndElseAGrid) {
  EXPECT_EQ(parsed("base = \"A\"\n").kind, DesignKind::Grid);
  EXPECT_EQ(parsed("[[variant]]\nname = \"a\"\n").kind, DesignKind::List);
}

TEST(Design, ReadsAVariant) {
  const Design design = parsed(R"([[variant]]
name = "thin"
group = "world"
base = "B"
set = { "costs.tier" = "VIP3" }
times = { "exit.horizon" = "0.5", "exit.k_stop" = 2 }
when = [{ key = "volatility.half_life_long", is = "1d", set = { "z.clip" = 3 } }]
without = ["quotes"]
needs = ["metrics", "funding"]
)");
  const Variant& variant = design.variants.front();
  EXPECT_EQ(variant.name, "thin");
  EXPECT_EQ(variant.group, "world");
  EXPECT_EQ(variant.base->text, "B");
  EXPECT_EQ(variant.set.front().text, R"("VIP3")");
  ASSERT_EQ(variant.times.size(), 2U);
  EXPECT_EQ(variant.times[0].times_e8, 50'000'000);
  EXPECT_EQ(variant.times[1].times_e8, 200'000'000);
  EXPECT_EQ(variant.when.front().is.text, R"("1d")");
  EXPECT_TRUE(variant.without.quotes && !variant.without.trades);
  EXPECT_TRUE(variant.needs.metrics && variant.needs.funding && !variant.needs.quotes);
}

TEST(Design, ReadsWalkforward) {
  EXPECT_EQ(parsed("base = \"A\"\n[walkforward]\n").walkforward, WalkForward{});
  const WalkForward w = *parsed(R"(base = "A"
[walkforward]
scheme = "anchored"
train = "36h"
test = "12h"
purge = "2h"
embargo = "6h"
objective = "sharpe_lcb"
min_positions = 5
fallback = "flat"
require_positive = true
fit = ["theta", "har"]
)")
                             .walkforward;
  using namespace std::chrono_literals;
  EXPECT_EQ(w.scheme, FoldScheme::Anchored);
  EXPECT_EQ(w.train, 36h);
  EXPECT_EQ(w.test, 12h);
  EXPECT_EQ(w.purge, 2h);
  EXPECT_EQ(w.embargo, 6h);
  EXPECT_EQ(w.objective, WalkForward::Objective::SharpeLcb);
  EXPECT_EQ(w.min_positions, 5);
  EXPECT_EQ(w.fallback, WalkForward::Fallback::Flat);
  EXPECT_TRUE(w.require_positive);
  EXPECT_EQ(w.fit, (std::vector<WalkForward::Fit>{WalkForward::Fit::Theta, WalkForward::Fit::Har}));
}

// R29: the file, the line, the value and what to do.
TEST(Design, NamesThePlaceOfWhatIsWrong) {
  const std::string base = "base = \"A\"\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"base = \n", "d.toml:1:8: not valid TOML"},
      {base + "desing = \"grid\"\n", "d.toml:2: unknown desing in a design; did you mean design?"},
      {base + "design = \"gird\"\n",
       "d.toml:2: design = \"gird\": expected one of grid | random | sobol | list; did you mean "
       "grid?"},
      {base + "[[axis]]\nkey = \"exit.k_stopp\"\nvalues = [1]\n",
       "d.toml:3: unknown key exit.k_stopp; did you mean exit.k_stop?"},
      {base + "\nset = { \"k_stop\" = 2 }\n", "d.toml:3: unknown key k_stop; did you mean"},
      {base + "[[axis]]\nkey = \"exchange.queue\"\nvalues = [\"optimistic\"]\n",
       "d.toml:3: exchange.queue is not the strategy's to choose; state it once in set, or vary it "
       "in a [[variant]] of group \"world\""},
      {base + "[[axis]]\nkeys = [\"exit.k_stop\", \"run.seed\"]\nname = \"x\"\nvalues = [[1, 2]]\n",
       "d.toml:3: run.seed is not the strategy's to choose"},
      {base + "[[axis]]\nkeys = [\"exit.k_stop\", \"exit.k_tp\"]\nvalues = [[1, 2]]\n",
       "d.toml:2: [[axis]] of several keys lacks a name"},
      {base + "[[axis]]\nname = \"x\"\nkeys = [\"exit.k_stop\", \"exit.k_tp\"]\nvalues = [[1]]\n",
       "d.toml:5: values = [1]: expected a list of 2 values, one a key"},
      {base + "[[axis]]\nkey = \"exit.k_stop\"\n", "d.toml:2: [[axis]] lacks values"},
      {base + "[[axis]]\nkey = \"exit.k_stop\"\nvalues = []\n",
       "d.toml:4: values = []: expected a list such as [0.7, 0.8]"},
      {base + "[[axis]]\nkey = \"exit.k_stop\"\nfrom = \"1\"\nto = \"2\"\nstep = \"0\"\n",
       "d.toml:6: step = \"0\": expected a number above 0"},
      {base + "[[axis]]\nkey = \"exit.k_stop\"\nfrom = \"2\"\nto = \"1\"\nstep = \"1\"\n",
       "d.toml:5: to = \"1\": expected at least from"},
      {base + "[[axis]]\nkey = \"exit.k_stop\"\nfrom = \"1\"\nto = \"x\"\nstep = \"1\"\n",
       "d.toml:5: to = \"x\": expected a number with at most 8 decimals"},
      {base + "[[axis]]\nkey = \"exit.k_stop\"\nfrom = 1\nto = 20001\nstep = 1\n",
       "d.toml:6: step = 1: expected one that gives at most 10000 values"},
      {base + "set = { \"exit.k_stop\" = 2 }\n[[axis]]\nkey = \"exit.k_stop\"\nvalues = [1]\n",
       "d.toml:3: exit.k_stop is already in set; leave one of the two out"},
      {base + "[[derive]]\nkey = \"crowding.theta_exit\"\nof = \"crowding.theta\"\n",
       "d.toml:2: [[derive]] lacks times; add a line such as times = \"0.5\""},
      {base + "[[derive]]\nkey = \"crowding.theta\"\nof = \"crowding.theta\"\ntimes = 2\n",
       "d.toml:2: crowding.theta is derived itself"},
      {base + "design = \"sobol\"\n[[axis]]\nkey = \"exit.k_tp\"\nvalues = [1]\n",
       "d.toml:1: a design lacks points; add a line such as points = 256"},
      {base + "points = 4\n", "d.toml:2: points is for design = \"random\" and \"sobol\""},
      {base + "design = \"random\"\npoints = 0\n",
       "d.toml:3: points = 0: expected a whole number from 1 to 10000"},
      {base + "design = \"grid\"\n[[variant]]\nname = \"a\"\n",
       "d.toml:3: design = \"grid\" has no variants; use design = \"list\""},
      {"[[variant]]\nname = \"a\"\n[[variant]]\nname = \"a\"\n", "d.toml:3: a second variant a"},
      {"[[variant]]\nname = \"a\"\ngroup = \"gate\"\nset = { \"costs.tier\" = \"VIP3\" }\n",
       "d.toml:4: costs.tier is not the strategy's to choose; say group = \"world\""},
      {"[[variant]]\nname = \"a\"\ntimes = { \"exit.horizon\" = \"half\" }\n",
       "d.toml:3: times exit.horizon = \"half\": expected a number above 0"},
      {"[[variant]]\nname = \"a\"\nneeds = [\"quote\"]\n",
       "d.toml:3: needs = \"quote\": expected one of quotes | trades | metrics | funding; did you "
       "mean quotes?"},
      {base + "[walkforward]\ntrain = \"90m\"\n",
       "d.toml:3: train = \"90m\": expected a duration of whole hours"},
      {base + "[walkforward]\ntrain = \"3651d\"\n",
       "d.toml:3: train = \"3651d\": expected a duration of whole hours up to 3650d"},
      {base + "[walkforward]\ntest = \"0s\"\n", "d.toml:3: test = \"0s\": expected"},
      {base + "[walkforward]\nfit = [\"z\", \"z\"]\n", "d.toml:3: fit = [\"z\", \"z\"]: expected"},
      {base + "[walkforward]\nobjectiv = \"net\"\n",
       "d.toml:3: unknown objectiv in [walkforward]; did you mean objective?"},
  };
  for (const auto& [toml, expected] : cases) {
    const std::string told = refusal(toml);
    EXPECT_TRUE(told.starts_with(expected)) << toml << "\n  told: " << told;
    EXPECT_EQ(told.find('\n'), std::string::npos) << told;
  }
}

TEST(Design, RefusesAGridBeyondTheLimit) {
  const auto grid = [](int values) {
    const auto axis = [](const std::string& key, int count) {
      return "[[axis]]\nkey = \"" + key + "\"\nfrom = 1\nto = " + std::to_string(count) +
             "\nstep = 1\n";
    };
    return "base = \"A\"\n" + axis("exit.k_tp", 100) + axis("exit.k_stop", values);
  };
  EXPECT_EQ(refusal(grid(100)), "no error");
  EXPECT_TRUE(refusal(grid(101)).starts_with("d.toml:7: a grid of more than 10000 points"));
}

TEST(Design, RefusesMoreThanSixteenSobolAxes) {
  const auto sobol = [](int axes) {
    const std::vector<std::string> keys = {
        "alpha_a.compression",   "alpha_a.pressure", "alpha_b.pressure",    "crowding.theta",
        "crowding.theta_exit",   "exit.k_stop",      "exit.k_tp",           "toxicity.tau",
        "toxicity.vpin_buckets", "z.clip",           "size.risk_bp",        "size.max_leverage",
        "size.toxic_scale",      "volatility.yz_n",  "pressure.svi_window", "exit.max_hold",
        "exit.horizon"};
    std::string toml = "base = \"A\"\ndesign = \"sobol\"\npoints = 2\n";
    for (int i = 0; i < axes; ++i)
      toml += "[[axis]]\nkey = \"" + keys[static_cast<std::size_t>(i)] + "\"\nvalues = [1]\n";
    return toml;
  };
  EXPECT_EQ(refusal(sobol(16)), "no error");
  EXPECT_TRUE(refusal(sobol(17)).find("17 axes: sobol takes at most 16") != std::string::npos);
}

}  // namespace
}  // namespace toxvol::study
