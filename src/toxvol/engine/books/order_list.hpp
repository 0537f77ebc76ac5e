#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// All orders of a run by number. `Order` has a `record`; its address stays.
template <class Order>
class OrderList {
 public:
  /// `touch`: what the strategy saw last. Throws `Error` where the number is used twice.
  Order& add(const trading::Submit& submit, Timestamp ts_submit,
             const std::optional<trading::Touch>& touch) {
    Order& order = orders_.emplace_back();
    if (!by_number_.emplace(submit.id, &order).second) {
      throw Error{"orders: number O-" + std::to_string(static_cast<std::int64_t>(submit.id)) +
                  " is used twice; every submit needs its own"};
    }
    trading::OrderRecord& record = order.record;
    record.submit = submit;
    record.ts_submit = ts_submit;
    if (touch) {
      record.bid = touch->bid;
      record.ask = touch->ask;
    }
    return order;
  }
  [[nodiscard]] Order* find(trading::OrderId id) {
    const auto found = by_number_.find(id);
    return found == by_number_.end() ? nullptr : found->second;
  }
  /// Writes all, by time of submission, then by number.
  void write(trading::Recorder& recorder) const {
    std::vector<const trading::OrderRecord*> sorted;
    sorted.reserve(orders_.size());
    for (const Order& order : orders_) sorted.push_back(&order.record);
    std::ranges::sort(sorted, {}, [](const trading::OrderRecord* record) {
      return std::tuple{record->ts_submit, record->submit.id};
    });
    for (const trading::OrderRecord* record : sorted) recorder.record(*record);
  }

 private:
  std::deque<Order> orders_;                                // as submitted
  std::unordered_map<trading::OrderId, Order*> by_number_;  // for look-ups only
};

}  // namespace toxvol::engine
