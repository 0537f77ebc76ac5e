#pragma once

#include <cstddef>
#include <vector>

#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::engine {

/// The rows of one stream between two readers: the exchange, in front, and the strategy, which lags
/// by the data latency. Holds a block and what lies between them. Rows at or after `end` (by
/// `ts_event`) are never read.
template <class Record>
class LagBuffer {
 public:
  /// `stream` may be null. `has_exchange`: false where the exchange does not look at this kind.
  void open(BlockStream<Record>* stream, Timestamp end, bool has_exchange) {
    stream_ = stream;
    end_ = end;
    has_exchange_ = has_exchange;
    rows_.clear();
    front_ = back_ = 0;
  }

  /// The next row for the exchange, or null at the end. Valid until the next call.
  [[nodiscard]] const Record* front() {
    if (!has_exchange_ || (front_ == rows_.size() && !refill())) return nullptr;
    return &rows_[front_];
  }
  void pop_front() { ++front_; }
  /// Whether a row that the exchange has still to handle has its `ts_event` before `end` and is
  /// `wanted`.
  template <class Wanted>
  [[nodiscard]] bool comes_before(Timestamp end, Wanted wanted) {
    std::size_t ahead = 0;
    bool found = false;
    while (!found) {
      const Record* row = front();
      if (row == nullptr || row->ts_event >= end) break;
      found = wanted(*row);
      ++front_;
      ++ahead;
    }
    front_ -= ahead;
    return found;
  }

  /// The next row for the strategy, or null at the end. Valid until the next call.
  [[nodiscard]] const Record* back() {
    if (back_ == rows_.size() && !refill()) return nullptr;
    return &rows_[back_];
  }
  void pop_back() { ++back_; }

 private:
  bool refill() {
    if (stream_ == nullptr) return false;
    auto block = stream_->next();
    if (block.empty() || block.back().ts_event >= end_) stream_ = nullptr;
    while (!block.empty() && block.back().ts_event >= end_) block = block.first(block.size() - 1);
    if (block.empty()) return false;
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(back_));
    front_ = front_ > back_ ? front_ - back_ : 0;
    back_ = 0;
    rows_.insert(rows_.end(), block.begin(), block.end());
    return true;
  }

  BlockStream<Record>* stream_ = nullptr;
  Timestamp end_{};
  bool has_exchange_ = false;
  std::vector<Record> rows_;
  std::size_t front_ = 0;
  std::size_t back_ = 0;
};

}  // namespace toxvol::engine
