#include "toxvol/csv/metrics_row.hpp"

#include <chrono>
#include <optional>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/csv/text_source.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/row_error.hpp"

namespace toxvol::csv {
namespace {

using namespace std::chrono_literals;

auto metrics_of(std::string_view line, std::string_view symbol = "BTCUSDT", Duration shift = {}) {
  return parse_metrics(test::fields<8>(line), symbol, shift);
}

constexpr std::string_view kRow =
    "2023-11-23 09:35:00,BTCUSDT,82054.11,3076283766.33112,0.84693568,1.30193129,0.78148392,"
    "2.58436077";
const Timestamp kLabel = std::chrono::sys_days{2023y / 11 / 23} + 9h + 35min;

TEST(MetricsRow, HasEveryFieldOfARealRow) {
  const auto metrics = metrics_of(kRow);
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->ts_event, kLabel);
  EXPECT_EQ(metrics->ts_init, Timestamp{});
  EXPECT_EQ(metrics->open_interest, 82054.11);
  EXPECT_EQ(metrics->open_interest_value, 3076283766.33112);
  EXPECT_EQ(metrics->toptrader_count_ls, 0.84693568);
  EXPECT_EQ(metrics->toptrader_sum_ls, 1.30193129);
  EXPECT_EQ(metrics->count_ls, 0.78148392);
  EXPECT_EQ(metrics->taker_ls, 2.58436077);
}

TEST(MetricsRow, ABlankValueIsEmptyAndZeroIsZero) {
  const auto metrics = metrics_of("2023-11-23 09:35:00,BTCUSDT,0,,,1.3,,");
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->open_interest, 0.0);
  EXPECT_EQ(metrics->open_interest_value, std::nullopt);
  EXPECT_EQ(metrics->toptrader_count_ls, std::nullopt);
  EXPECT_EQ(metrics->toptrader_sum_ls, 1.3);
  EXPECT_EQ(metrics->count_ls, std::nullopt);
  EXPECT_EQ(metrics->taker_ls, std::nullopt);
}

// C4: by the file's day.
TEST(MetricsRow, LabelsMoveByFiveMinutesFromTheFileOf20260625) {
  EXPECT_EQ(metrics_label_shift(2026y / 6 / 24), 0s);
  EXPECT_EQ(metrics_label_shift(2026y / 6 / 25), 5min);
  EXPECT_EQ(metrics_of(kRow, "BTCUSDT", 5min)->ts_event, kLabel + 5min);
}

TEST(MetricsRow, FaultsAreNamed) {
  EXPECT_EQ(metrics_of("2023-11-23,BTCUSDT,1,1,1,1,1,1").error(), (RowError{RowFault::BadTime, 0}));
  EXPECT_EQ(metrics_of(kRow, "ETHUSDT").error(), (RowError{RowFault::WrongSymbol, 1}));
  EXPECT_EQ(metrics_of("2023-11-23 09:35:00,,1,1,1,1,1,1", "").error(),
            (RowError{RowFault::WrongSymbol, 1}));
  EXPECT_EQ(metrics_of("2023-11-23 09:35:00,BTCUSDT,nan,1,1,1,1,1").error(),
            (RowError{RowFault::BadNumber, 2}));
  EXPECT_EQ(metrics_of("2023-11-23 09:35:00,BTCUSDT,1,1,1,1,1,1e999").error(),
            (RowError{RowFault::OutOfRange, 7}));
}

}  // namespace
}  // namespace toxvol::csv
