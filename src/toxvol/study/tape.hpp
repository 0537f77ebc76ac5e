#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/factors/model.hpp"

/// What several runs compute alike is computed by the first of them, the leader, and handed to the
/// others, its followers. They go through one market side by side, the leader always first.
namespace toxvol::study {

/// The rows that a maker has made and that a follower has not taken yet.
template <class Maker, class Row>
class Tape {
 public:
  explicit Tape(Maker maker) : maker_{std::move(maker)} {}

  [[nodiscard]] Maker& maker() { return maker_; }
  /// Before the first row.
  [[nodiscard]] std::size_t add_follower() {
    places_.push_back(0);
    return places_.size() - 1;
  }
  void put(const Row& row) {
    if (!places_.empty()) rows_.push_back(row);
  }
  /// The next row for this follower; it lives until the slowest has taken the one after it.
  [[nodiscard]] const Row& take(std::size_t follower) {
    std::size_t slowest = first_ + rows_.size();
    for (const std::size_t place : places_) slowest = std::min(slowest, place);
    // A follower still reads the row that it took last.
    for (; first_ + 1 < slowest; ++first_) rows_.pop_front();
    return rows_[places_[follower]++ - first_];
  }

 private:
  Maker maker_;
  std::vector<std::size_t> places_;  // by follower: rows taken so far
  std::deque<Row> rows_;
  std::size_t first_ = 0;  // number of the row in front
};

using FolderTape = Tape<factors::MinuteFolder, MinuteRow>;
using ModelTape = Tape<factors::FactorModel, factors::FactorRow>;

/// A leader's or a follower's end of a tape.
template <class AnyTape>
class TapeEnd {
 public:
  /// The leader's.
  explicit TapeEnd(std::shared_ptr<AnyTape> tape) : tape_{std::move(tape)} {}
  [[nodiscard]] static TapeEnd follower_of(std::shared_ptr<AnyTape> tape) {
    TapeEnd end{std::move(tape)};
    end.follower_ = end.tape_->add_follower();
    end.leads_ = false;
    return end;
  }

 protected:
  std::shared_ptr<AnyTape> tape_;
  std::size_t follower_ = 0;
  bool leads_ = true;
};

/// Minute rows, folded once (trading::Folding).
class SharedFolder : public TapeEnd<FolderTape> {
 public:
  explicit SharedFolder(TapeEnd end) : TapeEnd{std::move(end)} {}

  void on(const Trade& trade) {
    if (leads_) tape_->maker().on(trade);
  }
  void on(const Quote& quote) {
    if (leads_) tape_->maker().on(quote);
  }
  void on(std::span<const Trade> trades) {
    if (leads_) tape_->maker().on(trades);
  }
  void on(std::span<const Quote> quotes) {
    if (leads_) tape_->maker().on(quotes);
  }
  const MinuteRow& close(const Bar& bar) {
    if (!leads_) return tape_->take(follower_);
    const MinuteRow& row = tape_->maker().close(bar);
    tape_->put(row);
    return row;
  }
};

/// Rows of factors, computed once (strategy::FactorSource).
class SharedModel : public TapeEnd<ModelTape> {
 public:
  explicit SharedModel(TapeEnd end) : TapeEnd{std::move(end)} {}

  void on(const Metrics& metrics) {
    if (leads_) tape_->maker().on(metrics);
  }
  void on(const Funding& funding) {
    if (leads_) tape_->maker().on(funding);
  }
  const factors::FactorRow& update(const MinuteRow& row) {
    if (!leads_) return tape_->take(follower_);
    const factors::FactorRow& made = tape_->maker().update(row);
    tape_->put(made);
    return made;
  }
};

}  // namespace toxvol::study
