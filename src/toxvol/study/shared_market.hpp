#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"

namespace toxvol::study {

/// One stream for several readers, which get it in short pieces. A block is read from the source
/// when the first reader needs it and kept until the last one has passed it: readers that stay
/// close together share a block or two, whatever the length of the stream. Not for several threads.
template <class Record>
class SharedStream {
 public:
  /// `source` may be null: a kind that is not read.
  SharedStream(std::unique_ptr<BlockStream<Record>> source, std::size_t readers)
      : source_{std::move(source)}, places_(source_ ? readers : 0) {}

  [[nodiscard]] bool has_source() const { return source_ != nullptr; }

  /// The rows that `reader` is given next, empty at the end. Valid until its next call.
  [[nodiscard]] std::span<const Record> next(std::size_t reader) {
    Place& place = places_[reader];
    if (place.block < first_ + blocks_.size() && place.row == block(place.block).size()) {
      place = {.block = place.block + 1, .row = 0};
    }
    release();
    if (place.block == first_ + blocks_.size() && !read()) return {};
    const std::vector<Record>& rows = block(place.block);
    const std::size_t count = std::min(kPiece, rows.size() - place.row);
    place.row += count;
    return std::span{rows}.subspan(place.row - count, count);
  }
  /// `reader` asks no more: nothing is kept for it.
  void leave(std::size_t reader) {
    if (has_source()) places_[reader].block = kGone;
  }

  [[nodiscard]] std::size_t held_blocks() const { return blocks_.size(); }

 private:
  static constexpr std::size_t kGone = static_cast<std::size_t>(-1);
  static constexpr std::size_t kPiece = 4'096;

  bool read() {
    if (is_finished_) return false;
    const auto rows = source_->next();
    if (rows.empty()) {
      is_finished_ = true;
      return false;
    }
    blocks_.emplace_back(rows.begin(), rows.end());
    return true;
  }

  struct Place {
    std::size_t block = 0;  // counted from the first of the stream
    std::size_t row = 0;    // the next one in it
  };
  const std::vector<Record>& block(std::size_t number) const { return blocks_[number - first_]; }
  void release() {
    std::size_t oldest = first_ + blocks_.size();
    for (const Place& place : places_) oldest = std::min(oldest, place.block);
    for (; first_ < oldest; ++first_) blocks_.pop_front();
  }

  std::unique_ptr<BlockStream<Record>> source_;
  std::vector<Place> places_;  // by reader
  std::deque<std::vector<Record>> blocks_;
  std::size_t first_ = 0;  // number of the block in front
  bool is_finished_ = false;
};

/// The market of a window for several runs that go through it side by side: everything is read and
/// decoded once, and memory holds what lies between the first and the last of them.
class SharedMarket {
 public:
  SharedMarket(MarketData data, std::size_t readers);

  /// What run number `reader` reads; this object outlives it.
  [[nodiscard]] MarketData open(std::size_t reader);
  /// That run has ended.
  void leave(std::size_t reader);

 private:
  SharedStream<Trade> trades_;
  SharedStream<Quote> quotes_;
  SharedStream<Bar> bars_;
  SharedStream<Metrics> metrics_;
  SharedStream<Funding> funding_;
};

}  // namespace toxvol::study
