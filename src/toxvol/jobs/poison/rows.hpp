#pragma once

#include <cstdint>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::jobs {

/// A market that is another one from a moment on: whether anything that a run had said before
/// moves with it shows whether the run knew the future (docs/poison.md).
struct Poison {
  Timestamp moment{};      // a whole millisecond: rows with this `ts_init` or a later one change
  Timestamp end{};         // rows with this `ts_init` or a later one are not there
  std::uint64_t seed = 1;  // of the values
  Instrument instrument;   // whose ticks and lots they are multiples of
};

/// The row with values that could have been: prices from half to one and a half times what they
/// were, sizes up to four times. It stays sound and on the grid of ticks and lots; times, ids, what
/// is blank and what is zero stay. A row that is not sound is left as it is, and of a minute that
/// had begun by then the open stays, for that was known.
[[nodiscard]] Trade poisoned(Trade row, const Poison& poison);
[[nodiscard]] Quote poisoned(Quote row, const Poison& poison);
[[nodiscard]] Bar poisoned(Bar row, const Poison& poison);
[[nodiscard]] Metrics poisoned(Metrics row, const Poison& poison);
[[nodiscard]] Funding poisoned(Funding row, const Poison& poison);

/// Puts `poison` into every stream of `data`.
void poison_streams(MarketData& data, const Poison& poison);

}  // namespace toxvol::jobs
