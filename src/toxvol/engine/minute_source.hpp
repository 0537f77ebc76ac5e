#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minutes.hpp"
#include "toxvol/engine/minute_keeper.hpp"
#include "toxvol/trading/concepts.hpp"

namespace toxvol::engine {

/// A run's minute rows (trading::Folding): known from an earlier run, or folded from ticks, and
/// then kept for later ones if there is a keeper.
template <trading::Folding F>
class MinuteSource {
 public:
  /// `keeper` may be null. The references outlive it.
  MinuteSource(F& folder, MinuteKeeper* keeper) : folder_{&folder}, keeper_{keeper} {}
  explicit MinuteSource(KnownMinutes& known) : known_{&known} {}

  /// A tick, or many.
  template <class Ticks>
  void on(const Ticks& ticks) {
    if (folder_ != nullptr) folder_->on(ticks);
    if (keeper_ != nullptr) keeper_->see(ticks);
  }
  const MinuteRow& close(const Bar& bar) {
    if (known_ != nullptr) return known_->row_of(bar);
    const MinuteRow& row = folder_->close(bar);
    if (keeper_ != nullptr) keeper_->close(row);
    return row;
  }

 private:
  F* folder_ = nullptr;
  MinuteKeeper* keeper_ = nullptr;
  KnownMinutes* known_ = nullptr;
};

/// A stream whose blocks are shown to a keeper as they are read.
template <class Tick>
class KeptStream final : public BlockStream<Tick> {
 public:
  /// The keeper outlives it.
  KeptStream(std::unique_ptr<BlockStream<Tick>> inner, MinuteKeeper& keeper)
      : inner_{std::move(inner)}, keeper_{keeper} {}

  std::span<const Tick> next() override {
    const std::span<const Tick> rows = inner_->next();
    keeper_.read(rows);
    return rows;
  }
  SharedRows<Tick> next_shared() override {
    SharedRows<Tick> shared = inner_->next_shared();
    keeper_.read(shared.rows);
    return shared;
  }

 private:
  std::unique_ptr<BlockStream<Tick>> inner_;
  MinuteKeeper& keeper_;
};

}  // namespace toxvol::engine
