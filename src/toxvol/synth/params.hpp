#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/time.hpp"

namespace toxvol::synth {

/// A known edge put into the market (docs/synth.md#plants).
enum class Plant : std::uint8_t { None, Momentum, Crowding };

/// Defects of Binance's files that can be put in (docs/synth.md#faults); names as in the quality
/// report.
enum class Fault : std::uint8_t {
  BookInterleaved,
  TradeIdGap,
  KlineMissing,
  KlineFlatZero,
  OiZero,
  MetricsDuplicate,
  MetricsMissing,
  UnitMicroseconds,
  CrossedQuote,
  BadRow,
  DuplicateRow,
  RowOutsideDay,
  NoHeader,
  Crlf,
  Bom,
  ChecksumMismatch,  // needs ZIP files
  FileTruncated,     // needs ZIP files
  DayMissing,
  FileEmpty,
};

struct Params {
  std::filesystem::path out;
  std::string symbol = "BTCUSDT";
  Day from{};                 // first day with ticks
  int days = 7;               // with ticks
  int klines_only_days = 31;  // before `from`: klines, metrics, funding
  std::uint64_t seed = 1;
  double intensity = 1.0;    // of the tick rates; 1 = real
  double start_price = 0.0;  // quote currency, at the first minute; 0: BTCUSDT's 42000
  Plant plant = Plant::None;
  double edge_bp = 20.0;  // over 15 minutes; used with a plant only
  std::vector<Fault> faults;
  bool zip = false;    // ZIP and CHECKSUM in place of CSV, as on Binance's site
  bool force = false;  // replace an earlier synthetic market in `out`
};

/// How the contract of a symbol counts: tick = 10^-tick_decimals, lot = 10^-lot_decimals.
struct Contract {
  int tick_decimals = 1;
  int lot_decimals = 3;
  int price_decimals = 2;  // as written: Binance writes BTCUSDT with two
  double tick = 0.1;
  double lot = 0.001;
};

/// BTCUSDT's 0.1 and 0.001 at a five-digit price; of other prices about the same precision.
[[nodiscard]] Contract contract_of(double start_price);

/// Lots that make the unit of the calibration tables: a BTC, or what it was worth at 42,000.
[[nodiscard]] double lots_per_unit(double start_price, const Contract& contract);

/// `params` with a start price, and each fault once in order. Throws `UsageError` naming the flag
/// when a value is impossible.
[[nodiscard]] Params completed(Params params);

[[nodiscard]] std::string_view name(Plant plant);
[[nodiscard]] std::string_view name(Fault fault);
/// Throw `UsageError` with the list of names when there is no such.
[[nodiscard]] Plant plant_of(std::string_view name);
[[nodiscard]] Fault fault_of(std::string_view name);

}  // namespace toxvol::synth
