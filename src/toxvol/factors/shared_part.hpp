#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace toxvol::factors {

/// A part of several models that is the same in all of them: `Part::update(input…)` gives `Values`
/// for each row. The model that asks for a row first has it computed, the others are given it. Each
/// asks once for each row, in order. Not for several threads.
template <class Part, class Values>
class SharedPart {
 public:
  explicit SharedPart(Part part) : part_{std::move(part)} {}

  /// One model's view of a part.
  class User {
   public:
    /// Before the first row.
    explicit User(std::shared_ptr<SharedPart> shared)
        : shared_{std::move(shared)}, number_{shared_->next_.size()} {
      shared_->next_.push_back(0);
    }
    template <class... Input>
    [[nodiscard]] Values update(const Input&... input) {
      return shared_->row(number_, input...);
    }
    [[nodiscard]] const std::shared_ptr<SharedPart>& shared() const { return shared_; }

   private:
    std::shared_ptr<SharedPart> shared_;
    std::size_t number_;
  };

 private:
  template <class... Input>
  Values row(std::size_t user, const Input&... input) {
    std::size_t& next = next_[user];
    if (next == first_ + rows_.size()) rows_.push_back(part_.update(input...));
    const Values values = rows_[next - first_];
    ++next;
    const std::size_t oldest = *std::min_element(next_.begin(), next_.end());
    for (; first_ < oldest; ++first_) rows_.pop_front();
    return values;
  }

  Part part_;
  std::vector<std::size_t> next_;  // by user: the number of the row that it asks for next
  std::deque<Values> rows_;        // that somebody has still to ask for
  std::size_t first_ = 0;          // number of the row in front
};

}  // namespace toxvol::factors
