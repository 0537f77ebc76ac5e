#include "toxvol/catalog/market/flow_joiner.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {
namespace {

Timestamp minute(int number) {
  return from_ms(60'000 * std::int64_t{number});
}

/// Flows of some minutes, one a block; its count is its minute.
class Flows {
 public:
  explicit Flows(const std::vector<int>& minutes) {
    for (const int number : minutes)
      flows_.push_back({.ts_event = minute(number), .count = number});
  }
  std::span<const KlineFlow> next() {
    if (at_ == flows_.size()) return {};
    return {&flows_[at_++], 1};
  }

 private:
  std::vector<KlineFlow> flows_;
  std::size_t at_ = 0;
};

/// The counts that bars of these minutes get; 0 without a flow.
std::vector<std::int64_t> joined(Flows flows, const std::vector<int>& minutes) {
  FlowJoiner joiner{[&] { return flows.next(); }};
  std::vector<std::int64_t> counts;
  for (const int number : minutes) {
    Bar bar{.ts_event = minute(number)};
    const bool found = joiner.join_next(bar);
    EXPECT_EQ(found, bar.count != 0);
    counts.push_back(bar.count);
  }
  return counts;
}

TEST(FlowJoiner, GivesEachBarTheFlowOfItsMinute) {
  EXPECT_EQ(joined(Flows{{1, 2, 3}}, {1, 2, 3}), (std::vector<std::int64_t>{1, 2, 3}));
}

TEST(FlowJoiner, PassesFlowsWithoutABarAndBarsWithoutAFlow) {
  EXPECT_EQ(joined(Flows{{1, 2, 4}}, {2, 3, 4, 5}), (std::vector<std::int64_t>{2, 0, 4, 0}));
  EXPECT_EQ(joined(Flows{{}}, {1, 2}), (std::vector<std::int64_t>{0, 0}));
}

}  // namespace
}  // namespace toxvol::catalog
