#include "toxvol/jobs/nautilus_session.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ios>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/catalog/raw_folder.hpp"
#include "tests/engine/parity/stand_in.hpp"
#include "tests/engine/support.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/parity/hosted_run.hpp"
#include "toxvol/jobs/backtest.hpp"
#include "toxvol/run/diff.hpp"
#include "toxvol/run/verify.hpp"

namespace toxvol::jobs {
namespace {

namespace fs = std::filesystem;
using catalog::kJan15;
using engine::test::StandIn;
using Rows = engine::test::Market;

constexpr Inputs kEverything{
    .trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};

Timestamp at(std::int64_t ms) {
  return from_ms(kJan15 + ms);
}

/// Seven minutes of all five kinds. A run trades in [00:02, 00:05) and warms up from 00:01.
void put_market(const catalog::TestFolder& folder) {
  std::string quotes{catalog::kQuoteHeader};
  std::string trades{catalog::kTradeHeader};
  std::string klines{catalog::kKlineHeader};
  std::int64_t bid = 420'000;  // tenths
  const auto text = [](std::int64_t tenths) {
    return fmt::format("{}.{}", tenths / 10, tenths % 10);
  };
  for (std::int64_t minute = 0; minute < 7; ++minute) {
    for (std::int64_t second = 0; second < 58; second += 3) {
      const std::int64_t ms = kJan15 + minute * 60'000 + second * 1'000;
      bid += (minute + second) % 5 - 2;
      quotes += catalog::quote_line(ms, ms, text(bid), text(bid + 1));
      if (second % 2 == 0) trades += catalog::trade_line(ms, ms + 400, text(bid));
    }
    klines += catalog::kline_line(kJan15 + minute * 60'000);
  }
  folder.put("BTCUSDT-bookTicker-2024-01-15.csv", quotes);
  folder.put("BTCUSDT-aggTrades-2024-01-15.csv", trades);
  folder.put("BTCUSDT-1m-2024-01-15.csv", klines);
  folder.put("BTCUSDT-metrics-2024-01-15.csv",
             "create_time,symbol,sum_open_interest,sum_open_interest_value,"
             "count_toptrader_long_short_ratio,sum_toptrader_long_short_ratio,"
             "count_long_short_ratio,sum_taker_long_short_vol_ratio\n"
             "2024-01-15 00:00:00,BTCUSDT,1,2,0.8,1.3,0.7,2.5\n"
             "2024-01-15 00:03:00,BTCUSDT,1,2,0.8,1.3,0.7,2.5\n"
             "2024-01-15 00:06:00,BTCUSDT,1,2,0.8,1.3,0.7,2.5\n");
  folder.put("BTCUSDT-fundingRate-2024-01.csv",
             "calc_time,funding_interval_hours,last_funding_rate\n" +
                 fmt::format("{},8,0.0001\n{},8,0.0003\n{},8,0.0002\n", kJan15 + 3,
                             kJan15 + 210'000, kJan15 + 390'000));
}

/// Positions, a flip, resting orders, cancels in time and too late, one of which acts between the
/// last tick and the bar; and what comes when the run is over.
std::string write_script(const catalog::TestFolder& folder) {
  std::string text = "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\n";
  const auto submit = [&](int id, std::int64_t ms, const char* rest) {
    text += fmt::format("{},{},submit,{}\n", id, to_ns(at(ms)), rest);
  };
  const auto cancel = [&](int id, std::int64_t ms) {
    text += fmt::format("{},{},cancel,,,,,,,\n", id, to_ns(at(ms)));
  };
  submit(1, 120'000, "buy,market,gtc,,0.5,0,0");
  submit(2, 121'000, "buy,limit,gtc,41990.0,0.2,1,0");
  cancel(2, 150'000);
  submit(11, 151'000, "buy,limit,gtc,41999.8,0.1,0,0");
  submit(12, 151'000, "sell,limit,gtc,42000.1,0.1,0,0");
  submit(3, 160'000, "sell,limit,gtc,42000.0,0.1,0,0");
  cancel(3, 160'000);
  submit(4, 177'990, "sell,market,gtc,,1.3,0,0");
  cancel(4, 177'990);
  submit(5, 200'000, "sell,limit,ioc,50000.0,0.1,0,0");
  cancel(5, 200'000);
  submit(6, 220'000, "buy,market,gtc,,3,0,1");
  cancel(6, 220'000);
  submit(7, 240'000, "buy,market,gtc,,0.4,0,0");
  submit(8, 296'990, "buy,market,gtc,,0.4,0,0");
  cancel(8, 296'990);
  submit(9, 300'000, "buy,market,gtc,,0.4,0,0");
  submit(10, 360'000, "buy,market,gtc,,0.4,0,0");
  const fs::path path = folder.path() / "orders.csv";
  std::ofstream{path, std::ios::binary} << text;
  return path.string();
}

template <class Record>
std::vector<Record> all(BlockStream<Record>* stream) {
  std::vector<Record> rows;
  while (stream != nullptr) {
    const auto block = stream->next();
    if (block.empty()) break;
    rows.insert(rows.end(), block.begin(), block.end());
  }
  return rows;
}

/// One run of the script; the market is whole unless a test takes something out of `rows`.
struct Play {
  catalog::TestFolder folder;
  NautilusRequest request;
  Rows rows;

  explicit Play(const std::string& release = "1.221.0") {
    put_market(folder);
    request.release = release;
    request.market = {.catalog = "",
                      .raw = {folder.raw().string()},
                      .from = "2024-01-15T00:02:00Z",
                      .to = "2024-01-15T00:05:00Z"};
    request.config = config::preset("A");
    request.config.warmup = kMinute;
    config::set(request.config, release == "1.231.0" ? "exchange.profile=nautilus_1_231"
                                                     : "exchange.profile=nautilus_1_221");
    request.orders = write_script(folder);
    request.out = out("nautilus").string();
    auto opened = catalog::open_raw({folder.raw()}, "BTCUSDT", at(0), at(420'000), kEverything,
                                    folder.path());
    rows.quotes = all(opened.data.quotes.get());
    rows.trades = all(opened.data.trades.get());
    rows.bars = all(opened.data.bars.get());
    rows.metrics = all(opened.data.metrics.get());
    rows.funding = all(opened.data.funding.get());
  }

  [[nodiscard]] fs::path out(const std::string& name) const {
    return folder.path() / "runs" / name;
  }
  [[nodiscard]] std::unique_ptr<NautilusSession> open() const {
    Progress silent;
    return open_nautilus_session(request, silent);
  }
  /// What the session gives at the end.
  std::string run() const {
    const auto session = open();
    play(*session);
    return session->finish(at(420'000));
  }
  void play(NautilusSession& session) const {
    const auto& market = session.market();
    StandIn<engine::HostedRun> nautilus{
        config::engine_params(session.config(), market.inputs, market.from, market.to),
        market.instrument, session.run()};
    nautilus.run(rows, session.alarms());
  }
  /// The run of the native engine, of which a session's has to be a copy.
  [[nodiscard]] fs::path native() const {
    Progress silent;
    return run_backtest({.market = request.market,
                         .config = request.config,
                         .out = out("native"),
                         .force = false,
                         .orders = request.orders,
                         .argv = {}},
                        silent)
        .run.folder;
  }
  /// What is in `runs`.
  [[nodiscard]] std::vector<std::string> left() const {
    std::vector<std::string> names;
    if (!fs::exists(folder.path() / "runs")) return names;
    for (const auto& entry : fs::directory_iterator{folder.path() / "runs"}) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
};

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

nlohmann::json json_of(const fs::path& path) {
  return nlohmann::json::parse(catalog::text_of(path));
}

/// Every table is the same, run.json but for the engine.
void expect_copy(const fs::path& native, const fs::path& session,
                 const std::string& release = "1.221.0") {
  for (const std::string& line : run::diff(native, session)) {
    EXPECT_EQ(line.substr(0, line.find(' ')), "run.json:") << line;
  }
  nlohmann::json a = json_of(native / "run.json");
  nlohmann::json b = json_of(session / "run.json");
  EXPECT_EQ(a["engine"], "native");
  EXPECT_EQ(b["engine"], "nautilus");
  EXPECT_EQ(b["engine_version"], release);
  for (const char* key : {"engine", "engine_version", "fingerprint"}) {
    a.erase(key);
    b.erase(key);
  }
  EXPECT_EQ(a.dump(1), b.dump(1));
}

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
  Play play{"1.231.0"};
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
  Play play;
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
  Play play;
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

// ---- where NautilusTrader alone has the data ----

struct Unnamed : Play {
  Unnamed() {
    request.market = {};
    request.starts = at(120'000) + Duration{300'000};
    request.inputs = kEverything;
  }
};

TEST(NautilusSessionWithoutData, StartsWithTheFirstDatumAndEndsWithTheMinuteOfTheLast) {
  Unnamed play;
  const auto session = play.open();
  EXPECT_EQ(session->market().from, at(120'000));
  play.play(*session);
  const fs::path folder = session->finish(at(420'000) + Duration{800'000});
  EXPECT_EQ(run::verify(folder), std::vector<std::string>{});
  const auto run = json_of(folder / "run.json");
  EXPECT_EQ(run["from"], "2024-01-15T00:02:00Z");
  EXPECT_EQ(run["to"], "2024-01-15T00:08:00Z");
  EXPECT_EQ(run["inputs"], nlohmann::json::array());
}

TEST(NautilusSessionWithoutData, LastsAMinuteAtLeastAndAWholeNumberOfThem) {
  for (const auto& [now, to] : {std::pair{at(120'000), "2024-01-15T00:03:00Z"},
                                std::pair{at(180'000), "2024-01-15T00:03:00Z"},
                                std::pair{at(180'000) + Duration{1}, "2024-01-15T00:04:00Z"}}) {
    Unnamed play;
    const fs::path folder = play.open()->finish(now);
    EXPECT_EQ(json_of(folder / "run.json")["to"], to);
    EXPECT_EQ(run::verify(folder), std::vector<std::string>{});
  }
}

TEST(NautilusSessionWithoutData, KeepsToTheWindowThatIsGiven) {
  Unnamed play;
  play.request.market.from = "2024-01-15T00:02:00Z";
  play.request.market.to = "2024-01-15T00:05:00Z";
  const fs::path folder = play.run();
  EXPECT_EQ(json_of(folder / "run.json")["to"], "2024-01-15T00:05:00Z");
  Play named;
  const fs::path native = named.native();
  for (const std::string& line : run::diff(native, folder)) {
    EXPECT_EQ(line.find("fills"), std::string::npos) << line;
  }
}

TEST(NautilusSessionWithoutData, NeedsAContractThatIsKnown) {
  Unnamed play;
  config::set(play.request.config, "run.symbol=NOSUCHUSDT");
  EXPECT_EQ(error_of([&] { static_cast<void>(play.open()); }),
            "NOSUCHUSDT: no table of this contract; name the catalog that holds it");
}

}  // namespace
}  // namespace toxvol::jobs
