#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

/// `trading::Wake` with bounds that nothing reaches in place of absent ones: a few compares a tick.
class Watch {
 public:
  void read(const trading::Wake& wake) {
    bid_low_ = low(wake.bid_at_most);
    bid_high_ = high(wake.bid_at_least);
    ask_low_ = low(wake.ask_at_most);
    ask_high_ = high(wake.ask_at_least);
    trade_low_ = low(wake.trade_at_most);
    trade_high_ = high(wake.trade_at_least);
    at_ = wake.at.value_or(Timestamp::max());
    alarm_ = wake.alarm.value_or(Timestamp::max());
    every_quote_ = wake.every_quote;
  }
  [[nodiscard]] bool wants_quote(Price bid, Price ask, Timestamp seen) const {
    return every_quote_ || bid <= bid_low_ || bid >= bid_high_ || ask <= ask_low_ ||
           ask >= ask_high_ || seen >= at_;
  }
  [[nodiscard]] bool wants_trade(Price price, Timestamp seen) const {
    return price <= trade_low_ || price >= trade_high_ || seen >= at_;
  }
  [[nodiscard]] Timestamp alarm() const { return alarm_; }
  /// When the alarm rings, `now` at the earliest: once each, and never from `end` on.
  [[nodiscard]] Timestamp next_alarm(Timestamp now, Timestamp end) const {
    const bool rings = alarm_ != Timestamp::max() && alarm_ != rung_ && alarm_ < end;
    return rings ? std::max(alarm_, now) : Timestamp::max();
  }
  void ring() { rung_ = alarm_; }
  /// From here on any tick is wanted.
  [[nodiscard]] Timestamp at() const { return every_quote_ ? Timestamp::min() : at_; }
  /// Before `at`: whether any price is wanted.
  [[nodiscard]] bool has_bounds() const {
    return bid_low_ != kLowest || bid_high_ != kHighest || ask_low_ != kLowest ||
           ask_high_ != kHighest || trade_low_ != kLowest || trade_high_ != kHighest;
  }

 private:
  static constexpr Price kLowest = Price::from_raw(std::numeric_limits<std::int64_t>::min());
  static constexpr Price kHighest = Price::from_raw(std::numeric_limits<std::int64_t>::max());
  static Price low(const std::optional<Price>& bound) { return bound.value_or(kLowest); }
  static Price high(const std::optional<Price>& bound) { return bound.value_or(kHighest); }

  Price bid_low_ = kLowest;
  Price bid_high_ = kHighest;
  Price ask_low_ = kLowest;
  Price ask_high_ = kHighest;
  Price trade_low_ = kLowest;
  Price trade_high_ = kHighest;
  Timestamp at_ = Timestamp::max();
  Timestamp alarm_ = Timestamp::max();
  Timestamp rung_ = Timestamp::max();  // the alarm that has rung
  bool every_quote_ = false;
};

}  // namespace toxvol::engine
