#pragma once

#include <functional>
#include <memory>
#include <span>

#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time_range.hpp"

namespace toxvol::report {

/// Hands to `use` the rows of the run's market that lie in any of `parts`, which ascend and are
/// apart, the kinds asked for. Empty where the data that the run was made from is not at hand.
/// Throws `Error`.
using MarketReader = std::function<void(std::span<const TimeRange> parts, const Inputs& kinds,
                                        const std::function<void(MarketData&)>& use)>;

/// Every record of a stream, which may be absent.
template <class Record, class See>
void for_each(const std::unique_ptr<BlockStream<Record>>& stream, const See& see) {
  if (!stream) return;
  for (auto rows = stream->next(); !rows.empty(); rows = stream->next()) {
    for (const Record& row : rows) see(row);
  }
}

}  // namespace toxvol::report
