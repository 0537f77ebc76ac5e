#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <utility>

#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"

namespace toxvol::catalog {

/// Gives bars what their klines said beyond. Bars and flows ascend.
class FlowJoiner {
 public:
  /// `next` gives the next flows, valid until its next call; none at the end, for ever.
  explicit FlowJoiner(std::function<std::span<const KlineFlow>()> next) : next_{std::move(next)} {}

  /// False where there is no flow of the bar's minute: it is unchanged.
  [[nodiscard]] bool join_next(Bar& bar) {
    for (;; ++index_) {
      if (index_ >= flows_.size()) {
        flows_ = next_();
        index_ = 0;
        if (flows_.empty()) return false;
      }
      if (flows_[index_].ts_event >= bar.ts_event) return join(bar, flows_[index_]);
    }
  }

 private:
  std::function<std::span<const KlineFlow>()> next_;
  std::span<const KlineFlow> flows_;
  std::size_t index_ = 0;
};

}  // namespace toxvol::catalog
