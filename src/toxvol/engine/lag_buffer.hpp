#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::engine {

/// How much of what exchange and strategy have passed a `LagBuffer` still holds.
struct History {
  /// The last whole UTC minute before any time from now on, and the row in force at its start.
  bool last_minute = false;
  /// So many rows before that one, and the last whole minute before its own.
  std::int64_t rows = 0;
};

/// The rows of one stream between two readers: the exchange, in front, and the strategy, which lags
/// by the data latency. Holds what lies between them, and the history that was asked for. Rows at
/// or after `end` (by `ts_event`) are never read. Rows are numbered from 0 on; both clocks ascend.
template <class Record>
class LagBuffer {
 public:
  using Index = std::int64_t;

  /// `stream` may be null. `has_exchange`: false where the exchange does not look at this kind.
  void open(BlockStream<Record>* stream, Timestamp end, bool has_exchange, History history = {}) {
    stream_ = stream;
    end_ = end;
    has_exchange_ = has_exchange;
    history_ = history;
    blocks_.clear();
    first_block_ = 0;
    rows_read_ = 0;
    front_ = back_ = {};
  }

  /// The next row for the exchange, or null at the end. Valid until the next call.
  [[nodiscard]] const Record* front() {
    if (!has_exchange_ || (front_.row == front_.end && !step(front_))) return nullptr;
    return front_.row;
  }
  void pop_front() { ++front_.row; }

  /// The next row for the strategy, or null at the end. Valid until the next call.
  [[nodiscard]] const Record* back() {
    if (back_.row == back_.end && !step(back_)) return nullptr;
    return back_.row;
  }
  void pop_back() { ++back_.row; }

  // ---- many rows at once ----

  /// The first row, of those that the exchange (the strategy) has still to see, that has its
  /// `ts_event` before `end` and is `wanted`; null if there is none.
  template <class Wanted>
  [[nodiscard]] const Record* find_front(Timestamp end, Wanted wanted) {
    return front() == nullptr ? nullptr : find_from(front_, end, wanted);
  }
  template <class Wanted>
  [[nodiscard]] const Record* find_back(Timestamp end, Wanted wanted) {
    return back() == nullptr ? nullptr : find_from(back_, end, wanted);
  }
  /// Passes what the exchange has before `end` by `ts_event`: `take(rows)`, in pieces.
  template <class Take>
  void pass_front(Timestamp end, Take take) {
    const auto is_before = [end](const Record& row) { return row.ts_event < end; };
    while (front() != nullptr && is_before(*front_.row)) pass(front_, is_before, take);
  }
  /// Passes what the strategy has before `end` by `ts_init`.
  template <class Take>
  void pass_back(Timestamp end, Take take) {
    const auto is_before = [end](const Record& row) { return row.ts_init < end; };
    while (back() != nullptr && is_before(*back_.row)) pass(back_, is_before, take);
  }

  /// Leaves out what the stream need not read to go on at `ts`, and with it all that is held: both
  /// readers then go on with the same row. Where there is nothing to leave out, nothing changes.
  void skip_before(Timestamp ts) {
    if (stream_ == nullptr || (!blocks_.empty() && blocks_.back().rows().back().ts_event >= ts) ||
        !stream_->skip_before(ts)) {
      return;
    }
    first_block_ += blocks_.size();
    blocks_.clear();
    front_ = back_ = {.block = first_block_, .end_index = rows_read_};
  }

  // ---- what the exchange has passed (`History`) ----

  /// The row that was in force when the last whole minute before `now` began; -1: none.
  [[nodiscard]] Index in_force_before(Timestamp now) const {
    return first_from(last_minute(now)) - 1;
  }
  /// The first row that `history` asks for at `now`.
  [[nodiscard]] Index history_at(Timestamp now) const {
    const Index in_force = in_force_before(now);
    Index first = in_force;
    if (history_.rows > 0 && in_force >= held_from()) {
      first = std::min(in_force - history_.rows, first_from(last_minute(row(in_force).ts_event)));
    }
    return std::max(first, held_from());
  }
  /// One past the last row that the exchange has passed.
  [[nodiscard]] Index passed() const { return front_.end_index - (front_.end - front_.row); }
  /// Held rows from `first` to before `last`, in pieces.
  template <class Take>
  void for_each_piece(Index first, Index last, Take take) const {
    for (const Block& block : blocks_) {
      const Index begin = std::max(first, block.first);
      const Index end = std::min(last, block.end());
      if (begin >= end) continue;
      take(block.rows().subspan(static_cast<std::size_t>(begin - block.first),
                                static_cast<std::size_t>(end - begin)));
    }
  }

 private:
  struct Block {
    SharedRows<Record> shared;  // without what lies at or after `end`
    Index first = 0;
    [[nodiscard]] std::span<const Record> rows() const { return shared.rows; }
    [[nodiscard]] Index end() const { return first + std::ssize(shared.rows); }
  };
  struct Cursor {
    const Record* row = nullptr;
    const Record* end = nullptr;
    std::size_t block = 0;  // one past the number of its block; 0: of none yet
    Index end_index = 0;    // of `end`
  };

  /// A row that is held.
  [[nodiscard]] const Record& row(Index index) const {
    auto block = std::prev(blocks_.end());
    while (block->first > index) --block;
    return block->rows()[static_cast<std::size_t>(index - block->first)];
  }
  [[nodiscard]] static Timestamp last_minute(Timestamp now) {
    return std::chrono::floor<std::chrono::minutes>(now) - kMinute;
  }
  [[nodiscard]] Index held_from() const {
    return blocks_.empty() ? rows_read_ : blocks_.front().first;
  }
  /// The first row at or after `ts` of those that are held and passed; `passed()` if there is none.
  [[nodiscard]] Index first_from(Timestamp ts) const {
    Index low = held_from();
    Index high = passed();
    while (low < high) {
      const Index middle = low + (high - low) / 2;
      if (row(middle).ts_event < ts) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// On to the next block; false at the end.
  bool step(Cursor& cursor) {
    if (cursor.block == first_block_ + blocks_.size() && !read()) return false;
    const Block& block = blocks_[cursor.block - first_block_];
    cursor = {.row = block.rows().data(),
              .end = block.rows().data() + block.rows().size(),
              .block = cursor.block + 1,
              .end_index = block.end()};
    return true;
  }
  template <class Wanted>
  const Record* find_from(Cursor cursor, Timestamp end, Wanted wanted) {
    while (cursor.row != cursor.end || step(cursor)) {
      for (; cursor.row != cursor.end; ++cursor.row) {
        if (cursor.row->ts_event >= end) return nullptr;
        if (wanted(*cursor.row)) return cursor.row;
      }
    }
    return nullptr;
  }
  /// In steps that double: what is passed is short against a block.
  template <class IsBefore, class Take>
  static void pass(Cursor& cursor, IsBefore is_before, Take take) {
    std::ptrdiff_t reach = 1;
    const Record* known = cursor.row;  // before the end
    while (reach < cursor.end - known && is_before(known[reach])) {
      known += reach;
      reach *= 2;
    }
    const Record* bound = known + std::min(reach, cursor.end - known);
    const Record* end = std::partition_point(known + 1, bound, is_before);
    take(std::span{cursor.row, end});
    cursor.row = end;
  }

  bool read() {
    if (stream_ == nullptr) return false;
    SharedRows<Record> shared = stream_->next_shared();
    std::span<const Record>& rows = shared.rows;
    if (rows.empty() || rows.back().ts_event >= end_) stream_ = nullptr;
    while (!rows.empty() && rows.back().ts_event >= end_) rows = rows.first(rows.size() - 1);
    if (rows.empty()) return false;
    release();
    blocks_.push_back({std::move(shared), rows_read_});
    rows_read_ = blocks_.back().end();
    return true;
  }
  /// Lets go of the blocks that nobody asks for any more.
  void release() {
    const std::size_t passed =
        std::min(blocks_passed(back_), has_exchange_ ? blocks_passed(front_) : kAll);
    Index needed = rows_read_;
    if (history_.last_minute) {
      const Index last = this->passed() - 1;
      if (last < held_from()) return;
      needed = history_at(row(last).ts_event);
    }
    const auto first = std::find_if(blocks_.begin(), blocks_.end(),
                                    [&](const Block& block) { return block.end() > needed; });
    const auto gone =
        std::min(passed - first_block_, static_cast<std::size_t>(first - blocks_.begin()));
    blocks_.erase(blocks_.begin(), blocks_.begin() + static_cast<std::ptrdiff_t>(gone));
    first_block_ += gone;
  }
  [[nodiscard]] static std::size_t blocks_passed(const Cursor& cursor) {
    return cursor.row == cursor.end ? cursor.block : cursor.block - 1;
  }
  static constexpr std::size_t kAll = static_cast<std::size_t>(-1);

  BlockStream<Record>* stream_ = nullptr;
  Timestamp end_{};
  bool has_exchange_ = false;
  History history_;
  std::vector<Block> blocks_;
  std::size_t first_block_ = 0;  // number of the block in front
  Index rows_read_ = 0;
  Cursor front_;
  Cursor back_;
};

}  // namespace toxvol::engine
