#include "toxvol/run/terminal_summary.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/run/sample_run.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/run/summary.hpp"

namespace {

toxvol::run::Summary sample_summary() {
  const auto run = toxvol::run::test::sample_run();
  toxvol::run::SummaryBuilder builder;
  for (const auto& row : run.decisions) builder.add(row);
  for (const auto& row : run.fills) builder.add(row);
  for (const auto& row : run.equity) builder.add(row);
  for (const auto& row : run.orders) builder.add(row);
  for (const auto& row : run.positions) builder.add(row);
  return builder.finish({}, run.info.kinds);
}

TEST(Text, FunnelShowsWhatPassedEachStep) {
  EXPECT_EQ(toxvol::run::funnel_lines(sample_summary()),
            (std::vector<std::string>{
                "minutes                5", "warm                   4   80.000 %",
                "regime_known           4   80.000 %", "compressed             3   60.000 %",
                "pressure               3   60.000 %", "not_toxic              2   40.000 %",
                "sized                  1   20.000 %", "submitted              1   20.000 %",
                "filled                 1   20.000 %",
                "reasons  warmup 1  in_position 1  not_compressed 1  toxic 1  enter_long 1"}));
}

TEST(Text, SummaryFitsOneScreenAndSaysTheMoney) {
  auto info = toxvol::run::test::sample_run().info;
  info.synthetic = true;
  const auto lines = toxvol::run::summary_lines(info, sample_summary());
  EXPECT_LE(lines.size(), 24U);
  std::string text;
  for (const std::string& line : lines) {
    EXPECT_LE(line.size(), 120U) << line;
    text += line + "\n";
  }
  for (const char* part :
       {"BTCUSDT  [2023-12-31T23:59:00Z, 2024-01-01T00:04:00Z)", "SYNTHETIC DATA",
        ("net        33.85 = gross 100.00 - slippage 0.10 - fees 60.05 + funding "
         "-6.00"),
        "break-even 7.818 bp a side", "exposure 40.0 %",
        "Sharpe     not told, 0.0 days are too few"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(Text, ARatioOfAYearIsToldFromThirtyDaysOn) {
  auto info = toxvol::run::test::sample_run().info;
  const auto text_of = [&info](const toxvol::run::Summary& summary) {
    std::string text;
    for (const std::string& line : toxvol::run::summary_lines(info, summary)) text += line + "\n";
    return text;
  };
  auto summary = sample_summary();
  summary.sharpe_annual = 1.5;
  info.to = info.from + std::chrono::days{30} - std::chrono::seconds{1};
  EXPECT_EQ(text_of(summary).find("1.50 a year"), std::string::npos);
  info.to = info.from + std::chrono::days{30};
  EXPECT_NE(text_of(summary).find("Sharpe     1.50 a year"), std::string::npos);
}

TEST(Text, WhatIsOpenAtTheEndIsToldBesideNet) {
  const auto line_of = [](const toxvol::run::Summary& summary, const std::string& label) {
    for (const std::string& line :
         toxvol::run::summary_lines(toxvol::run::test::sample_run().info, summary)) {
      if (line.starts_with(label)) return line;
    }
    return std::string{};
  };
  auto summary = sample_summary();
  summary.end_equity = summary.start_equity + summary.net;
  EXPECT_EQ(line_of(summary, "beside"), "");
  summary.end_equity += toxvol::Money::from_raw(25'000'000'000);
  EXPECT_EQ(line_of(summary, "beside"),
            "beside     250.00 in equity and not in net: paid by the insurance fund");
  toxvol::run::PositionGroup open;
  open.positions = 1;
  summary.by_exit = {{"open", open}};
  EXPECT_EQ(line_of(summary, "beside"),
            "beside     250.00 in equity and not in net: what is open at the end, at the last mid");
}

TEST(Text, FewPositionsAreSaidToBeFew) {
  const auto says_few = [](std::int64_t positions) {
    auto summary = sample_summary();
    summary.positions = positions;
    for (const std::string& line :
         toxvol::run::summary_lines(toxvol::run::test::sample_run().info, summary)) {
      if (line.starts_with("few  ")) return line;
    }
    return std::string{};
  };
  EXPECT_EQ(says_few(0), "");
  EXPECT_EQ(says_few(29),
            "few        29 closed positions cannot tell an edge from luck (below 30): believe "
            "neither sign nor size");
  EXPECT_EQ(says_few(1).substr(0, 30), "few        1 closed position c");
  EXPECT_EQ(says_few(30), "");
}

TEST(Text, KlinesInThePlaceOfTradesAreTold) {
  auto summary = sample_summary();
  summary.degraded_minutes.absent = {{"klines", 5}};
  summary.degraded_minutes.overdue = {};
  std::string text;
  for (const auto& line : toxvol::run::summary_lines(toxvol::run::test::sample_run().info, summary))
    text += line + "\n";
  EXPECT_NE(text.find("absent     5 minutes  no_trades (flow from klines): no input"),
            std::string::npos)
      << text;
}

TEST(Text, ANegativeBreakEvenFeeIsASentence) {
  auto summary = sample_summary();
  summary.break_even_fee_bp = -0.003;
  const auto lines = toxvol::run::summary_lines(toxvol::run::test::sample_run().info, summary);
  EXPECT_EQ(lines[3].substr(0, 46), "break-even none, a loss without any fee too  t");
}

TEST(Text, AnOrderScriptHasNoFunnelAndSaysSo) {
  auto info = toxvol::run::test::sample_run().info;
  info.strategy = "script";
  const auto lines = toxvol::run::summary_lines(info, sample_summary());
  EXPECT_EQ(lines.back(), "script     the orders are an order script's; the strategy sent none");
  for (const std::string& line : lines) EXPECT_FALSE(line.starts_with("not_toxic")) << line;
}

TEST(Text, WhatIsUndefinedIsADash) {
  const auto lines = toxvol::run::summary_lines({}, toxvol::run::Summary{});
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  EXPECT_NE(text.find("hit rate -"), std::string::npos);
  EXPECT_EQ(text.find("nan"), std::string::npos);
}

}  // namespace
