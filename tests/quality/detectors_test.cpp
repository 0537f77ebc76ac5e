#include "toxvol/quality/detectors.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/quality/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::quality {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const TimeRange kPeriod = period_of(kDate);

TEST(Findings, JoinAdjacentLinesOfOneCode) {
  Findings findings;
  for (const std::int64_t line : {5, 6, 7, 9}) {
    Finding finding;
    finding.code = Code::OiZero;
    finding.line = line;
    findings.add(finding);
  }
  ASSERT_EQ(findings.list().size(), 2U);
  EXPECT_EQ(findings.list()[0].line, 5);
  EXPECT_EQ(findings.list()[0].count, 3);
  EXPECT_EQ(findings.list()[1].line, 9);
  EXPECT_EQ(findings.count(Code::OiZero), 4);
}

TEST(Findings, StayBoundedHoweverManyPlacesThereAre) {
  Findings findings;
  for (std::int64_t i = 0; i < 5'000; ++i) {
    Finding finding;
    finding.code = Code::OffTick;
    finding.line = 2 * i;
    findings.add(finding);
  }
  EXPECT_EQ(findings.list().size(), static_cast<std::size_t>(Findings::kMaxPerCode));
  EXPECT_EQ(findings.count(Code::OffTick), 5'000);
}

TEST(Codes, AreFoundByTheirNames) {
  for (int i = 0; i < kCodes; ++i) {
    const auto code = static_cast<Code>(i);
    EXPECT_EQ(code_of(info(code).name), code);
    EXPECT_FALSE(info(code).text.empty());
  }
  EXPECT_EQ(code_of("NO_SUCH_CODE"), std::nullopt);
}

TEST(Codes, StandInTheDocumentAsTheyAreHere) {
  const std::ifstream file{std::string{TOXVOL_SOURCE_DIR} + "/docs/data.md"};
  std::ostringstream text;
  text << file.rdbuf();
  const std::string page = text.str();
  for (int i = 0; i < kCodes; ++i) {
    const CodeInfo& code = info(static_cast<Code>(i));
    const std::string row = "| `" + std::string{code.name} + "` | " +
                            std::string{name(code.severity)} + " | " +
                            std::string{name(code.action)} + " | " + std::string{code.text} + " |";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

TEST(QuoteDefect, IsACrossedOrLockedBookAndAnEmptySide) {
  Quote quote{.bid = price(100.0), .ask = price(100.1), .bid_qty = qty(1), .ask_qty = qty(1)};
  EXPECT_EQ(defect_of(quote), std::nullopt);
  quote.ask = quote.bid;
  EXPECT_EQ(defect_of(quote), Code::CrossedQuote);
  quote.ask = price(99.9);
  EXPECT_EQ(defect_of(quote), Code::CrossedQuote);
  quote.ask = price(100.1);
  quote.ask_qty = Qty{};
  EXPECT_EQ(defect_of(quote), Code::EmptyBook);
}

TEST(RowDefect, OfOtherKindsIsWhatCannotBeSo) {
  EXPECT_EQ(defect_of(Trade{.price = price(1.0), .qty = qty(1)}), std::nullopt);
  EXPECT_EQ(defect_of(Trade{.price = price(1.0)}), Code::BadRow);
  EXPECT_EQ(defect_of(Trade{.qty = qty(1)}), Code::BadRow);

  const Bar bar{.open = price(2.0), .high = price(3.0), .low = price(1.0), .close = price(2.0)};
  EXPECT_EQ(defect_of(bar), std::nullopt) << "without volume";
  const auto changed = [&bar](auto change) {
    Bar other = bar;
    change(other);
    return defect_of(other);
  };
  EXPECT_EQ(changed([](Bar& b) { b.low = Price{}; }), Code::BadRow);
  EXPECT_EQ(changed([](Bar& b) { b.open = price(3.0); }), std::nullopt);
  EXPECT_EQ(changed([](Bar& b) { b.open = price(3.1); }), Code::BadRow);
  EXPECT_EQ(changed([](Bar& b) { b.close = price(0.9); }), Code::BadRow);
  EXPECT_EQ(changed([](Bar& b) { b.volume = -qty(1); }), Code::BadRow);

  EXPECT_EQ(defect_of(Metrics{}), std::nullopt) << "blank";
  Metrics metrics;
  metrics.taker_ls = std::numeric_limits<double>::infinity();
  EXPECT_EQ(defect_of(metrics), Code::BadRow);
  EXPECT_EQ(defect_of(Funding{.interval_hours = 0}), Code::BadRow);
  EXPECT_EQ(defect_of(Funding{.interval_hours = 87'601}), Code::BadRow);
}

TEST(TradeDetector, CountsTheIdsThatAreMissing) {
  TradeDetector detector{kPeriod, {}};
  Findings out;
  detector.on(trade(10, seconds{0}), 2, out);
  detector.on(trade(11, seconds{1}), 3, out);
  detector.on(trade(15, seconds{2}), 4, out);
  ASSERT_EQ(out.count(Code::TradeIdGap), 3);
  EXPECT_EQ(out.list()[0].value, "12..14");
  EXPECT_EQ(out.list()[0].line, 4);
}

TEST(TradeDetector, KnowsTheTickOfTheDate) {
  const std::vector<Dated<Price>> ticks{{.from = {}, .value = price(0.01)},
                                        {.from = kStart + hours{12}, .value = price(0.1)}};
  TradeDetector detector{kPeriod, ticks};
  Findings out;
  Trade row = trade(1, hours{1});
  row.price = price(100.05);
  detector.on(row, 2, out);
  EXPECT_EQ(out.count(Code::OffTick), 0);
  row = trade(2, hours{13});
  row.price = price(100.05);
  detector.on(row, 3, out);
  EXPECT_EQ(out.count(Code::OffTick), 1);
}

TEST(BarDetector, FindsMissingMinutesInsideAndAtBothEnds) {
  BarDetector detector{kPeriod, {}};
  Findings out;
  detector.on(bar(minutes{2}), 2, out);  // 0 and 1 are missing
  detector.on(bar(minutes{3}), 3, out);
  detector.on(bar(minutes{10}), 4, out);  // 4 … 9
  detector.finish(out);                   // 11 … 1439
  EXPECT_EQ(out.count(Code::KlineMissing), 2 + 6 + 1429);
}

TEST(BarDetector, FindsNothingInAWholeDay) {
  BarDetector detector{kPeriod, {}};
  Findings out;
  for (int i = 0; i < 1440; ++i) detector.on(bar(minutes{i}), i + 2, out);
  detector.finish(out);
  EXPECT_TRUE(out.list().empty());
}

TEST(BarDetector, TellsAFlatZeroBarFromAQuietOne) {
  BarDetector detector{kPeriod, {}};
  Findings out;
  detector.on(bar(minutes{0}, 1.0), 2, out);
  detector.on(bar(minutes{1}, 0.0), 3, out);         // repeats the close, no volume
  detector.on(bar(minutes{2}, 0.001), 4, out);       // flat, but traded
  detector.on(bar(minutes{3}, 0.0, 101.0), 5, out);  // no volume, another price
  EXPECT_EQ(out.count(Code::KlineFlatZero), 1);
  EXPECT_EQ(out.list()[0].line, 3);
}

TEST(MetricsDetector, FindsZeroOpenInterestBlanksAndHoles) {
  MetricsDetector detector{kPeriod, false};
  Findings out;
  for (int i = 1; i <= 288; ++i) {
    if (i >= 100 && i < 104) continue;
    const Metrics row{.ts_event = kStart + minutes{5 * i},
                      .open_interest = i == 7 ? 0.0 : 5.0,
                      .open_interest_value = 1.0,
                      .toptrader_count_ls = 1.0,
                      .toptrader_sum_ls = 1.0,
                      .count_ls = i == 9 ? std::nullopt : std::optional{1.0},
                      .taker_ls = 1.0};
    detector.on(row, i + 1, out);
  }
  detector.finish(out);
  EXPECT_EQ(out.count(Code::OiZero), 1);
  EXPECT_EQ(out.count(Code::MetricsBlank), 1);
  EXPECT_EQ(out.count(Code::MetricsMissing), 4);
  EXPECT_EQ(out.count(Code::MetricsShiftedLabel), 0);
}

TEST(FundingDetector, CountsMissingSettlementsByTheIntervalOfTheRow) {
  const TimeRange month{.from = kStart, .to = kStart + hours{48}};
  FundingDetector detector{month};
  Findings out;
  for (const int hour : {0, 8, 24, 32}) {
    detector.on(
        {.ts_event = kStart + hours{hour} + std::chrono::milliseconds{7}, .interval_hours = 8},
        2 + hour, out);
  }
  detector.finish(out);
  EXPECT_EQ(out.count(Code::FundingMissing), 2);  // 16 and 40
}

}  // namespace
}  // namespace toxvol::quality
