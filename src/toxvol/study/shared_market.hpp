#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "toxvol/core/fan_out.hpp"
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
      : source_{std::move(source)} {
    for (std::size_t i = 0; i < readers; ++i) static_cast<void>(blocks_.add_reader());
  }

  [[nodiscard]] bool has_source() const { return source_ != nullptr; }

  /// The block that `reader` is given next; without rows at the end.
  [[nodiscard]] SharedRows<Record> next(std::size_t reader) {
    if (!blocks_.has_next(reader)) {
      SharedRows<Record> rows = source_->next_shared();
      if (rows.rows.empty()) return {};
      blocks_.put(std::move(rows));
    }
    return blocks_.take(reader);
  }
  /// `reader` asks no more: nothing is kept for it.
  void leave(std::size_t reader) { blocks_.leave(reader); }

  /// Blocks that a reader has still to be given.
  [[nodiscard]] std::size_t held_blocks() const { return blocks_.held(); }

 private:
  std::unique_ptr<BlockStream<Record>> source_;
  FanOut<SharedRows<Record>> blocks_;
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
