#include "toxvol/run/run_writer.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/run/sample_run.hpp"
#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/json_files.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/run_document.hpp"
#include "toxvol/run/schema.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using toxvol::columnar::TableReader;
using toxvol::run::RunWriter;
using toxvol::run::test::read_text;
using toxvol::run::test::sample_run;
using toxvol::run::test::TemporaryFolder;
using toxvol::run::test::write;

toxvol::columnar::Schema schema_of(const fs::path& path) {
  const TableReader reader{path.string()};
  EXPECT_EQ(reader.metadata("toxvol.schema"), "1");
  return reader.schema();
}

// Names, types and order are pinned by tests/golden/run_values.json and docs/schemas.md.
TEST(RunWriter, WritesTheColumnsOfTheContract) {
  const TemporaryFolder temporary;
  write(sample_run(), temporary.path() / "x");
  for (const std::string_view table : toxvol::run::kTables) {
    EXPECT_EQ(schema_of(temporary.path() / "x" / (std::string{table} + ".parquet")),
              toxvol::run::table_schema(table))
        << table;
  }
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
  const auto interrupted = [&] {
    RunWriter writer{temporary.path() / "x", false};
    toxvol::run::test::record_all(writer, run);
    throw std::runtime_error("the market data are damaged");
  };
  EXPECT_THROW(interrupted(), std::runtime_error);
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

toxvol::ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const toxvol::Error& error) {
    return error.code();
  }
  return {};
}

TEST(RunFolder, WhoseFilesAreNotWhatTheyShouldBeIsCorrupt) {
  const TemporaryFolder temporary;
  const auto folder = temporary.path() / "a";
  write(sample_run(), folder);
  std::ofstream{folder / "summary.json"} << "{}";
  EXPECT_EQ(code_of([&] { (void)toxvol::run::read_summary(folder / "summary.json"); }),
            toxvol::ErrorCode::Corrupt);
  toxvol::columnar::TableWriter table{(folder / "commands.parquet").string(),
                                      toxvol::run::table_schema("commands")};
  table.put(0);
  table.put(toxvol::Timestamp{});
  table.put_null();
  table.put("ask nicely");
  table.put("O-1");
  table.put("never");
  table.end_row();
  table.close();
  EXPECT_EQ(
      code_of([&] { (void)toxvol::run::read_records<toxvol::trading::CommandRecord>(folder); }),
      toxvol::ErrorCode::Corrupt);
}

TEST(RunWriter, CountsTheRowsOfAllFilesOfAKind) {
  const TemporaryFolder temporary;
  auto sample = sample_run();
  auto next = sample.info.inputs.front();
  next.day = "2024-01-02";
  next.rows = 3;
  sample.info.inputs.push_back(next);
  write(sample, temporary.path() / "a");
  const auto json = nlohmann::json::parse(read_text(temporary.path() / "a" / "run.json"));
  EXPECT_EQ(json["rows"]["klines"], 8);
}

TEST(RunFolder, TellsWhatTheRunWasAsItWasWritten) {
  const TemporaryFolder temporary;
  auto sample = sample_run();
  sample.info.signal = toxvol::run::OwnSignalInfo{
      .rows = {}, .sha256 = "5160a1", .used = 3, .stale = 2, .ignored = 1};
  for (const char* name : {"own", "plain"}) {
    const fs::path path = temporary.path() / name / "run.json";
    write(sample, path.parent_path());
    const toxvol::run::RunDocument run = toxvol::run::read_run(path);
    EXPECT_EQ(run.symbol, "BTCUSDT");
    EXPECT_EQ(run.from, sample.info.from);
    EXPECT_EQ(run.asked.from, sample.info.asked_from);
    EXPECT_EQ(run.instrument.lot, sample.info.instrument.lot);
    EXPECT_EQ(run.signal.has_value(), sample.info.signal.has_value());
    EXPECT_EQ(toxvol::run::run_json(run), read_text(path)) << "nothing is lost";
    sample.info.signal.reset();
  }
}

TEST(RunFolder, SaysWhichKeyOfWhichFileIsDamaged) {
  const TemporaryFolder temporary;
  const fs::path path = temporary.path() / "a" / "run.json";
  write(sample_run(), path.parent_path());
  auto json = nlohmann::ordered_json::parse(read_text(path));
  const auto fault_with = [&](const char* pointer, const char* value) -> std::string {
    auto damaged = json;
    damaged[nlohmann::ordered_json::json_pointer{pointer}] = value;
    std::ofstream{path} << damaged;
    try {
      (void)toxvol::run::read_run(path);
    } catch (const toxvol::Error& error) {
      EXPECT_EQ(error.code(), toxvol::ErrorCode::Corrupt);
      return error.what();
    }
    return "";
  };
  EXPECT_TRUE(fault_with("/seed", "x").starts_with(path.string() + ": damaged (seed: "));
  const auto says = [&](const char* pointer, const char* value, const char* what) {
    const std::string fault = fault_with(pointer, value);
    EXPECT_NE(fault.find(what), std::string::npos) << fault;
  };
  says("/from", "yesterday", "from: 'yesterday' is no time");
  says("/instrument/lot", "1e", "lot: '1e' is no decimal number");
  json.erase("fingerprint");
  says("/symbol", "BTCUSDT", "'fingerprint' not found");
}

TEST(RunWriter, RecordsComeBackFromTheFilesAsTheyWentIn) {
  const TemporaryFolder temporary;
  const auto run = sample_run();
  write(run, temporary.path() / "a");
  // Read everything, write it again: the same bytes.
  auto copy = run;
  copy.orders = toxvol::run::read_records<toxvol::trading::OrderRecord>(temporary.path() / "a");
  copy.commands = toxvol::run::read_records<toxvol::trading::CommandRecord>(temporary.path() / "a");
  copy.fills = toxvol::run::read_records<toxvol::trading::FillRecord>(temporary.path() / "a");
  copy.positions =
      toxvol::run::read_records<toxvol::trading::PositionRecord>(temporary.path() / "a");
  copy.decisions.clear();
  copy.equity.clear();
  toxvol::run::for_each_record<toxvol::strategy::DecisionRow>(
      temporary.path() / "a", [&](const auto& row) { copy.decisions.push_back(row); });
  toxvol::run::for_each_record<toxvol::trading::EquityRecord>(
      temporary.path() / "a", [&](const auto& row) { copy.equity.push_back(row); });
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
  EXPECT_NE(base, fingerprint([](auto& run) { run.decisions[2].factors.toxicity.vpin = 0.5; }));
  EXPECT_NE(base, fingerprint([](auto& run) { run.orders[0].queue_ahead = toxvol::Qty{}; }));
  EXPECT_NE(base, fingerprint([](auto& run) { run.fills[0].cause = 7; }));
  EXPECT_NE(base, fingerprint([](auto& run) { run.equity.pop_back(); }));
  EXPECT_NE(base, fingerprint([](auto& run) { run.info.signal.emplace(); }));
}

TEST(FactorsWriter, WritesTheColumnsOfDecisionsLessTheDecision) {
  const TemporaryFolder temporary;
  const fs::path path = temporary.path() / "factors.parquet";
  {
    toxvol::run::FactorsWriter writer{path, false};
    writer.record(sample_run().decisions[0].factors);
    writer.commit();
  }
  EXPECT_EQ(schema_of(path), toxvol::run::factors_schema());
  EXPECT_THROW(toxvol::run::FactorsWriter(path, false), toxvol::Error);
  toxvol::run::FactorsWriter{path, true}.commit();
  EXPECT_EQ(TableReader{path.string()}.rows(), 0);
}

}  // namespace
