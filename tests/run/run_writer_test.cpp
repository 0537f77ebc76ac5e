#include "toxvol/run/run_writer.hpp"

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/run/sample_run.hpp"
#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/tables.hpp"
#include "toxvol/trading/enums.hpp"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using toxvol::columnar::TableReader;
using toxvol::run::RunWriter;
using toxvol::run::test::read_text;
using toxvol::run::test::sample_run;
using toxvol::run::test::TemporaryFolder;
using toxvol::run::test::write;

std::string schema_text(const fs::path& path) {
  const TableReader reader{path.string()};
  EXPECT_EQ(reader.metadata("toxvol.schema"), "1");
  std::string text;
  for (const auto& column : reader.schema()) text += toxvol::columnar::to_string(column) + " ";
  return text;
}

// The contract, column by column: `name:type`, `?` = nullable.
constexpr const char* kFactors =
    "ts:ts ts_init:ts close:D bid:D? ask:D? quote_age_s:float64? var_parkinson:float64? "
    "var_gk:float64? var_rs:float64? vol_yz:float64? rv:float64? rs_minus:float64? "
    "rs_plus:float64? bipower:float64? gk_short:float64? gk_long:float64? vc:float64? f1:float64? "
    "q_f1:float64? har:float64? har_log:float64? sigma:float64? obi:float64? svi:float64? "
    "ofi:float64? ofi_norm:float64? z_obi:float64? z_svi:float64? z_ofi:float64? p:float64? "
    "q_p:float64? vpin:float64? vpin_bvc:float64? spread_ticks:float64? z_vpin:float64? "
    "z_spread:float64? t:float64? tau_t:float64? t_rank:float64? f2:float64? funding:float64? "
    "fund_z:float64? oi:float64? d_oi:float64? z_d_oi:float64? ls:float64? z_ls:float64? "
    "c:float64? tls:float64? z_tls:float64? f3:int8? toxic:bool? regime:utf8? mode:utf8 ";
constexpr const char* kDecision =
    "decides:bool alpha:utf8? direction:int8? position:D reason:utf8 ";
constexpr const char* kOrders =
    "order_id:utf8 position_id:utf8? role:utf8 alpha:utf8? side:utf8 type:utf8 tif:utf8 "
    "post_only:bool reduce_only:bool price:D? qty:D filled_qty:D avg_price:D? ts_decision:ts "
    "ts_submit:ts ts_arrive:ts? ts_accepted:ts? ts_done:ts? status:utf8 reject_reason:utf8? "
    "replaces:utf8? trigger_kind:utf8? trigger_price:D? trigger_ts:ts? bid:D? ask:D? "
    "queue_ahead:D? cap:utf8? qty_uncapped:D? ";
constexpr const char* kCommands =
    "seq:int64 ts_sent:ts ts_arrive:ts? kind:utf8 order_id:utf8 outcome:utf8 ";
constexpr const char* kFills =
    "fill_id:int64 order_id:utf8 position_id:utf8 ts:ts ts_init:ts side:utf8 liquidity:utf8 "
    "price:D qty:D fee:D mid_decision:float64? mid_fill:float64? slippage:D? position_after:D "
    "balance_after:D equity_after:D rule:utf8? cause:int64? ";
constexpr const char* kPositions =
    "position_id:utf8 alpha:utf8? side:utf8 regime_open:utf8? exit_role:utf8? ts_open:ts "
    "ts_close:ts? qty_max:D avg_entry:D avg_exit:D? stop:D? take_profit:D? n_fills:int32 "
    "realised:D fees:D funding:D slippage:D? net:D mae_bp:float64? mfe_bp:float64? "
    "sigma_open:float64? funding_tailwind:bool? ";
constexpr const char* kEquity =
    "seq:int64 ts:ts cause:utf8 mark:D? position:D realised:D fees:D funding:D unrealised:D "
    "insurance:D equity:D margin:D drawdown:float64 ";

TEST(RunWriter, WritesTheColumnsOfTheContract) {
  const TemporaryFolder temporary;
  write(sample_run(), temporary.path() / "x");
  const fs::path x = temporary.path() / "x";
  EXPECT_EQ(schema_text(x / "decisions.parquet"), std::string{kFactors} + kDecision);
  EXPECT_EQ(schema_text(x / "orders.parquet"), kOrders);
  EXPECT_EQ(schema_text(x / "commands.parquet"), kCommands);
  EXPECT_EQ(schema_text(x / "fills.parquet"), kFills);
  EXPECT_EQ(schema_text(x / "positions.parquet"), kPositions);
  EXPECT_EQ(schema_text(x / "equity.parquet"), kEquity);
}

TEST(RunWriter, LeavesExactlyTheFilesOfARunFolder) {
  const TemporaryFolder temporary;
  const auto result = write(sample_run(), temporary.path() / "x");
  EXPECT_EQ(result.folder, temporary.path() / "x");
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{temporary.path() / "x"}) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names,
            (std::vector<std::string>{"commands.parquet", "decisions.parquet", "equity.parquet",
                                      "fills.parquet", "orders.parquet", "positions.parquet",
                                      "run.json", "summary.json", "timing.json"}));
}

TEST(RunWriter, TwoRunsOfOneCommandAreEqualToTheByte) {
  const TemporaryFolder temporary;
  auto run = sample_run();
  write(run, temporary.path() / "a");
  run.timing.host = "another host";
  run.timing.started += 5s;
  write(run, temporary.path() / "b");
  int compared = 0;
  for (const auto& entry : fs::directory_iterator{temporary.path() / "a"}) {
    const std::string name = entry.path().filename().string();
    const std::string a = read_text(entry.path());
    const std::string b = read_text(temporary.path() / "b" / name);
    EXPECT_FALSE(a.empty());
    if (name == "timing.json") {
      EXPECT_NE(a, b);
    } else {
      EXPECT_EQ(a, b) << name;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 8);
}

TEST(RunWriter, AnExceptionInTheMiddleLeavesNothing) {
  const TemporaryFolder temporary;
  const auto run = sample_run();
  try {
    RunWriter writer{temporary.path() / "x", false};
    toxvol::run::test::record_all(writer, run);
    throw std::runtime_error("the market data are damaged");
  } catch (const std::runtime_error&) {
  }
  EXPECT_TRUE(temporary.names().empty());
}

TEST(RunWriter, AnUnusableConfigurationLeavesNothing) {
  const TemporaryFolder temporary;
  auto run = sample_run();
  run.info.config_json = "[1";
  EXPECT_THROW(write(run, temporary.path() / "x"), toxvol::Error);
  EXPECT_TRUE(temporary.names().empty());
}

TEST(RunWriter, AnExistingFolderNeedsForce) {
  const TemporaryFolder temporary;
  auto run = sample_run();
  write(run, temporary.path() / "x");
  const std::string before = read_text(temporary.path() / "x" / "run.json");
  run.info.seed = 2;
  EXPECT_THROW(write(run, temporary.path() / "x"), toxvol::Error);
  EXPECT_EQ(read_text(temporary.path() / "x" / "run.json"), before);
  write(run, temporary.path() / "x", true);
  EXPECT_NE(read_text(temporary.path() / "x" / "run.json"), before);
}

TEST(RunWriter, MoneyThatNoDecimalHoldsIsRefusedByName) {
  const TemporaryFolder temporary;
  auto run = sample_run();
  run.equity[3].margin = toxvol::Money::from_raw(toxvol::columnar::kDecimalLimit);
  try {
    write(run, temporary.path() / "x");
    FAIL();
  } catch (const toxvol::Error& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("row 4, column margin"), std::string::npos) << text;
  }
  run = sample_run();
  run.equity[3].mark = 1e10;
  EXPECT_THROW(write(run, temporary.path() / "x"), toxvol::Error);
  EXPECT_TRUE(temporary.names().empty());
}

TEST(RunWriter, RecordsComeBackFromTheFilesAsTheyWentIn) {
  const TemporaryFolder temporary;
  const auto run = sample_run();
  write(run, temporary.path() / "a");
  // Read everything, write it again: the same bytes.
  auto copy = run;
  copy.orders = toxvol::run::read_orders(temporary.path() / "a");
  copy.commands = toxvol::run::read_commands(temporary.path() / "a");
  copy.fills = toxvol::run::read_fills(temporary.path() / "a");
  copy.positions = toxvol::run::read_positions(temporary.path() / "a");
  copy.decisions.clear();
  copy.equity.clear();
  toxvol::run::for_each_decision(temporary.path() / "a",
                                 [&](const auto& row) { copy.decisions.push_back(row); });
  toxvol::run::for_each_equity(temporary.path() / "a",
                               [&](const auto& row) { copy.equity.push_back(row); });
  ASSERT_EQ(copy.orders.size(), 2U);
  EXPECT_EQ(copy.orders[1].submit.intent.trigger_kind, toxvol::trading::TriggerKind::Bid);
  write(copy, temporary.path() / "b");
  for (const auto table : toxvol::run::kTables) {
    const std::string name = std::string{table} + ".parquet";
    EXPECT_EQ(read_text(temporary.path() / "a" / name), read_text(temporary.path() / "b" / name))
        << name;
  }
}

TEST(RunWriter, WhatDoesNotExistIsNullAndIdsCarryTheirLetter) {
  const TemporaryFolder temporary;
  auto run = sample_run();
  run.orders[1].submit.type = toxvol::trading::OrderType::Limit;
  run.orders[1].submit.price = toxvol::run::test::price_e2(6'010'000);
  run.fills[1].rule = toxvol::trading::FillRule::None;
  write(run, temporary.path() / "x");
  TableReader orders{(temporary.path() / "x" / "orders.parquet").string()};
  orders.select({"price", "order_id", "position_id", "reject_reason", "trigger_kind", "replaces"});
  const auto order = orders.read_all();
  EXPECT_TRUE(order.columns[0].is_null(0));  // MARKET
  EXPECT_EQ(order.columns[0].integer(1), 6'010'000'000'000);
  EXPECT_EQ(order.columns[1].text(0), "O-1");
  EXPECT_EQ(order.columns[2].text(0), "P-1");
  EXPECT_TRUE(order.columns[3].is_null(0));
  EXPECT_TRUE(order.columns[4].is_null(0));
  EXPECT_EQ(order.columns[4].text(1), "bid");
  EXPECT_TRUE(order.columns[5].is_null(1));
  TableReader fills{(temporary.path() / "x" / "fills.parquet").string()};
  fills.select({"rule", "cause"});
  const auto fill = fills.read_all();
  EXPECT_EQ(fill.columns[0].text(0), "X6");
  EXPECT_TRUE(fill.columns[0].is_null(1));
  EXPECT_TRUE(fill.columns[1].is_null(0));
}

TEST(RunWriter, RunJsonHasTheKeysOfTheContractInItsOrder) {
  const TemporaryFolder temporary;
  const auto result = write(sample_run(), temporary.path() / "x");
  const auto json = nlohmann::ordered_json::parse(read_text(temporary.path() / "x" / "run.json"));
  std::string keys;
  for (const auto& [key, value] : json.items()) keys += key + " ";
  EXPECT_EQ(
      keys,
      "schema version commit engine engine_version profile strategy preset modes synthetic symbol "
      "from to "
      "asked seed config config_sha256 instrument inputs rows fingerprint ");
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["engine_version"], "0.1.0");
  EXPECT_EQ(json["modes"], (nlohmann::ordered_json{"full", "no_metrics"}));
  EXPECT_EQ(json["from"], "2023-12-31T23:59:00Z");
  EXPECT_EQ(json["to"], "2024-01-01T00:04:00Z");
  EXPECT_EQ(json["asked"].dump(), R"({"from":"2023-12-31T23:00:00Z","to":null})");
  // printf '{"run":{"symbol":"BTCUSDT","seed":1,"inputs":[…the five…]},"z":{"clip":5.0}}' |
  // sha256sum
  EXPECT_EQ(json["config_sha256"],
            "07dbee00dd747c9e7a8ab417789603ce4321c1fc0122e3522159737d021cd45b");
  EXPECT_EQ(json["instrument"]["tick"], "0.1");  // the one in force at `from`
  EXPECT_EQ(json["instrument"]["lot"], "0.001");
  EXPECT_EQ(json["instrument"]["min_notional"][0]["value"], "100");
  ASSERT_EQ(json["instrument"]["fees"].size(), 1U);
  EXPECT_EQ(json["instrument"]["fees"][0]["taker"], "0.0005");
  EXPECT_EQ(json["instrument"]["source"], "table");
  EXPECT_EQ(json["inputs"][0]["kind"], "aggTrades");
  EXPECT_EQ(json["rows"]["decisions"], 5);
  EXPECT_EQ(json["rows"]["equity"], 9);
  EXPECT_EQ(json["rows"]["klines"], 5);
  EXPECT_EQ(json["fingerprint"], result.fingerprint);
}

TEST(RunWriter, TheFingerprintIsOfWhatWasTradedAndNotOfWhoRanIt) {
  const TemporaryFolder temporary;
  const auto fingerprint = [&](auto change) {
    auto run = sample_run();
    change(run);
    return write(run, temporary.path() / "x", true).fingerprint;
  };
  const std::string base = fingerprint([](auto&) {});
  EXPECT_EQ(base.size(), 64U);
  EXPECT_EQ(base, fingerprint([](auto& run) { run.timing.host = "other"; }));
  EXPECT_EQ(base, fingerprint([](auto& run) { run.info.commit = "other"; }));
  EXPECT_EQ(base,
            fingerprint([](auto& run) { std::swap(run.info.inputs[0], run.info.inputs[1]); }));
  EXPECT_NE(base, fingerprint([](auto& run) { run.info.inputs[0].sha256[0] = 'c'; }));
  EXPECT_NE(base, fingerprint([](auto& run) { run.info.config_json = "{}"; }));
  EXPECT_NE(base, fingerprint([](auto& run) { run.decisions[2].factors.vpin = 0.5; }));
  EXPECT_NE(base, fingerprint([](auto& run) { run.orders[0].queue_ahead = toxvol::Qty{}; }));
  EXPECT_NE(base, fingerprint([](auto& run) { run.fills[0].cause = 7; }));
  EXPECT_NE(base, fingerprint([](auto& run) { run.equity.pop_back(); }));
}

TEST(FactorsWriter, WritesTheColumnsOfDecisionsLessTheDecision) {
  const TemporaryFolder temporary;
  const fs::path path = temporary.path() / "factors.parquet";
  {
    toxvol::run::FactorsWriter writer{path, false};
    writer.record(sample_run().decisions[0].factors);
    writer.commit();
  }
  EXPECT_EQ(schema_text(path), kFactors);
  EXPECT_THROW(toxvol::run::FactorsWriter(path, false), toxvol::Error);
  toxvol::run::FactorsWriter{path, true}.commit();
  EXPECT_EQ(TableReader{path.string()}.rows(), 0);
}

}  // namespace
