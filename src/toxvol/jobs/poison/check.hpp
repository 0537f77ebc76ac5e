#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/poison/known_then.hpp"
#include "toxvol/jobs/poison/rows.hpp"
#include "toxvol/jobs/poison/trace.hpp"

namespace toxvol::jobs {

/// The look-ahead check apart from what is run: one run of the market as it is, then trials, each
/// with another market from a moment on, and whether what was said before moved (docs/poison.md).
struct PoisonPlan {
  int trials = 8;
  std::uint64_t seed = 1;
  Timestamp from{};  // moments are drawn inside
  Timestamp to{};
  Instrument instrument;
  KnownThen known;
};

/// Rows that were known before a trial's moment, in the run of the market as it is.
struct PoisonCounts {
  std::int64_t decisions = 0;  // after the warm-up, at cadence boundaries
  std::int64_t minutes = 0;    // all rows of decisions.parquet
  std::int64_t commands = 0;
  std::int64_t orders = 0;
  std::int64_t fills = 0;
  std::int64_t positions = 0;
  std::int64_t equity = 0;
};

/// The first row, by its time, that moved.
struct PoisonDifference {
  std::string_view table;
  Timestamp ts{};  // of the row
  std::string column{};
  std::string clean{};
  std::string poisoned{};
};

struct PoisonTrial {
  int number = 0;  // from 1
  Timestamp moment{};
  std::string_view drawn;  // `fill`, `decision`, `command`: just after one; `anywhere`
  PoisonCounts counts{};
  std::optional<PoisonDifference> difference{};
};

struct PoisonResult {
  Timestamp from{};
  Timestamp to{};
  std::uint64_t seed = 1;
  std::vector<PoisonTrial> trials{};
  /// Fills at the close that decided them (X24), in the run of the market as it is: a price of the
  /// past, which no trial can show, and one that nobody could have had.
  std::int64_t same_close_fills = 0;
  Timestamp first_same_close{};

  [[nodiscard]] std::int64_t changed() const;
  [[nodiscard]] PoisonCounts counts() const;  // over all trials
  /// Without a decision before any moment nothing is shown.
  [[nodiscard]] bool has_compared() const { return counts().decisions > 0; }
  [[nodiscard]] bool is_clean() const {
    return has_compared() && changed() == 0 && same_close_fills == 0;
  }
};

/// Runs the market, with `poison` where there is one, and tells `trace`. The same each time.
using PoisonRun =
    std::function<void(const std::optional<Poison>& poison, PoisonTrace& trace, Progress&)>;

/// Throws what `run` throws, and `Error` where the run does not repeat itself.
[[nodiscard]] PoisonResult check_by_poison(const PoisonPlan& plan, const PoisonRun& run,
                                           Progress& progress);

}  // namespace toxvol::jobs
