#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "toxvol/core/fan_out.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/factors/model.hpp"

/// What several runs compute alike is computed by the first of them, the leader, and handed to the
/// others, its followers. They go through one market side by side, the leader always first.
namespace toxvol::study {

/// A maker, and the rows that it has made and that a follower has not taken yet.
template <class Maker, class Row>
struct Tape {
  using Made = Row;
  Maker maker;
  FanOut<std::shared_ptr<const Row>> rows{};
};

using FolderTape = Tape<factors::MinuteFolder, MinuteRow>;
using ModelTape = Tape<factors::FactorModel, factors::FactorRow>;

/// A leader's or a follower's end of a tape.
template <class AnyTape>
class TapeEnd {
 public:
  /// The leader's.
  explicit TapeEnd(std::shared_ptr<AnyTape> tape) : tape_{std::move(tape)} {}
  /// Before the first row.
  [[nodiscard]] static TapeEnd follower_of(std::shared_ptr<AnyTape> tape) {
    TapeEnd end{std::move(tape)};
    end.follower_ = end.tape_->rows.add_reader();
    return end;
  }

 protected:
  using Row = AnyTape::Made;

  [[nodiscard]] bool leads() const { return !follower_; }
  /// Hands what the leader has made to the followers.
  void hand_on(const Row& row) {
    if (tape_->rows.has_readers()) tape_->rows.put(std::make_shared<const Row>(row));
  }
  /// The follower's next row, which lives until the next call; null at the leader's end.
  const Row* take() {
    if (!follower_) return nullptr;
    taken_ = tape_->rows.take(*follower_);
    return taken_.get();
  }

  std::shared_ptr<AnyTape> tape_;

 private:
  std::optional<std::size_t> follower_;
  std::shared_ptr<const Row> taken_;
};

/// Minute rows, folded once (trading::Folding).
class SharedFolder : public TapeEnd<FolderTape> {
 public:
  explicit SharedFolder(TapeEnd end) : TapeEnd{std::move(end)} {}

  void on(const Trade& trade) {
    if (leads()) tape_->maker.on(trade);
  }
  void on(const Quote& quote) {
    if (leads()) tape_->maker.on(quote);
  }
  void on(std::span<const Trade> trades) {
    if (leads()) tape_->maker.on(trades);
  }
  void on(std::span<const Quote> quotes) {
    if (leads()) tape_->maker.on(quotes);
  }
  const MinuteRow& close(const Bar& bar) {
    if (const MinuteRow* row = take()) return *row;
    const MinuteRow& row = tape_->maker.close(bar);
    hand_on(row);
    return row;
  }
};

/// Rows of factors, computed once (strategy::FactorSource).
class SharedModel : public TapeEnd<ModelTape> {
 public:
  explicit SharedModel(TapeEnd end) : TapeEnd{std::move(end)} {}

  void on(const Metrics& metrics) {
    if (leads()) tape_->maker.on(metrics);
  }
  void on(const Funding& funding) {
    if (leads()) tape_->maker.on(funding);
  }
  const factors::FactorRow& update(const MinuteRow& row) {
    if (const factors::FactorRow* factors = take()) return *factors;
    const factors::FactorRow& factors = tape_->maker.update(row);
    hand_on(factors);
    return factors;
  }
};

}  // namespace toxvol::study
