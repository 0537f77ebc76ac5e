#include "toxvol/jobs/nautilus_session.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/jobs/nautilus_play.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/parity/hosted_run.hpp"
#include "toxvol/run/diff.hpp"
#include "toxvol/run/verify.hpp"

namespace toxvol::jobs {
namespace {

namespace fs = std::filesystem;
using test::at;
using test::error_of;
using test::expect_copy;
using test::json_of;
using test::Play;
using test::Rows;

// ---- the run folder ----

TEST(NautilusSession, LeavesTheRunFolderOfTheNativeRun) {
  for (const char* latency : {"0ms", "20ms"}) {
    for (const char* trade_execution : {"false", "true"}) {
      Play play;
      config::set(play.request.config, fmt::format("exchange.order_latency={}", latency));
      config::set(play.request.config, fmt::format("exchange.trade_execution={}", trade_execution));
      const fs::path folder = play.run();
      EXPECT_EQ(folder, play.out("nautilus"));
      EXPECT_EQ(run::verify(folder), std::vector<std::string>{});
      const fs::path native = play.native();
      expect_copy(native, folder);
      EXPECT_GE(json_of(folder / "run.json")["rows"]["fills"], 5);
      EXPECT_GT(json_of(folder / "summary.json")["maker_share"], 0.0);
    }
  }
}

TEST(NautilusSession, FollowsTheReleaseOfNautilusTrader) {
  const Play play{"1.231.0"};
  const fs::path folder = play.run();
  EXPECT_EQ(run::verify(folder), std::vector<std::string>{});
  expect_copy(play.native(), folder, "1.231.0");
  EXPECT_EQ(json_of(folder / "run.json")["profile"], "nautilus_1_231");
  Play other{"1.230.0"};
  EXPECT_EQ(error_of([&] { static_cast<void>(other.open()); }),
            "NautilusTrader 1.230.0: its fills were not verified; use one of 1.221.0, 1.231.0");
}

TEST(NautilusSession, LeavesItAlsoWithLessData) {
  for (const bool trades : {true, false}) {
    Play play;
    play.request.config.inputs =
        Inputs{.trades = trades, .bars = true, .metrics = true, .funding = true};
    play.rows.quotes.clear();
    if (!trades) play.rows.trades.clear();
    const fs::path folder = play.run();
    EXPECT_EQ(run::verify(folder), std::vector<std::string>{});
    expect_copy(play.native(), folder);
    EXPECT_GE(json_of(folder / "run.json")["rows"]["fills"], 5);
  }
}

TEST(NautilusSession, RunsTheStrategyToo) {
  Play play;
  play.request.orders.clear();
  const fs::path folder = play.run();
  EXPECT_EQ(run::verify(folder), std::vector<std::string>{});
  expect_copy(play.native(), folder);
  EXPECT_GE(json_of(folder / "run.json")["rows"]["decisions"], 3);
}

// G9: a catalog does not give them, nothing is decided on them, and they are not expected.
TEST(NautilusSession, FoldsNoQuoteThatIngestWouldQuarantine) {
  Play play;
  play.request.orders.clear();
  std::vector<Quote> quotes;
  for (const Quote& quote : play.rows.quotes) {
    quotes.push_back(quote);
    for (int defect = 0; defect < 4; ++defect) {
      Quote bad = quote;
      bad.ts_event += (defect + 1) * kMillisecond;
      bad.ts_init += (defect + 1) * kMillisecond;
      if (defect == 0) bad.bid_qty = bad.ask_qty = Qty{};
      if (defect == 1) bad.ask_qty = Qty{};
      if (defect == 2) bad.ask = bad.bid;
      if (defect == 3) bad.bid_qty = Qty{};
      quotes.push_back(bad);
    }
  }
  play.rows.quotes = std::move(quotes);
  const fs::path folder = play.run();
  EXPECT_EQ(run::verify(folder), std::vector<std::string>{});
  expect_copy(play.native(), folder);
  EXPECT_GE(json_of(folder / "run.json")["rows"]["decisions"], 3);
}

TEST(NautilusSession, IsOfTheParityProfileWhateverTheConfigurationSays) {
  Play play;
  config::set(play.request.config, "exchange.profile=realistic");
  const fs::path folder = play.run();
  EXPECT_EQ(json_of(folder / "run.json")["profile"], "nautilus_1_221");
}

TEST(NautilusSession, LeavesNoFolderWithoutOut) {
  Play play;
  play.request.out.clear();
  EXPECT_EQ(play.run(), "");
  EXPECT_EQ(play.left(), std::vector<std::string>{});
}

TEST(NautilusSession, LeavesNothingWhenItIsDestroyedUnfinished) {
  const Play play;
  {
    const auto session = play.open();
    play.play(*session);
    EXPECT_EQ(play.left().size(), 1U);  // hidden, partial
  }
  EXPECT_EQ(play.left(), std::vector<std::string>{});
}

TEST(NautilusSession, ReplacesARunOnlyWithForce) {
  Play play;
  static_cast<void>(play.run());
  EXPECT_NE(error_of([&] { static_cast<void>(play.open()); }).find("--force"), std::string::npos);
  play.request.force = true;
  EXPECT_EQ(play.run(), play.out("nautilus"));
  EXPECT_EQ(play.left(), std::vector<std::string>{"nautilus"});
}

// ---- rows ----

/// Only the rows of a run, or of one that ends earlier.
void cut(Rows& all, Timestamp begin, Timestamp end) {
  const auto cut_kind = [&](auto& rows, Duration length = {}) {
    std::erase_if(rows, [&](const auto& row) {
      return row.ts_event - length < begin || row.ts_event - length >= end;
    });
  };
  cut_kind(all.quotes);
  cut_kind(all.trades);
  cut_kind(all.bars, kMinute);
  cut_kind(all.metrics);
  cut_kind(all.funding);
}

TEST(NautilusSession, IgnoresWhatLiesOutsideTheRun) {
  const Play play;
  const fs::path native = play.native();
  Play inside;
  cut(inside.rows, at(60'000), at(300'000));
  EXPECT_LT(inside.rows.quotes.size(), play.rows.quotes.size());
  EXPECT_EQ(inside.rows.bars.size(), 4U);
  EXPECT_EQ(inside.rows.metrics.size(), 1U);
  EXPECT_EQ(inside.rows.funding.size(), 1U);
  expect_copy(native, play.run());
  expect_copy(native, inside.run());
}

/// The error of a run that lacks the row of each kind at `ms` of the window's middle.
template <class Record>
std::string without_one(std::vector<Record> Rows::* kind) {
  Play play;
  auto& rows = play.rows.*kind;
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [](const Record& row) { return row.ts_event >= at(170'000); });
  rows.erase(found);
  const std::string text = error_of([&] { static_cast<void>(play.run()); });
  EXPECT_EQ(play.left(), std::vector<std::string>{});
  return text.substr(0, text.find(" in the window"));
}

TEST(NautilusSession, SaysWhichRowsNautilusTraderDidNotGive) {
  EXPECT_EQ(without_one(&Rows::quotes), "NautilusTrader gave 79 of 80 rows of bookTicker");
  EXPECT_EQ(without_one(&Rows::trades), "NautilusTrader gave 39 of 40 rows of aggTrades");
  EXPECT_EQ(without_one(&Rows::bars), "NautilusTrader gave 3 of 4 rows of klines");
  EXPECT_EQ(without_one(&Rows::metrics), "NautilusTrader gave 0 of 1 rows of metrics");
  EXPECT_EQ(without_one(&Rows::funding), "NautilusTrader gave 0 of 1 rows of fundingRate");
}

TEST(NautilusSession, DoesNotAskForQuotesThatItsInputsLeaveOut) {
  Play play;
  play.request.config.inputs =
      Inputs{.trades = true, .bars = true, .metrics = true, .funding = true};
  play.rows.quotes.clear();
  EXPECT_NO_THROW(static_cast<void>(play.run()));
}

TEST(NautilusSession, SuppliesTheClosingBarThatComesAfterTheEnd) {
  Play play;
  cut(play.rows, at(60'000), at(300'000));
  EXPECT_EQ(play.rows.bars.back().ts_event, at(300'000));
  play.rows.bars.pop_back();
  expect_copy(play.native(), play.run());
}

TEST(NautilusSession, SuppliesNoOtherBar) {
  Play play;
  cut(play.rows, at(60'000), at(300'000));
  std::erase_if(play.rows.bars, [](const Bar& bar) { return bar.ts_event >= at(240'000); });
  EXPECT_NE(error_of([&] { static_cast<void>(play.run()); }).find("3 of 4 rows of klines"),
            std::string::npos);
}

TEST(NautilusSession, RefusesRowsThatAreOutOfOrder) {
  const Play play;
  const auto session = play.open();
  const Quote first = play.rows.quotes[42];
  const Quote second = play.rows.quotes[43];
  ASSERT_GT(first.ts_event, at(120'000));
  session->run().on(second);
  const std::string text = error_of([&] { session->run().on(first); });
  EXPECT_EQ(text, "bookTicker at " + to_string(first.ts_init) +
                      ": earlier than what came before it; sort the data by ts_init");
  // Of another kind: its own stamps ascend, its time does not.
  const auto trade = std::find_if(play.rows.trades.begin(), play.rows.trades.end(),
                                  [&](const Trade& row) { return row.ts_init > first.ts_init; });
  ASSERT_LT(trade->ts_init, second.ts_init);
  EXPECT_NE(error_of([&] { session->run().on(*trade); }).find("aggTrades"), std::string::npos);
  // A later time does not make up for an earlier stamp.
  Quote late = first;
  late.ts_init = second.ts_init + Duration{1};
  EXPECT_NE(error_of([&] { session->run().on(late); }).find("bookTicker"), std::string::npos);
  EXPECT_NO_THROW(session->run().on(play.rows.quotes[44]));
}

TEST(NautilusSession, AsksForAnAlarmAtEachTimeOfTheScript) {
  const Play play;
  const auto session = play.open();
  const std::vector<Timestamp> want = {at(120'000), at(121'000), at(150'000), at(151'000),
                                       at(160'000), at(177'990), at(200'000), at(220'000),
                                       at(240'000), at(296'990), at(300'000), at(360'000)};
  EXPECT_EQ(session->alarms(), want);
}

TEST(NautilusSession, RefusesAnAlarmThatComesTooLate) {
  const Play play;
  const auto session = play.open();
  session->run().on(play.rows.quotes[42]);  // 00:02:06
  EXPECT_NE(error_of([&] { session->run().alarm(at(121'000)); }).find("overlooked"),
            std::string::npos);
}

TEST(NautilusSession, MarksWithTheBooksMidWhereBarsAreAllThereIs) {
  // The book may stay behind the close: NautilusTrader's venue skips a price that is the last.
  std::vector<fs::path> folders;
  Play first;
  Play second;
  for (Play* play : {&first, &second}) {
    play->request.config.inputs = Inputs{.bars = true};
    const auto session = play->open();
    for (const Bar& bar : play->rows.bars) {
      const std::int64_t close = 2 * bar.close.raw();
      session->run().on(bar, play == &first ? std::optional{close} : close - Price::kOne);
    }
    folders.emplace_back(session->finish(at(420'000)));
  }
  const auto lines = run::diff(folders[0], folders[1]);
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const std::string& line) { return line.starts_with("equity"); }),
            1);
}

}  // namespace
}  // namespace toxvol::jobs
