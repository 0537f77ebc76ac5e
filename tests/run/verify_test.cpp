#include "toxvol/run/verify.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ios>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/run/sample_run.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/schema.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace {

namespace fs = std::filesystem;
using toxvol::SignalRow;
using toxvol::run::verify;
using toxvol::run::test::btc;
using toxvol::run::test::money_e5;
using toxvol::run::test::price_e2;
using toxvol::run::test::read_text;
using toxvol::run::test::sample_run;
using toxvol::run::test::SampleRun;
using toxvol::run::test::TemporaryFolder;
using toxvol::trading::Alpha;
using toxvol::trading::Reason;

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

/// What `verify` says of a run whose records are wrong, as if the engine had made them so.
std::string verdict(const std::function<void(SampleRun&)>& change) {
  const TemporaryFolder temporary;
  SampleRun run = sample_run();
  change(run);
  toxvol::run::test::write(run, temporary.path() / "x");
  return joined(verify(temporary.path() / "x"));
}

/// What `verify` says of a sound run after somebody edited its files.
std::string verdict_of_files(const std::function<void(const fs::path&)>& change) {
  const TemporaryFolder temporary;
  toxvol::run::test::write(sample_run(), temporary.path() / "x");
  change(temporary.path() / "x");
  return joined(verify(temporary.path() / "x"));
}

void replace_in(const fs::path& path, const std::string& from, const std::string& to) {
  std::string text = read_text(path);
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  std::ofstream{path, std::ios::binary} << text;
}

bool says(const std::string& verdict, const std::string& what) {
  return verdict.find(what) != std::string::npos;
}

#define TOXVOL_SAYS(verdict, what) \
  EXPECT_PRED2(says, verdict, what)  // NOLINT(cppcoreguidelines-macro-usage): shows both texts

TEST(Verify, FindsNothingInASoundRun) {
  EXPECT_EQ(verdict([](SampleRun&) {}), "");
}

TEST(Verify, FindsNothingInARunWithoutTrades) {
  EXPECT_EQ(verdict([](SampleRun& run) {
              run.orders.clear();
              run.commands.clear();
              run.fills.clear();
              run.positions.clear();
              run.equity = {run.equity[0], run.equity[1], run.equity[8]};
              run.equity[2] = run.equity[1];
              run.equity[2].seq = 2;
              run.equity[2].cause = toxvol::trading::EquityCause::End;
            }),
            "");
}

// 1 BTC long at 60 000.1, 2 sold at 60 100.0: P-1 closes with 99.9, P-2 opens short.
TEST(Verify, FindsNothingInASoundFlip) {
  EXPECT_EQ(verdict([](SampleRun& run) {
              run.orders[1].submit.qty = run.orders[1].filled_qty = btc(2);
              run.orders[1].submit.reduce_only = false;
              run.fills[1].qty = btc(2);
              run.fills[1].position = 2;
              run.fills[1].slippage = money_e5(10'000);
              run.fills[1].position_after = btc(-1);
              run.fills[1].equity_after -= money_e5(5'000);
              run.positions.push_back(run.positions[0]);
              run.positions[0].n_fills = 1;
              run.positions[0].slippage = money_e5(5'000);
              auto& second = run.positions[1];
              second.position = 2;
              second.side = toxvol::Side::Sell;
              second.ts_open = run.fills[1].ts;
              second.ts_close.reset();
              second.n_fills = 1;
              second.realised = second.fees = second.funding = toxvol::Money{};
              second.slippage = run.fills[1].slippage;
              for (std::size_t i = 6; i < run.equity.size(); ++i) {
                run.equity[i].position = btc(-1);
                run.equity[i].unrealised = money_e5(-5'000);
                run.equity[i].equity -= money_e5(5'000);
              }
            }),
            "");
}

TEST(Verify, RefusesAFolderThatIsNoRun) {
  const TemporaryFolder temporary;
  EXPECT_THROW(static_cast<void>(verify(temporary.path())), toxvol::Error);
}

TEST(Verify, CatchesABrokenLedger) {
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[3].equity += money_e5(1); }),
              "seq 3: equity is 100019.94996, should be 100019.94995");
  // Equity and unrealised wrong alike: I1 holds, I2 does not.
  TOXVOL_SAYS(verdict([](SampleRun& run) {
                run.equity[3].equity += money_e5(1);
                run.equity[3].unrealised += money_e5(1);
              }),
              "seq 3: equity is 100019.94996, the fills and the mark make it 100019.94995");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[3].mark = 60'050.1; }),
              "the fills and the mark make it 100019.99995");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[3].fees += money_e5(1); }),
              "seq 3: fees is 30.00006, should be 30.00005");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[3].position = btc(2); }),
              "seq 3: position is 2, should be 1");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[3].funding = money_e5(7); }),
              "seq 3: funding is 0.00007, should be 0");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[3].insurance = money_e5(7); }),
              "seq 3: insurance is 0.00007, should be 0");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[3].realised = money_e5(7); }),
              "seq 3: realised is 0.00007, should be 0");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[4].drawdown = -0.1; }),
              "seq 4: drawdown is -0.1");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[5].seq = 4; }), "do not ascend");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[0].cause = run.equity[1].cause; }),
              "the first cause is not start");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity.pop_back(); }), "the last cause is not end");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[6].cause = run.equity[5].cause; }),
              "1 of 2 fills have no row");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.equity[2].ts += toxvol::kMillisecond; }),
              "seq 2: not at the time of fill 1");
}

TEST(Verify, CatchesFillsThatContradictTheirOrders) {
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.orders[0].filled_qty = btc(2); }),
              "O-1: filled_qty is 2, its fills sum to 1");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.orders[0].avg_price = price_e2(6'000'000); }),
              "O-1: avg_price is 60000, its fills average 60000.1");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.orders[0].submit.qty = toxvol::Qty::from_raw(5); }),
              "O-1: filled_qty 1 is more than qty 0.00000005");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.orders.erase(run.orders.begin()); }),
              "fill 1: no order O-1");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.fills[0].side = toxvol::Side::Sell; }),
              "fill 1: its side is not its order's");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.fills[0].ts -= toxvol::kMillisecond; }),
              "fill 1: it precedes its order's arrival");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.fills[0].slippage = money_e5(1); }),
              "fill 1: slippage is 0.00001, its order's bid and ask make it 0.05");
  TOXVOL_SAYS(verdict([](SampleRun& run) {
                run.orders[0].submit.type = toxvol::trading::OrderType::Limit;
                run.orders[0].submit.price = price_e2(6'000'000);
              }),
              "fill 1: price 60000.1 is worse than the limit 60000");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.fills[1].fill_id = 7; }), "row 2 has fill_id 7");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.fills[0].position_after = btc(3); }),
              "fill 1: position_after is 3, the equity row says 1");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.fills[0].equity_after = money_e5(3); }),
              "fill 1: equity_after is 0.00003");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.fills[0].balance_after = money_e5(3); }),
              "fill 1: balance_after is 0.00003");
}

TEST(Verify, CatchesOrdersThatContradictThemselves) {
  using toxvol::trading::OrderStatus;
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.orders[0].status = OrderStatus::Rejected; }),
              "O-1: reject_reason must stand if and only if status is rejected");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.orders[0].status = OrderStatus::Rejected; }),
              "O-1: a rejected order has fills");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.orders[0].status = OrderStatus::Open; }),
              "O-1: ts_done must be null if and only if status is open");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.orders[0].ts_submit += toxvol::kMinute; }),
              "O-1: its times do not ascend");
  TOXVOL_SAYS(verdict([](SampleRun& run) { std::swap(run.orders[0], run.orders[1]); }),
              "O-1 is not in the order of ts_submit, number");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.orders.push_back(run.orders[1]); }),
              "O-2 stands twice");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.commands[1].order = run.commands[0].order; }),
              "O-1 submitted twice");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.commands[1].seq = 1; }), "seq 1 does not ascend");
}

TEST(Verify, AllowsARejectionAfterAcceptanceOfAMarketOrderThatWaitedAlone) {
  using toxvol::trading::OrderType;
  const auto rejected_later = [](OrderType type) {
    return verdict([type](SampleRun& run) {
      auto late = run.orders[1];
      late.submit.id = toxvol::trading::OrderId{3};
      late.submit.type = type;
      late.position.reset();
      late.filled_qty = {};
      late.avg_price.reset();
      late.status = toxvol::trading::OrderStatus::Rejected;
      late.reject_reason = toxvol::trading::RejectReason::Margin;
      late.ts_done = *late.ts_done + toxvol::kMillisecond;
      run.orders.push_back(late);
    });
  };
  const std::string complaint = "O-3: a rejected order was never accepted";
  EXPECT_FALSE(says(rejected_later(OrderType::Market), complaint));
  TOXVOL_SAYS(rejected_later(OrderType::Limit), complaint);
}

TEST(Verify, CatchesPositionsThatContradictTheirFills) {
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.positions[0].fees = money_e5(1); }),
              "P-1: fees is 0.00001, its fills sum to 60.05005");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.positions[0].realised = money_e5(1); }),
              "realised sums to 0.00001, the last equity row says 99.9");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.positions[0].funding = money_e5(1); }),
              "funding sums to 0.00001, the last equity row says -6");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.positions[0].n_fills = 3; }),
              "P-1: n_fills is 3, it has 2");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.positions[0].slippage = money_e5(1); }),
              "P-1: slippage is not the 0.1 of its fills");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.positions.clear(); }), "0 rows, the fills name 1");
}

TEST(Verify, CatchesDecisionsThatContradictThemselves) {
  using toxvol::trading::Reason;
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.decisions[1].decides = false; }),
              "decides and reason");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.decisions[1].direction.reset(); }),
              "alpha without direction");
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.decisions[1].reason = Reason::EnterShort; }),
              "reason and direction contradict");
  TOXVOL_SAYS(
      verdict([](SampleRun& run) { run.decisions[4].factors.ts = run.info.to + toxvol::kMinute; }),
      "the minute of 2024-01-01T00:05:00Z opens outside [2023-12-31T23:59:00Z, "
      "2024-01-01T00:04:00Z)");
  TOXVOL_SAYS(verdict([](SampleRun& run) { std::swap(run.decisions[1], run.decisions[2]); }),
              "ts does not ascend");
}

TEST(Verify, CatchesAnEditedSummary) {
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) {
                replace_in(run / "summary.json", "\"net\": \"33.84995\"", "\"net\": \"43.84995\"");
              }),
              "summary.json: net is \"43.84995\", the tables make it \"33.84995\"");
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) {
                replace_in(run / "summary.json", "\"hit_rate\": 1.0", "\"hit_rate\": 0.5");
              }),
              "hit_rate is 0.5");
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) {
                replace_in(run / "summary.json", "\"psr\"", "\"luck\"");
              }),
              "unknown key luck");
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) { fs::remove(run / "summary.json"); }),
              "summary.json");
}

TEST(Verify, CatchesAnEditedRunJson) {
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) {
                replace_in(run / "run.json", "\"clip\": 5.0", "\"clip\": 4.0");
              }),
              "config_sha256 is not the hash of config");
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) {
                replace_in(run / "run.json", "\"rows\": 70", "\"rows\": 71");
              }),
              "fingerprint is not that of");
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) {
                replace_in(run / "run.json", "\"fills\": 2", "\"fills\": 3");
              }),
              "fills.parquet: 2 rows, run.json says 3");
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) { std::ofstream{run / "run.json"} << "{"; }),
              "run.json: not a JSON object");
  for (const char* text : {"{}", R"({"rows": 1, "inputs": [1], "config": null, "from": 3})"}) {
    TOXVOL_SAYS(
        verdict_of_files([&](const fs::path& run) { std::ofstream{run / "run.json"} << text; }),
        "fingerprint is not that of");
  }
}

TEST(Verify, CatchesATableOfAnotherRun) {
  const TemporaryFolder temporary;
  SampleRun other = sample_run();
  other.decisions[2].factors.toxicity.vpin = 0.5;  // no identity depends on it
  toxvol::run::test::write(sample_run(), temporary.path() / "x");
  toxvol::run::test::write(other, temporary.path() / "y");
  fs::copy_file(temporary.path() / "y" / "decisions.parquet",
                temporary.path() / "x" / "decisions.parquet", fs::copy_options::overwrite_existing);
  EXPECT_EQ(joined(verify(temporary.path() / "x")),
            "run.json: fingerprint is not that of the inputs, configuration and tables\n");
}

TEST(Verify, CatchesMissingAndDamagedTables) {
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) { fs::remove(run / "fills.parquet"); }),
              "fills.parquet");
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) {
                fs::resize_file(run / "fills.parquet", fs::file_size(run / "fills.parquet") / 2);
              }),
              "fills.parquet: cannot read");
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) {
                toxvol::columnar::TableWriter{
                    (run / "fills.parquet").string(),
                    {{"fill_id", toxvol::columnar::ColumnType::Int32, false}}}
                    .close();
              }),
              "fills.parquet: its columns are not those");
}

TEST(Verify, CatchesAWrongNet) {
  TOXVOL_SAYS(verdict_of_files([](const fs::path& run) {
                // Rewritten with the right columns and another net.
                const auto schema = toxvol::run::table_schema("positions");
                const auto position = sample_run().positions[0];
                toxvol::columnar::TableWriter writer{(run / "positions.parquet").string(), schema};
                for (const auto& column : schema) {
                  if (column.nullable) {
                    writer.put_null();
                  } else if (column.name == "position_id") {
                    writer.put("P-1");
                  } else if (column.name == "side") {
                    writer.put("long");
                  } else if (column.name == "ts_open") {
                    writer.put(position.ts_open);
                  } else if (column.name == "n_fills") {
                    writer.put(position.n_fills);
                  } else if (column.name == "realised") {
                    writer.put(position.realised);
                  } else if (column.name == "fees") {
                    writer.put(position.fees);
                  } else if (column.name == "funding") {
                    writer.put(position.funding);
                  } else {
                    writer.put(money_e5(1));
                  }
                }
                writer.end_row();
                writer.close();
              }),
              "P-1: net is 0.00001, realised - fees + funding is 33.84995");
}

TEST(Verify, CatchesAProfileThatIsNone) {
  TOXVOL_SAYS(verdict([](SampleRun& run) { run.info.profile = "nautilus_9"; }),
              "run.json: profile is 'nautilus_9', which is none");
  EXPECT_EQ(verdict([](SampleRun& run) { run.info.profile = "nautilus_1_221"; }), "");
}

TEST(Verify, SaysTheFirstFewOfManyAndCountsTheRest) {
  const std::string text = verdict([](SampleRun& run) {
    for (auto& row : run.equity) row.drawdown = -0.5;
  });
  TOXVOL_SAYS(text, "seq 0: drawdown");
  TOXVOL_SAYS(text, "(and 6 more)");
}

/// The sample run as one on a signal that says at minute 2 what alpha A said there. Its decisions
/// are of minutes; see tests/run/sample_run.cpp.
SampleRun signal_run() {
  SampleRun run = sample_run();
  std::vector<SignalRow> rows;
  for (auto& row : run.decisions) {
    row.decides = row.factors.decides = true;
    if (row.reason == Reason::NotBoundary) row.reason = Reason::NoSignal;
    if (row.alpha == Alpha::None) {
      if (row.reason != Reason::Warmup) row.reason = Reason::NoSignal;
      continue;
    }
    row.alpha = Alpha::Signal;
    rows.push_back({.ts_init = row.factors.ts, .direction = *row.direction});
  }
  run.info.strategy = "signal";
  run.info.signal = {.rows = rows,
                     .sha256 = toxvol::run::signal_sha256(rows),
                     .used = std::ssize(rows),
                     .stale = 0,
                     .ignored = 3};
  return run;
}

std::string verdict_of_signal(const std::function<void(SampleRun&)>& before,
                              const std::function<void(const fs::path&)>& after = {}) {
  const TemporaryFolder temporary;
  SampleRun run = signal_run();
  before(run);
  toxvol::run::test::write(run, temporary.path() / "x");
  if (after) after(temporary.path() / "x");
  return joined(verify(temporary.path() / "x"));
}

TEST(Verify, MakesTheDecisionsOfARunOnAUsersSignalAgain) {
  ASSERT_FALSE(signal_run().info.signal->rows.empty());
  EXPECT_EQ(verdict_of_signal([](SampleRun&) {}), "");
  TOXVOL_SAYS(verdict_of_signal([](SampleRun& run) {
                auto& rows = run.info.signal->rows;
                rows[0].direction = -rows[0].direction;
                run.info.signal->sha256 = toxvol::run::signal_sha256(rows);
              }),
              "signal.parquet says");
  TOXVOL_SAYS(verdict_of_signal([](SampleRun& run) {
                run.info.signal->rows.clear();
                run.info.signal->sha256 = toxvol::run::signal_sha256({});
              }),
              "signal.parquet says 0");
  TOXVOL_SAYS(verdict_of_signal([](SampleRun& run) { run.info.signal->used = 7; }),
              "run.json: signal.used is 7, the tables make it");
  TOXVOL_SAYS(verdict_of_signal([](SampleRun& run) { run.info.signal->rows[0].size = 2; }),
              "signal.sha256 is not the hash of signal.parquet's rows");
  TOXVOL_SAYS(verdict_of_signal([](SampleRun&) {},
                                [](const fs::path& run) { fs::remove(run / "signal.parquet"); }),
              "signal.parquet is missing");
}

TEST(Verify, SeesASignalWhereTheRunHadNone) {
  TOXVOL_SAYS(verdict_of_signal([](SampleRun& run) { run.info.signal.reset(); }),
              "names a signal, and the run had none");
}

}  // namespace
