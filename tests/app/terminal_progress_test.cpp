#include "toxvol/app/terminal_progress.hpp"

#include <optional>

#include <gtest/gtest.h>

namespace toxvol::app {
namespace {

const ProgressText kHalf{
    .stage = "backtest", .share = 0.5, .left_s = 75, .rows_per_second = 120'000};

TEST(ProgressLine, HasEverythingWhereThereIsRoom) {
  EXPECT_EQ(progress_line(kHalf, 80),
            "backtest [============            ] 50 %, 1:15 left, 120 k rows/s");
}

TEST(ProgressLine, FitsFortyColumnsWithItsBar) {
  EXPECT_EQ(progress_line(kHalf, 40), "backtest [======      ] 50 %, 1:15 left");
}

TEST(ProgressLine, NeverReachesTheLastColumn) {
  for (int columns = 1; columns < 100; ++columns) {
    EXPECT_LE(static_cast<int>(progress_line(kHalf, columns).size()), columns > 1 ? columns - 1 : 1)
        << columns;
  }
}

TEST(ProgressLine, ADumbTerminalGetsNoBar) {
  EXPECT_EQ(progress_line(kHalf, std::nullopt), "backtest 50 %, 1:15 left, 120 k rows/s");
}

TEST(ProgressLine, WithoutATotalThereIsTheRateAlone) {
  EXPECT_EQ(
      progress_line(
          {.stage = "sort", .share = std::nullopt, .left_s = std::nullopt, .rows_per_second = 5},
          40),
      "sort 5 rows/s");
}

}  // namespace
}  // namespace toxvol::app
