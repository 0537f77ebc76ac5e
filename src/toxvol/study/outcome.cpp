#include "toxvol/study/outcome.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/market.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/json_files.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {

namespace {

/// `a` … : three letters for each alpha, by direction.
char letter_of(const strategy::DecisionRow& row) {
  const int alpha = static_cast<int>(row.alpha);
  return static_cast<char>('a' + 3 * alpha + row.direction.value_or(0) + 1);
}

}  // namespace

void OutcomeRecorder::record(const strategy::DecisionRow& row) {
  tables_.record(row);
  if (row.decides) outcome_.decisions.push_back(letter_of(row));
}

void OutcomeRecorder::record(const trading::OrderRecord& order) {
  tables_.record(order);
  ++outcome_.orders;
  const trading::Intent& intent = order.submit.intent;
  if (intent.role != trading::Role::Entry || !intent.ts_decision || order.submit.replaces) return;
  outcome_.entries.push_back(
      {.ts_decision = *intent.ts_decision,
       .direction = static_cast<std::int8_t>(order.submit.side == Side::Buy ? 1 : -1)});
}

void OutcomeRecorder::record(const trading::FillRecord& fill) {
  tables_.record(fill);
  returns_.add(fill);
}

void OutcomeRecorder::record(const trading::PositionRecord& position) {
  tables_.record(position);
  returns_.add(position);
}

void OutcomeRecorder::record(const trading::EquityRecord& sample) {
  tables_.record(sample);
  returns_.add(sample);
  curve_.add(sample);
}

Outcome OutcomeRecorder::finish(const std::string& config_json, const Inputs& kinds,
                                const std::vector<run::RunInput>& inputs,
                                const std::vector<std::string>& twins,
                                const std::optional<std::string>& signal_sha256) {
  const run::RunTables::Contents contents = tables_.close();
  for (const auto& [table, digest] : contents.digests) {
    const std::string line = fmt::format("{} {}\n", table, digest);
    outcome_.body += line;
    if (table == "fills" || table == "equity") outcome_.fills += line;
  }
  outcome_.body = io::sha256_hex(outcome_.body);
  outcome_.fills = io::sha256_hex(outcome_.fills);
  const auto name_of = [&](const std::string& json) {
    const std::string config_sha256 = io::sha256_hex(run::canonical_config(json));
    return RunName{
        .config_sha256 = config_sha256,
        .fingerprint = run::fingerprint(config_sha256, inputs, contents.digests, signal_sha256)};
  };
  const RunName own = name_of(config_json);
  outcome_.config_sha256 = own.config_sha256;
  outcome_.fingerprint = own.fingerprint;
  for (const std::string& twin : twins) outcome_.twins.push_back(name_of(twin));
  outcome_.summary = tables_.summary().finish({}, kinds);
  outcome_.returns = returns_.finish();
  outcome_.curve = curve_.finish();
  return std::move(outcome_);
}

}  // namespace toxvol::study
