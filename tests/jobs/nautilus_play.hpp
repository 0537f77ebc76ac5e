#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ios>
#include <memory>
#include <string>
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
#include "toxvol/jobs/nautilus_session.hpp"
#include "toxvol/run/diff.hpp"
#include "toxvol/run/verify.hpp"

/// A market of seven minutes and a script, played to a session as NautilusTrader would.
namespace toxvol::jobs::test {

using Rows = engine::test::Market;

constexpr Inputs kEverything{
    .trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};

inline Timestamp at(std::int64_t ms) {
  return from_ms(catalog::kJan15 + ms);
}

/// Seven minutes of all five kinds. A run trades in [00:02, 00:05) and warms up from 00:01.
inline void put_market(const catalog::TestFolder& folder) {
  std::string quotes{catalog::kQuoteHeader};
  std::string trades{catalog::kTradeHeader};
  std::string klines{catalog::kKlineHeader};
  std::int64_t bid = 420'000;  // tenths
  const auto text = [](std::int64_t tenths) {
    return fmt::format("{}.{}", tenths / 10, tenths % 10);
  };
  for (std::int64_t minute = 0; minute < 7; ++minute) {
    for (std::int64_t second = 0; second < 58; second += 3) {
      const std::int64_t ms = catalog::kJan15 + minute * 60'000 + second * 1'000;
      bid += (minute + second) % 5 - 2;
      quotes += catalog::quote_line(ms, ms, text(bid), text(bid + 1));
      if (second % 2 == 0) trades += catalog::trade_line(ms, ms + 400, text(bid));
    }
    klines += catalog::kline_line(catalog::kJan15 + minute * 60'000);
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
                 fmt::format("{},8,0.0001\n{},8,0.0003\n{},8,0.0002\n", catalog::kJan15 + 3,
                             catalog::kJan15 + 210'000, catalog::kJan15 + 390'000));
}

/// Positions, a flip, resting orders, cancels in time and too late, one of which acts between the
/// last tick and the bar; and what comes when the run is over.
inline std::string write_script(const catalog::TestFolder& folder) {
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
  const std::filesystem::path path = folder.path() / "orders.csv";
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

  [[nodiscard]] std::filesystem::path out(const std::string& name) const {
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
    engine::test::StandIn<engine::HostedRun> nautilus{
        config::engine_params(session.config(), market.inputs, market.from, market.to),
        market.instrument, session.run()};
    nautilus.run(rows, session.alarms());
  }
  /// The run of the native engine, of which a session's has to be a copy.
  [[nodiscard]] std::filesystem::path native() const {
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
    if (!std::filesystem::exists(folder.path() / "runs")) return names;
    for (const auto& entry : std::filesystem::directory_iterator{folder.path() / "runs"}) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
};

inline std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

inline nlohmann::json json_of(const std::filesystem::path& path) {
  return nlohmann::json::parse(catalog::text_of(path));
}

/// Every table is the same, run.json but for the engine.
inline void expect_copy(const std::filesystem::path& native, const std::filesystem::path& session,
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

}  // namespace toxvol::jobs::test
