#include <cstddef>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "tests/factors/bars.hpp"
#include "tests/factors/support.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/quantile.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/volatility.hpp"

namespace {

using namespace toxvol;
using namespace toxvol::factors;

constexpr std::int64_t kWeek = 10'080;   // minutes
constexpr std::int64_t kMonth = 43'200;  // minutes

std::vector<double> numbers(std::size_t count) {
  test::Random random{1};
  std::vector<double> result(count);
  for (double& x : result) x = random.between(-1.0, 1.0);
  return result;
}

/// A z-score with its window full: one observation in, one out.
void bm_z_score(benchmark::State& state) {
  const auto values = numbers(1 << 16);
  ZScore z{{.window = state.range(0) * kMinute, .min_count = 2, .floor = 1e-3, .clip = 5.0}};
  std::int64_t n = 0;
  const auto step = [&] {
    const auto at = static_cast<std::size_t>(n) % values.size();
    return z.update(test::minute(n++), values[at]);
  };
  while (n < state.range(0)) step();
  for (auto _ : state) benchmark::DoNotOptimize(step());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(bm_z_score)->Arg(kWeek)->Arg(kMonth);

/// A threshold with its window full: one observation in, one out, one quantile, one rank.
void bm_quantile(benchmark::State& state) {
  const auto values = numbers(1 << 16);
  RollingQuantile quantile{state.range(0) * kMinute};
  std::int64_t n = 0;
  const auto step = [&] {
    const double x = values[static_cast<std::size_t>(n) % values.size()];
    quantile.advance(test::minute(n));
    benchmark::DoNotOptimize(quantile.quantile(0.8, 30));
    benchmark::DoNotOptimize(quantile.rank(x, 30));
    quantile.add(test::minute(n++), x);
  };
  while (n < state.range(0)) step();
  for (auto _ : state) step();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(bm_quantile)->Arg(kWeek)->Arg(kMonth);

/// All of F1, preset A, once every window is full.
void bm_volatility(benchmark::State& state) {
  VolatilityParams params;
  params.estimator = static_cast<VolatilityEstimator>(state.range(0));
  params.diurnal = state.range(1) != 0;
  Volatility factor{params, {}};
  auto bars = test::random_walk(1, {.bars = kMonth});
  std::size_t i = 0;
  const auto step = [&] {
    auto& bar = bars[i++ % bars.size()];
    benchmark::DoNotOptimize(factor.update(bar));
    bar.ts_event += kMonth * kMinute;
  };
  while (i < bars.size()) step();
  for (auto _ : state) step();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(bm_volatility)
    ->ArgNames({"estimator", "diurnal"})
    ->Args({static_cast<int>(VolatilityEstimator::Gk), 0})
    ->Args({static_cast<int>(VolatilityEstimator::Gk), 1})
    ->Args({static_cast<int>(VolatilityEstimator::Yz), 0});

}  // namespace
