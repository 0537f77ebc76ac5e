#pragma once

#include <functional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::report {

/// Hands the run's market of [from, to) to `use`, the kinds asked for. Empty where the data that
/// the run was made from is not at hand. Throws `Error`.
using MarketReader = std::function<void(Timestamp from, Timestamp to, const Inputs& kinds,
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
