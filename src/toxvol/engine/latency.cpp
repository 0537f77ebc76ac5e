#include "toxvol/engine/latency.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/duration.hpp"
#include "toxvol/core/normal.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/params.hpp"

namespace toxvol::engine {
namespace {

Duration lognormal(const Latency& latency, std::uint64_t hash) {
  // The 53 highest bits, in the middle of their interval: never 0, never 1.
  const double uniform = (static_cast<double>(hash >> 11U) + 0.5) * 0x1.0p-53;
  const double factor = std::exp(latency.sigma * inverse_normal(uniform));
  // A sigma of 5 draws more than nanoseconds can count now and then.
  constexpr auto kMost = static_cast<double>(kLongest.count());
  return Duration{
      std::llround(std::min(static_cast<double>(latency.value.count()) * factor, kMost))};
}

}  // namespace

LatencyModel::LatencyModel(const ExchangeParams& params, std::uint64_t seed)
    : order_{params.order_latency}, data_{params.data_latency}, seed_{splitmix64(seed)} {}

Duration LatencyModel::of_order(std::int64_t order) const {
  if (order_.kind == Latency::Kind::Constant) return order_.value;
  TOXVOL_ASSERT(order_.kind == Latency::Kind::Lognormal);  // config refuses `recorded` here
  return lognormal(order_, splitmix64(seed_ ^ static_cast<std::uint64_t>(order)));
}

Duration LatencyModel::drawn(Delivery kind, std::int64_t id) const {
  if (data_.kind == Latency::Kind::Recorded) return Duration{};
  const std::uint64_t stream = splitmix64(seed_ ^ static_cast<std::uint64_t>(kind));
  return lognormal(data_, splitmix64(stream ^ static_cast<std::uint64_t>(id)));
}

ExchangeTime arrival_time(Timestamp ts_submit, Duration latency) {
  return exchange_time(ts_submit) + Milliseconds{1} + std::chrono::ceil<Milliseconds>(latency);
}

}  // namespace toxvol::engine
