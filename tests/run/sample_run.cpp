#include "tests/run/sample_run.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fresh_folder.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/run_writer.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using trading::EquityCause;

trading::OrderRecord order(std::int64_t id, Side side, int minute) {
  trading::OrderRecord record;
  record.submit.id = static_cast<trading::OrderId>(id);
  record.submit.side = side;
  record.submit.qty = btc(1);
  record.submit.intent.alpha = trading::Alpha::A;
  record.position = 1;
  record.filled_qty = btc(1);
  record.ts_submit = kStart + minutes{minute} + milliseconds{10};
  record.ts_arrive = kStart + minutes{minute} + milliseconds{31};
  record.ts_accepted = record.ts_arrive;
  record.ts_done = record.ts_arrive;
  record.status = trading::OrderStatus::Filled;
  return record;
}

trading::EquityRecord sample(std::int64_t seq, Duration after, EquityCause cause,
                             std::optional<double> mark, int position, std::int64_t unrealised_e5,
                             std::int64_t fees_e5, std::int64_t funding_e5) {
  trading::EquityRecord row;
  row.seq = seq;
  row.ts = kStart + after;
  row.cause = cause;
  row.mark = mark;
  row.position = btc(position);
  row.unrealised = money_e5(unrealised_e5);
  row.fees = money_e5(fees_e5);
  row.funding = money_e5(funding_e5);
  row.realised = fees_e5 > 5'000'000 ? money_e5(9'990'000) : Money{};
  row.equity = money_e5(10'000'000'000) + row.realised - row.fees + row.funding + row.unrealised;
  row.margin = position != 0 ? money_e5(600'001'000) : Money{};
  return row;
}

}  // namespace

strategy::DecisionRow decision(int minute) {
  strategy::DecisionRow row;
  row.factors.ts = kStart + minutes{minute};
  row.factors.ts_init = row.factors.ts + std::chrono::microseconds{800};
  row.factors.close = price_e2(6'000'010);
  row.factors.bid = price_e2(6'000'000);
  row.factors.ask = price_e2(6'000'010);
  row.factors.quote_age_s = 0.25;
  row.factors.pressure.p = 1.5;
  row.factors.thresholds.q_p = 1.0;
  row.factors.volatility.f1 = 2.0;
  row.factors.thresholds.q_f1 = 1.0;
  row.factors.volatility.sigma = 0.0006;
  row.factors.crowding.c = 0.1;
  row.factors.gated.toxic = false;
  row.factors.gated.f2 = 1.5;
  row.factors.mode = "full";
  row.factors.decides = true;
  row.decides = true;
  row.reason = trading::Reason::WeakPressure;
  return row;
}

SampleRun sample_run() {
  SampleRun run;
  for (int minute = 0; minute < 5; ++minute) run.decisions.push_back(decision(minute));
  run.decisions[0].reason = trading::Reason::Warmup;
  run.decisions[0].factors.pressure.p.reset();
  run.decisions[1].reason = trading::Reason::EnterLong;
  run.decisions[1].alpha = trading::Alpha::A;
  run.decisions[1].direction = 1;
  run.decisions[2].reason = trading::Reason::InPosition;
  run.decisions[2].alpha = trading::Alpha::A;
  run.decisions[2].direction = 1;
  run.decisions[2].position = btc(1);
  run.decisions[3].reason = trading::Reason::NotCompressed;
  run.decisions[3].factors.volatility.f1 = 0.5;
  run.decisions[3].position = btc(1);
  run.decisions[4].reason = trading::Reason::Toxic;
  run.decisions[4].factors.gated.toxic = true;
  run.decisions[4].factors.mode = "no_metrics";

  run.orders = {order(1, Side::Buy, 1), order(2, Side::Sell, 3)};
  run.orders[0].avg_price = price_e2(6'000'010);
  run.orders[0].bid = price_e2(6'000'000);
  run.orders[0].ask = price_e2(6'000'010);
  run.orders[0].submit.intent.ts_decision = kStart + minutes{1};
  run.orders[0].submit.intent.cap = trading::Cap::None;
  run.orders[0].submit.intent.qty_uncapped = run.orders[0].submit.qty;
  run.orders[1].avg_price = price_e2(6'010'000);
  run.orders[1].bid = price_e2(6'010'000);
  run.orders[1].ask = price_e2(6'010'010);
  run.orders[1].submit.reduce_only = true;
  run.orders[1].submit.intent.role = trading::Role::TakeProfit;
  run.orders[1].submit.intent.trigger_kind = trading::TriggerKind::Bid;
  run.orders[1].submit.intent.trigger_price = price_e2(6'010'000);
  run.orders[1].submit.intent.trigger_ts = run.orders[1].ts_submit;

  for (const trading::OrderRecord& sent : run.orders) {
    trading::CommandRecord command;
    command.seq = static_cast<std::int64_t>(run.commands.size()) + 1;
    command.ts_sent = sent.ts_submit;
    command.ts_arrive = sent.ts_arrive;
    command.order = sent.submit.id;
    command.outcome = trading::CommandOutcome::Accepted;
    run.commands.push_back(command);

    trading::FillRecord fill;
    fill.fill_id = static_cast<std::int64_t>(run.fills.size()) + 1;
    fill.order = sent.submit.id;
    fill.position = 1;
    fill.ts = *sent.ts_arrive;
    fill.ts_init = fill.ts + milliseconds{10};
    fill.side = sent.submit.side;
    fill.price = *sent.avg_price;
    fill.qty = btc(1);
    fill.slippage = money_e5(5'000);
    fill.rule = trading::FillRule::X6;
    run.fills.push_back(fill);
  }
  run.fills[0].fee = money_e5(3'000'005);
  run.fills[0].mid_decision = 60'000.05;
  run.fills[0].mid_fill = 60'000.05;
  run.fills[0].position_after = btc(1);
  run.fills[0].balance_after = money_e5(9'996'999'995);
  run.fills[0].equity_after = money_e5(9'996'994'995);
  run.fills[1].fee = money_e5(3'005'000);
  run.fills[1].mid_decision = 60'100.05;
  run.fills[1].mid_fill = 60'100.05;
  run.fills[1].balance_after = money_e5(10'003'384'995);
  run.fills[1].equity_after = money_e5(10'003'384'995);

  trading::PositionRecord position;
  position.position = 1;
  position.alpha = trading::Alpha::A;
  position.regime_open = Regime::Neutral;
  position.exit_role = trading::Role::TakeProfit;
  position.ts_open = run.fills[0].ts;
  position.ts_close = run.fills[1].ts;
  position.qty_max = btc(1);
  position.avg_entry = run.fills[0].price;
  position.avg_exit = run.fills[1].price;
  position.stop = price_e2(5'990'000);
  position.n_fills = 2;
  position.realised = money_e5(9'990'000);
  position.fees = money_e5(6'005'005);
  position.funding = money_e5(-600'000);
  position.slippage = money_e5(10'000);
  position.mae_bp = -0.1;
  position.sigma_open = 0.0006;
  position.funding_tailwind = false;
  run.positions.push_back(position);

  run.equity = {
      sample(0, minutes{0}, EquityCause::Start, std::nullopt, 0, 0, 0, 0),
      sample(1, minutes{1}, EquityCause::Minute, 60'000.05, 0, 0, 0, 0),
      sample(2, minutes{1} + milliseconds{31}, EquityCause::Fill, 60'000.05, 1, -5'000, 3'000'005,
             0),
      sample(3, minutes{2}, EquityCause::Minute, 60'050.05, 1, 4'995'000, 3'000'005, 0),
      sample(4, minutes{3}, EquityCause::Funding, 60'000.0, 1, -10'000, 3'000'005, -600'000),
      sample(5, minutes{3}, EquityCause::Minute, 60'000.0, 1, -10'000, 3'000'005, -600'000),
      sample(6, minutes{3} + milliseconds{31}, EquityCause::Fill, 60'100.05, 0, 0, 6'005'005,
             -600'000),
      sample(7, minutes{4}, EquityCause::Minute, 60'100.05, 0, 0, 6'005'005, -600'000),
      sample(8, minutes{5}, EquityCause::End, 60'100.05, 0, 0, 6'005'005, -600'000)};
  double peak = 0.0;
  for (trading::EquityRecord& row : run.equity) {
    peak = std::max(peak, row.equity.to_double());
    row.drawdown = std::min(0.0, row.equity.to_double() / peak - 1.0);
  }

  run.info.version = "0.1.0";
  run.info.commit = "abc";
  run.info.symbol = "BTCUSDT";
  run.info.from = kStart - minutes{1};  // rows are named by their end (G2)
  run.info.to = kStart + minutes{4};
  run.info.seed = 1;
  run.info.asked_from = kStart - std::chrono::hours{1};
  run.info.kinds = {.trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};
  run.info.config_json = R"({"run": {"symbol": "BTCUSDT", "seed": 1, "inputs":
      ["aggTrades", "bookTicker", "klines", "metrics", "fundingRate"]}, "z": {"clip": 5.0}})";
  run.info.instrument.symbol = "BTCUSDT";
  run.info.instrument.tick = {{.from = {}, .value = price_e2(1)},
                              {.from = kStart - std::chrono::days{9}, .value = price_e2(10)}};
  run.info.instrument.lot = Qty::from_raw(100'000);
  run.info.instrument.min_qty = Qty::from_raw(100'000);
  run.info.instrument.min_notional = {{.from = {}, .value = money_e5(10'000'000)}};
  run.info.instrument.fees = {
      {.from = {},
       .value = {
           {.tier = "VIP0", .maker = Rate::from_raw(20'000), .taker = Rate::from_raw(50'000)},
           {.tier = "VIP1", .maker = Rate::from_raw(16'000), .taker = Rate::from_raw(40'000)}}}};
  run.info.fee_tier = "VIP0";
  run.info.inputs = {
      {.kind = "klines", .day = "2024-01-01", .rows = 5, .sha256 = std::string(64, 'b')},
      {.kind = "aggTrades", .day = "2024-01-01", .rows = 70, .sha256 = std::string(64, 'a')}};
  run.info.quality = {{"TRADE_ID_GAP", 3}};
  run.timing.started = kStart;
  run.timing.host = "a host";
  return run;
}

void record_all(RunWriter& writer, const SampleRun& run) {
  for (const auto& row : run.decisions) writer.record(row);
  for (const auto& row : run.commands) writer.record(row);
  for (const auto& row : run.fills) writer.record(row);
  for (const auto& row : run.equity) writer.record(row);
  for (const auto& row : run.orders) writer.record(row);
  for (const auto& row : run.positions) writer.record(row);
}

RunResult write(const SampleRun& run, const std::filesystem::path& folder, bool force) {
  RunWriter writer{folder, force};
  record_all(writer, run);
  return writer.commit(run.info, run.timing);
}

TemporaryFolder::TemporaryFolder() : path_{toxvol::test::fresh_folder()} {}

TemporaryFolder::~TemporaryFolder() {
  std::filesystem::remove_all(path_);
}

std::vector<std::string> TemporaryFolder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{path_}) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace toxvol::run::test
