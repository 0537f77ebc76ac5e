#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/signal_table.hpp"

namespace toxvol::run {

/// What a run was, for run.json (docs/schemas.md).
struct RunInfo {
  std::string version;
  std::string commit;
  std::string engine = "native";  // native | nautilus
  std::string engine_version;     // empty: `version`
  std::string profile = "realistic";
  /// Or what stood in its place: `script`, an order script; `signal`, a user's own signal.
  std::string strategy = "toxvol";
  std::optional<OwnSignalInfo> signal{};
  std::string preset;  // what the configuration began as; empty: a file
  bool synthetic = false;
  std::string symbol;
  Timestamp from{};  // as cut to the data (N1)
  Timestamp to{};
  std::optional<Timestamp> asked_from;  // as asked for; empty: nothing was
  std::optional<Timestamp> asked_to;
  Inputs kinds;  // run.inputs, settled
  std::uint64_t seed = 0;
  std::string config_json = "{}";  // the resolved configuration: one JSON object, keys in order
  Instrument instrument;
  std::string fee_tier;  // only its fees are told; empty: all
  std::vector<RunInput> inputs;
  std::map<std::string, std::int64_t> quality;  // findings' rows by code, for summary.json
};

/// How it ran, for timing.json: the only file that differs between two runs of one command.
struct Timing {
  Timestamp started{};
  double duration_s = 0.0;
  std::optional<std::int64_t> peak_rss_bytes;
  int jobs = 1;
  std::string host;
  std::vector<std::string> argv;
  std::string catalog;
};

}  // namespace toxvol::run
