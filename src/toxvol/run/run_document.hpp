#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/fingerprint.hpp"

namespace toxvol::run {

struct DatedFee {
  Timestamp from{};
  std::string tier;
  Rate maker{};
  Rate taker{};
};
struct DatedBracket {
  Timestamp from{};
  Money notional_cap{};
  Rate maintenance{};
  int max_leverage = 1;
};

/// The facts of the contract that held at some time of the run.
struct InstrumentUsed {
  std::optional<Price> tick;  // at its begin
  Qty lot{};
  Qty min_qty{};
  std::vector<Dated<Money>> min_notional;
  std::vector<DatedFee> fees;  // of the run's tier
  std::vector<DatedBracket> brackets;
  std::string source;  // table | inferred
  std::vector<Dated<Price>> ticks;
  std::vector<Dated<Rate>> clearance_fee;
  bool liquidates = false;
};

/// The window as asked for; empty: nothing was.
struct AskedWindow {
  std::optional<Timestamp> from;
  std::optional<Timestamp> to;
};

/// What became of a user's own signal: OwnSignalInfo.
struct SignalUse {
  std::string sha256;
  std::int64_t rows = 0;
  std::int64_t used = 0;
  std::int64_t stale = 0;
  std::int64_t ignored = 0;
};

/// What run.json says, field by field; definitions: docs/schemas.md#runjson.
struct RunDocument {
  int schema = 1;
  std::string version;
  std::string commit;
  std::string engine;
  std::string engine_version;
  std::string profile;
  std::string strategy;
  std::optional<std::string> preset;
  std::vector<std::string> modes;
  bool synthetic = false;
  std::string symbol;
  Timestamp from{};
  Timestamp to{};
  AskedWindow asked;
  std::uint64_t seed = 0;
  std::optional<SignalUse> signal;
  nlohmann::ordered_json config;  // by table; `folds`: those of a walk-forward
  std::string config_sha256;
  InstrumentUsed instrument;
  std::vector<RunInput> inputs;                            // sorted
  std::vector<std::pair<std::string, std::int64_t>> rows;  // of each table, then of each kind
  std::string fingerprint;
};

}  // namespace toxvol::run
