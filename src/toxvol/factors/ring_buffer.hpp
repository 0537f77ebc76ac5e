#pragma once

#include <cstddef>
#include <vector>

#include "toxvol/core/assert.hpp"

namespace toxvol::factors {

/// A queue that doubles its storage while it grows and allocates nothing once it has its size.
template <class T>
class RingBuffer {
 public:
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const T& front() const { return (*this)[0]; }
  [[nodiscard]] const T& back() const { return (*this)[size_ - 1]; }
  /// The i-th oldest.
  [[nodiscard]] const T& operator[](std::size_t i) const {
    TOXVOL_ASSERT(i < size_);
    return slots_[(head_ + i) & (slots_.size() - 1)];
  }

  void push_back(const T& value) {
    if (size_ == slots_.size()) grow();
    slots_[(head_ + size_) & (slots_.size() - 1)] = value;
    ++size_;
  }
  void pop_front() {
    TOXVOL_ASSERT(size_ > 0);
    head_ = (head_ + 1) & (slots_.size() - 1);
    --size_;
  }
  void clear() noexcept { head_ = size_ = 0; }

 private:
  static constexpr std::size_t kFirstCapacity = 64;

  void grow() {
    std::vector<T> larger(slots_.empty() ? kFirstCapacity : 2 * slots_.size());
    for (std::size_t i = 0; i < size_; ++i) larger[i] = (*this)[i];
    slots_.swap(larger);
    head_ = 0;
  }

  std::vector<T> slots_;  // a power of two long
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

}  // namespace toxvol::factors
