#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"

namespace toxvol::study {

/// One stream for several readers. A block is read from the source when the first reader asks for
/// it, and all are given the same one: readers that stay close together share a block or two,
/// whatever the length of the stream. Not for several threads.
template <class Record>
class SharedStream {
 public:
  /// `source` may be null: a kind that is not read.
  SharedStream(std::unique_ptr<BlockStream<Record>> source, std::size_t readers)
      : source_{std::move(source)}, next_(source_ ? readers : 0) {}

  [[nodiscard]] bool has_source() const { return source_ != nullptr; }

  /// The block that `reader` is given next; without rows at the end.
  [[nodiscard]] SharedRows<Record> next(std::size_t reader) {
    std::size_t& number = next_[reader];
    if (number == first_ + blocks_.size()) {
      SharedRows<Record> rows = source_->next_shared();
      if (rows.rows.empty()) return {};
      blocks_.push_back(std::move(rows));
    }
    SharedRows<Record> rows = blocks_[number - first_];
    ++number;
    release();
    return rows;
  }
  /// `reader` asks no more: nothing is kept for it.
  void leave(std::size_t reader) {
    if (!has_source()) return;
    next_[reader] = kGone;
    release();
  }

  /// Blocks that a reader has still to be given.
  [[nodiscard]] std::size_t held_blocks() const { return blocks_.size(); }

 private:
  static constexpr std::size_t kGone = static_cast<std::size_t>(-1);

  void release() {
    const std::size_t oldest = *std::min_element(next_.begin(), next_.end());
    for (; first_ < oldest && !blocks_.empty(); ++first_) blocks_.pop_front();
  }

  std::unique_ptr<BlockStream<Record>> source_;
  std::vector<std::size_t> next_;  // by reader: the number of the block that it is given next
  std::deque<SharedRows<Record>> blocks_;
  std::size_t first_ = 0;  // number of the block in front
};

/// The market of a window for several runs that go through it side by side: everything is read and
/// decoded once, and memory holds what lies between the first and the last of them.
class SharedMarket {
 public:
  SharedMarket(MarketData data, std::size_t readers);

  /// What run number `reader` reads; this object outlives it. A stream that is let go of keeps
  /// nothing any more.
  [[nodiscard]] MarketData open(std::size_t reader);

 private:
  SharedStream<Trade> trades_;
  SharedStream<Quote> quotes_;
  SharedStream<Bar> bars_;
  SharedStream<Metrics> metrics_;
  SharedStream<Funding> funding_;
};

}  // namespace toxvol::study
