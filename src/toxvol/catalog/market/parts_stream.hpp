#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/catalog/market/order_proof.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"

namespace toxvol::catalog {

/// Cuts a stream to the rows of any of `parts`, which ascend and are apart, by ts_event, and proves
/// its order.
template <class Record>
class PartsStream final : public BlockStream<Record> {
 public:
  PartsStream(std::unique_ptr<BlockStream<Record>> inner, std::vector<TimeRange> parts)
      : inner_{std::move(inner)}, parts_{std::move(parts)} {}

  std::span<const Record> next() override {
    given_ = {};  // its block may be used again
    given_ = next_shared();
    return given_.rows;
  }
  SharedRows<Record> next_shared() override {
    const auto before = [](const Record& row, Timestamp ts) { return row.ts_event < ts; };
    while (part_ < parts_.size()) {
      if (at_ == held_.rows.size()) {
        held_ = {};
        held_ = inner_->next_shared();
        at_ = 0;
        if (held_.rows.empty()) break;
        proof_.check(held_.rows);
      }
      const std::span<const Record> left = held_.rows.subspan(at_);
      const auto first = std::lower_bound(left.begin(), left.end(), parts_[part_].from, before);
      const auto last = std::lower_bound(first, left.end(), parts_[part_].to, before);
      if (last != left.end()) ++part_;
      at_ += static_cast<std::size_t>(last - left.begin());
      const auto rows = left.subspan(static_cast<std::size_t>(first - left.begin()),
                                     static_cast<std::size_t>(last - first));
      if (!rows.empty()) return {.owner = held_.owner, .rows = rows};
    }
    part_ = parts_.size();
    held_ = {};
    at_ = 0;
    return {};
  }

 private:
  std::unique_ptr<BlockStream<Record>> inner_;
  std::vector<TimeRange> parts_;
  OrderProof<Record> proof_;
  std::size_t part_ = 0;
  SharedRows<Record> held_;
  std::size_t at_ = 0;        // in it, where the next part begins
  SharedRows<Record> given_;  // by `next`
};

}  // namespace toxvol::catalog
