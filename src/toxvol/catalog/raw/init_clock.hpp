#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

/// The nanoseconds of a millisecond that a kind has (docs/data.md#time).
struct InitBand {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};
[[nodiscard]] constexpr InitBand init_band(Kind kind) {
  constexpr std::int64_t kQuotes = 300'000;
  constexpr std::int64_t kBars = 800'000;
  constexpr std::int64_t kMetrics = 900'000;
  constexpr std::int64_t kFunding = 950'000;
  switch (kind) {
    case Kind::AggTrades:
      return {.begin = 0, .end = kQuotes};
    case Kind::BookTicker:
      return {.begin = kQuotes, .end = kBars - kFlowLead.count()};
    case Kind::Klines:
      return {.begin = kBars, .end = kMetrics};
    case Kind::Metrics:
      return {.begin = kMetrics, .end = kFunding};
    case Kind::Funding:
      break;
  }
  return {.begin = kFunding, .end = kMillisecond.count()};
}

/// Gives records their `ts_init` (docs/data.md#time). Rows come in final order. Trades and quotes
/// of one millisecond are counted through their band; the other kinds have one row a time.
template <class Record>
class InitClock {
 public:
  /// False where the millisecond has no room left: `row` is unchanged.
  [[nodiscard]] bool stamp(Record& row) {
    constexpr Kind kKind = KindOf<Record>::kKind;
    constexpr InitBand kBand = init_band(kKind);
    const std::int64_t ms = floor_ms(row.ts_event);
    if constexpr (kKind == Kind::AggTrades || kKind == Kind::BookTicker) {
      const std::int64_t k = ms == last_ms_ ? k_ + 1 : 0;
      if (k >= kBand.end - kBand.begin) return false;
      last_ms_ = ms;
      k_ = k;
      row.ts_init = from_ms(ms) + Duration{kBand.begin + k};
    } else {
      row.ts_init = from_ms(ms) + Duration{kBand.begin};
    }
    return true;
  }

  /// Whether `stamp` is certain to have room for so many more.
  [[nodiscard]] bool has_room(std::size_t rows) const {
    constexpr InitBand kBand = init_band(KindOf<Record>::kKind);
    return k_ + static_cast<std::int64_t>(rows) < kBand.end - kBand.begin;
  }
  /// `stamp` of trades or quotes for which there is room, their times whole milliseconds.
  void stamp_usual(std::span<Record> rows) {
    constexpr InitBand kBand = init_band(KindOf<Record>::kKind);
    Timestamp last = from_ms(last_ms_);
    for (Record& row : rows) {
      k_ = row.ts_event == last ? k_ + 1 : 0;
      last = row.ts_event;
      row.ts_init = last + Duration{kBand.begin + k_};
    }
    last_ms_ = floor_ms(last);
  }

 private:
  std::int64_t last_ms_ = -1;
  std::int64_t k_ = 0;
};

}  // namespace toxvol::catalog
