#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// Order events on their way to the strategy, in the order in which they happened; each is seen no
/// earlier than the one before (X3).
class Outbox {
 public:
  struct Item {
    std::variant<trading::OrderSeen, trading::FillSeen> event;
    std::int64_t position = 0;  // of a fill
  };

  /// When an event that would be seen at `seen` is seen.
  [[nodiscard]] Timestamp monotone(Timestamp seen) const { return seen > last_ ? seen : last_; }

  void push(trading::OrderSeen event) {
    event.ts_seen = last_ = monotone(event.ts_seen);
    items_.push_back({event, 0});
  }
  /// What became of an order at `ts`; it is seen `delay` later.
  void tell(const trading::OrderRecord& order, trading::OrderSeen::What what, Timestamp ts,
            Duration delay = {}) {
    push({.ts_seen = ts + delay,
          .ts_event = ts,
          .id = order.submit.id,
          .what = what,
          .reject_reason = order.reject_reason,
          .filled = order.filled_qty});
  }
  void push(trading::FillSeen event, std::int64_t position) {
    event.ts_seen = last_ = monotone(event.ts_seen);
    items_.push_back({event, position});
  }

  [[nodiscard]] bool empty() const { return first_ == items_.size(); }
  [[nodiscard]] Timestamp next_seen() const {
    return std::visit([](const auto& event) { return event.ts_seen; }, items_[first_].event);
  }
  [[nodiscard]] Item pop() {
    const Item item = items_[first_++];
    if (first_ == items_.size()) {
      items_.clear();
      first_ = 0;
    }
    return item;
  }
  /// Nothing is seen before `now` any more: what happens at once is still told after its cause.
  void not_before(Timestamp now) { last_ = monotone(now); }

 private:
  std::vector<Item> items_;
  std::size_t first_ = 0;
  Timestamp last_{Duration::min()};
};

}  // namespace toxvol::engine
