#include "toxvol/stats/rows.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/stats/family.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/random.hpp"

namespace toxvol::stats {
namespace {

using test::kSeed;

std::vector<std::uint32_t> indices(std::uint64_t seed, std::uint64_t b, std::size_t n,
                                   std::int64_t length) {
  std::vector<std::uint32_t> rows(n);
  resample(Draws{seed, Stream::Series}.row(b), length, rows);
  return rows;
}

TEST(Resample, HasTheIndicesOfTheResearchPage) {
  auto rows = indices(kSeed, 0, 240, 5);
  EXPECT_EQ(std::accumulate(rows.begin(), rows.end(), 0U), 35062U);
  rows.resize(12);
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{206, 207, 208, 209, 210, 211, 192, 193, 194, 195, 118,
                                              119}));
  rows = indices(kSeed, 1, 240, 5);
  EXPECT_EQ(std::accumulate(rows.begin(), rows.end(), 0U), 28662U);
  rows.resize(12);
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{153, 154, 155, 156, 39, 40, 41, 42, 43, 44, 55, 68}));
}

TEST(Resample, RunsOnFromTheEndToTheBeginning) {
  const auto rows = indices(1, 0, 5, 1'000'000'000);  // blocks longer than the series
  for (std::size_t k = 1; k < rows.size(); ++k) EXPECT_EQ(rows[k], (rows[k - 1] + 1) % 5);
}

TEST(Resample, OfOneRowIsThatRow) {
  EXPECT_EQ(indices(1, 0, 1, 3), (std::vector<std::uint32_t>{0}));
}

// Of 100 rows × 500 draws a block begins anew 1/L of the time, give or take four errors.
TEST(Resample, BlocksHaveTheirMeanLength) {
  for (const std::int64_t length : {1, 2, 10}) {
    std::int64_t restarts = 0;
    for (std::uint64_t b = 0; b < 100; ++b) {
      const auto rows = indices(3, b, 501, length);
      for (std::size_t k = 1; k < rows.size(); ++k) {
        if (rows[k] != (rows[k - 1] + 1) % 501) ++restarts;
      }
    }
    const double share = 1.0 / static_cast<double>(length) * (1.0 - 1.0 / 501.0);
    EXPECT_NEAR(static_cast<double>(restarts) / 50'000.0, share,
                4.0 * std::sqrt(share * (1.0 - share) / 50'000.0) + 1e-3)
        << length;
  }
}

TEST(ResampledRows, AreTheSameKeptOrDrawnAnew) {
  const Resampling how{.seed = 3, .resamples = 5};
  const ResampledRows kept{40, 2, how, true};
  const ResampledRows drawn{40, 2, how, false};
  std::vector<std::uint32_t> scratch;
  for (std::size_t b = 0; b < 5; ++b) {
    const auto row = kept.row(b, scratch);
    const std::vector<std::uint32_t> copy(row.begin(), row.end());
    EXPECT_EQ(copy, indices(3, b, 40, 2));
    const auto again = drawn.row(b, scratch);
    EXPECT_EQ(copy, std::vector<std::uint32_t>(again.begin(), again.end()));
  }
}

TEST(RowCache, KnowsEveryPartOfTheQuestion) {
  RowCache cache;
  const Resampling how{.seed = 3, .resamples = 50};
  const auto rows = cache.rows(40, 2, how);
  EXPECT_EQ(cache.rows(40, 2, how), rows);
  EXPECT_NE(cache.rows(41, 2, how), rows);
  EXPECT_NE(cache.rows(40, 3, how), rows);
  EXPECT_NE(cache.rows(40, 2, {.seed = 4, .resamples = 50}), rows);
  EXPECT_NE(cache.rows(40, 2, {.seed = 3, .stream = Stream::Pair, .resamples = 50}), rows);
  EXPECT_NE(cache.rows(40, 2, {.seed = 3, .resamples = 51}), rows);
  EXPECT_EQ(cache.rows(40, 2, how), rows);
}

TEST(RowCache, ForgetsTheOldestFirst) {
  RowCache cache;  // of 2²⁵ indices: five of these are too many
  const auto rows = [&](std::uint64_t seed) {
    return cache.rows(8192, 1'000'000, {.seed = seed, .resamples = 1000}).get();
  };
  const auto* const first = rows(1);
  const auto* const second = rows(2);
  rows(3);
  rows(4);
  EXPECT_EQ(rows(1), first);  // now the latest
  const auto held = cache.rows(8192, 1'000'000, {.seed = 2, .resamples = 1000});
  EXPECT_EQ(held.get(), second);
  rows(5);  // 3 goes
  EXPECT_EQ(rows(1), first);
  EXPECT_EQ(rows(2), second);
}

TEST(RowCache, MayBeAskedByManyThreadsAtOnce) {
  RowCache cache;
  std::array<std::shared_ptr<const ResampledRows>, 4> last;
  {
    std::vector<std::jthread> threads;
    threads.reserve(last.size());
    for (auto& rows : last) {
      threads.emplace_back([&cache, &rows] {
        for (std::uint64_t seed = 1; seed <= 200; ++seed) {
          rows = cache.rows(40, 2, {.seed = seed, .resamples = 20});
        }
      });
    }
  }
  for (const auto& rows : last) EXPECT_EQ(rows, last.front());  // drawn once, held by all
}

TEST(RowCache, ChangesNoResult) {
  RowCache cache;
  const std::vector<double> r = test::returns();
  const std::vector<double> f = test::flat_returns();
  for (int time = 0; time < 2; ++time) {
    const Pair with = pair(r, f, {.stream = Stream::Pair, .resamples = 99, .cache = &cache});
    const Pair without = pair(r, f, {.stream = Stream::Pair, .resamples = 99});
    EXPECT_EQ(with.p, without.p);
    EXPECT_EQ(with.range->lo, without.range->lo);
    EXPECT_EQ(with.d_sharpe_range->hi, without.d_sharpe_range->hi);
  }
}

}  // namespace
}  // namespace toxvol::stats
