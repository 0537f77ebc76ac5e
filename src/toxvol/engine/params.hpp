#pragma once

#include <chrono>
#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/trading/costs.hpp"

namespace toxvol::engine {

/// Parameters of exchange and ledger; docs/config.md, docs/engine.md.

enum class Profile : std::uint8_t { Realistic, Nautilus1221, Nautilus1231 };
enum class QueueModel : std::uint8_t { RiskAverse, Proportional, Optimistic };

/// N6: the price of a MARKET that arrives within the first second of a bar: that bar's open, or, as
/// of any later arrival, the next one's.
enum class BarEntry : std::uint8_t { Open, Arrival };

/// A constant, `lognormal:MEDIAN:SIGMA`, or (data only) the recorded E − T of a quote (X3).
struct Latency {
  enum class Kind : std::uint8_t { Constant, Lognormal, Recorded } kind = Kind::Constant;
  Duration value{};    // the constant, or the median
  double sigma = 0.0;  // of ln
  friend bool operator==(const Latency&, const Latency&) = default;
};

struct ExchangeParams {
  Profile profile = Profile::Realistic;
  Latency order_latency{.value = std::chrono::milliseconds{20}};
  Latency data_latency{.value = std::chrono::milliseconds{10}};
  QueueModel queue = QueueModel::RiskAverse;
  std::int64_t impact_ticks_per_level = 1;
  int leverage = 10;
  Duration max_touch_age = std::chrono::seconds{10};  // N4
  BarEntry bar_entry = BarEntry::Open;
  bool trade_execution = false;  // parity profile: NautilusTrader's venue option of this name
};

struct EngineParams {
  ExchangeParams exchange;
  trading::CostParams costs;
  Money deposit = Money::from_raw(100'000 * Money::kOne);
  std::uint64_t seed = 1;
  Inputs inputs;     // run.inputs, resolved (G4)
  Timestamp from{};  // trading starts; earlier data warms up
  Timestamp to{};
  Duration bar_delay{};  // data.bar_delay, data.agg_delay: when rows and trades are seen
  Duration agg_delay{};
  /// Whether ticks that nobody waits for are passed at once; the results are the same.
  bool passes_ticks = true;
};

}  // namespace toxvol::engine
