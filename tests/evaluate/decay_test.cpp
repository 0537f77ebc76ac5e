#include "toxvol/evaluate/decay.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/evaluate/support.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/mids.hpp"
#include "toxvol/evaluate/rows.hpp"

namespace toxvol::evaluate {
namespace {

using std::chrono::seconds;
using test::kStart;
using test::quote;

DecayParams params() {
  return {.cadence = kMinute,
          .quantile_window = std::chrono::days{1},
          .least_prior = 30,
          .cost_bp = 10.0,
          .end = kStart + std::chrono::days{30}};
}

const DecayRow& line_of(const std::vector<DecayRow>& lines, std::string_view signal,
                        std::int64_t horizon_s, std::string_view subset = "all",
                        std::string_view placebo = "none") {
  for (const DecayRow& line : lines) {
    if (line.signal == signal && line.horizon_s == horizon_s && line.subset == subset &&
        line.placebo == placebo) {
      return line;
    }
  }
  ADD_FAILURE() << "no such line";
  return lines.front();
}

std::vector<DecayRow> lines_of(const Rows& rows, const Mids* mids = nullptr) {
  return decay(rows, mids, params(), {.seed = 1, .resamples = 99}, [] {});
}

/// p foretells the next minute: +s bp after +s, strong at every fifth row.
Rows foretold(std::int64_t count) {
  Rows rows;
  double mid = 100.0;
  for (std::int64_t n = 0; n < count; ++n) {
    Row row = test::row(n, mid);
    row.p = (n % 2 == 0 ? 1.0 : -1.0) * (n % 5 == 0 ? 3.0 : 1.0);
    row.regime = n % 3 == 0 ? Regime::Neutral : Regime::CrowdedLong;
    row.toxic = n % 4 == 0;
    rows.add(row);
    mid *= std::exp(*row.p * 1e-4);
  }
  return rows;
}

TEST(Decay, FindsASignalThatForetells) {
  const auto lines = lines_of(foretold(200));
  EXPECT_EQ(static_cast<std::int64_t>(lines.size()), decay_lines(false));
  const DecayRow& next = line_of(lines, "p", 60);
  EXPECT_EQ(next.n, 199);  // the last row has no next
  EXPECT_NEAR(next.ic.value(), 1.0, 1e-9);
  EXPECT_GT(next.ic_rank.value(), 0.97);  // equal signals, outcomes equal but for rounding
  EXPECT_NEAR(next.slope.value(), 1.0, 1e-9);
  EXPECT_NEAR(next.r2.value(), 1.0, 1e-9);
  EXPECT_EQ(next.hit, 1.0);
  EXPECT_NEAR(next.net_bp.value(), *next.edge_bp - 10.0, 1e-12);
  EXPECT_EQ(line_of(lines, "p", 60, "neutral").n, 67);
  EXPECT_EQ(line_of(lines, "p", 60, "crowded").n, 132);
  EXPECT_EQ(line_of(lines, "p", 60, "not_toxic").n, 149);
  EXPECT_EQ(line_of(lines, "z_obi", 60).n, 0);
  EXPECT_EQ(line_of(lines, "z_obi", 60).note, "too_short");
}

// |s| is 3 at rows 0, 5, 10 … and 1 else. Before row 5k a fifth is 3, so the .8 quantile is 1;
// before the four rows after it more than a fifth is, so it is 3. Rows 30, 35 … 195 reach theirs.
TEST(Decay, StrongIsAtLeastTheQuantileOfEnoughPriorRows) {
  const DecayRow next = line_of(lines_of(foretold(200)), "p", 60);
  EXPECT_EQ(next.edge_n, 34);
  EXPECT_NEAR(next.edge_bp.value(), 3.0, 1e-9);
}

TEST(Decay, AQuantileIsOfEarlierRowsAlone) {
  Rows rows;
  for (std::int64_t n = 0; n < 60; ++n) {
    Row row = test::row(n, 100.0 + static_cast<double>(n % 3));
    row.p = 60.0 - static_cast<double>(n);  // falls: never reaches its .8 quantile
    rows.add(row);
  }
  EXPECT_EQ(line_of(lines_of(rows), "p", 60).edge_n, 0);
  EXPECT_FALSE(line_of(lines_of(rows), "p", 60).edge_bp);
}

TEST(Decay, AMinuteThatIsMissingOrHasNoMidHasNoOutcome) {
  const Rows whole = foretold(50);
  Rows rows;
  for (const Row& row : whole.all()) {
    Row copy = row;
    if (copy.ts == test::minute(10)) continue;
    if (copy.ts == test::minute(20)) copy.mid.reset();
    rows.add(copy);
  }
  // Rows 9 and 10, and 19 and 20, and the last.
  EXPECT_EQ(line_of(lines_of(rows), "p", 60).n, 50 - 5);
  EXPECT_EQ(line_of(lines_of(rows), "p", 300).n, 50 - 4 - 5);
}

TEST(Decay, RowsThatDoNotDecideAreNoSignalsButOutcomes) {
  const Rows whole = foretold(60);
  Rows rows;
  for (const Row& row : whole.all()) {
    Row copy = row;
    copy.decides = (copy.ts - kStart) / kMinute % 2 == 0;
    rows.add(copy);
  }
  EXPECT_EQ(line_of(lines_of(rows), "p", 60).n, 30);
}

// ts_init is 800 µs after the minute: a second later stands the quote before 60,000.8 + 1,000 ms.
TEST(Decay, BelowAMinuteAsksTheQuotes) {
  Rows rows;
  Row row = test::row(1, 100.0);
  row.p = 2.0;
  rows.add(row);
  Mids mids;
  ask_mids(rows, mids);
  mids.add(quote(61'000, 101.0));
  mids.add(quote(61'001, 200.0));
  mids.finish();
  const auto lines = lines_of(rows, &mids);
  EXPECT_EQ(static_cast<std::int64_t>(lines.size()), decay_lines(true));
  EXPECT_EQ(line_of(lines, "p", 1).n, 1);
  EXPECT_EQ(line_of(lines, "p", 1).hit, 1.0);
  // The mean of one: 1e4·ln(1.01), the mid in force then. It is not strong: no rows before it.
  EXPECT_FALSE(line_of(lines, "p", 1).edge_bp);
}

TEST(Decay, NothingIsKnownAfterTheWindow) {
  Rows rows;
  Row row = test::row(1, 100.0);
  row.p = 2.0;
  rows.add(row);
  Mids mids;
  ask_mids(rows, mids);
  mids.add(quote(60'500, 101.0));
  mids.finish();
  DecayParams until = params();
  until.end = row.ts_init + seconds{5};
  const auto lines = decay(rows, &mids, until, {.resamples = 99}, [] {});
  EXPECT_EQ(line_of(lines, "p", 5).n, 1);
  EXPECT_EQ(line_of(lines, "p", 10).n, 0);
}

TEST(Decay, APlaceboOfAnotherWeekOrOfRandomSignsForetellsNothing) {
  const auto lines = lines_of(foretold(8 * 1440));
  const DecayRow& shift = line_of(lines, "p", 60, "all", "shift");
  EXPECT_EQ(shift.n, 1440 - 1);
  const DecayRow& signs = line_of(lines, "p", 60, "all", "signs");
  EXPECT_EQ(signs.n, 8 * 1440 - 1);
  EXPECT_LT(std::abs(signs.ic.value()), 0.05);
  EXPECT_NEAR(signs.hit.value(), 0.5, 0.03);
}

TEST(Decay, TheNearestHorizonIsTheShorterOfTwo) {
  const auto lines = lines_of(foretold(40));
  EXPECT_EQ(nearest(lines, "p", std::chrono::minutes{15})->horizon_s, 900);
  EXPECT_EQ(nearest(lines, "p", std::chrono::minutes{90})->horizon_s, 3600);
  EXPECT_EQ(nearest(lines, "p", std::chrono::hours{8})->horizon_s, 14400);
  EXPECT_EQ(nearest({}, "p", std::chrono::minutes{15}), nullptr);
}

}  // namespace
}  // namespace toxvol::evaluate
