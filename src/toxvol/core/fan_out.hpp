#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

namespace toxvol {

/// Items in order for several readers, each of whom takes all of them in its own time. What all
/// have taken is gone, so readers that stay close together share little memory. Not for several
/// threads.
template <class Item>
class FanOut {
 public:
  /// A reader's number. Before the first item.
  [[nodiscard]] std::size_t add_reader() {
    next_.push_back(0);
    return next_.size() - 1;
  }
  [[nodiscard]] bool has_readers() const { return !next_.empty(); }

  void put(Item item) { items_.push_back(std::move(item)); }
  /// Whether there is an item that `reader` has not taken.
  [[nodiscard]] bool has_next(std::size_t reader) const {
    return next_[reader] < first_ + items_.size();
  }
  [[nodiscard]] Item take(std::size_t reader) {
    Item item = items_[next_[reader] - first_];
    ++next_[reader];
    release();
    return item;
  }
  /// `reader` takes no more: nothing is kept for it.
  void leave(std::size_t reader) {
    next_[reader] = kGone;
    release();
  }
  /// Items that somebody has still to take.
  [[nodiscard]] std::size_t held() const { return items_.size(); }

 private:
  static constexpr std::size_t kGone = static_cast<std::size_t>(-1);

  void release() {
    const std::size_t oldest = *std::min_element(next_.begin(), next_.end());
    for (; first_ < oldest && !items_.empty(); ++first_) items_.pop_front();
  }

  std::vector<std::size_t> next_;  // by reader: the number of the item that it takes next
  std::deque<Item> items_;
  std::size_t first_ = 0;  // number of the item in front
};

}  // namespace toxvol
