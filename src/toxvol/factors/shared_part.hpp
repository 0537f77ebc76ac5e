#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "toxvol/core/fan_out.hpp"

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
        : shared_{std::move(shared)}, reader_{shared_->rows_.add_reader()} {}
    template <class... Input>
    [[nodiscard]] Values update(const Input&... input) {
      if (!shared_->rows_.has_next(reader_)) shared_->rows_.put(shared_->part_.update(input...));
      return shared_->rows_.take(reader_);
    }
    [[nodiscard]] const std::shared_ptr<SharedPart>& shared() const { return shared_; }

   private:
    std::shared_ptr<SharedPart> shared_;
    std::size_t reader_;
  };

 private:
  Part part_;
  FanOut<Values> rows_;
};

}  // namespace toxvol::factors
