#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/har_log.hpp"
#include "toxvol/factors/minute_sums.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// A UTC day that is over, and what was known when it began.
struct EndedDay {
  Day end{};           // where the next one begins
  Value realized;      // its variance; empty below 95 % of its minutes
  HarVector before{};  // RV^(n) a day of each horizon at its beginning
};

/// `variance` on the scale on which HAR averages.
[[nodiscard]] double har_transformed(HarForm form, double variance);

/// Realised variance a day over three horizons, and the two forecasts made of them: the weighted
/// composite (V8) and the fitted logarithmic one (V9, A7). Definition: docs/factors/har.md
class Har {
 public:
  /// Uses the `har_*` keys.
  explicit Har(const VolatilityParams& params);

  /// One call a bar. `r` is the bar's log return, empty unless the preceding minute's bar exists.
  void update(Timestamp ts, Value r);

  /// The day that ended last; empty before the first.
  [[nodiscard]] const std::optional<EndedDay>& last_day() const { return last_day_; }
  /// RV^(n) a day of each horizon; empty below 95 % of its minutes.
  [[nodiscard]] HarVector realized() const;
  /// Variance a day; empty while no horizon with a weight has a value.
  [[nodiscard]] Value composite() const;
  /// Variance a day; empty until `har_min_days` days could be fitted.
  [[nodiscard]] Value fitted() const { return log_.predict(realized()); }

 private:
  void advance(Timestamp now);
  void end_day(Day end);
  [[nodiscard]] HarVector rolling() const;

  VolatilityParams params_;
  std::array<MinuteSums<1>, kHarHorizons> horizons_;
  MinuteSums<1> day_;
  HarVector at_midnight_;  // as of the last 00:00
  std::optional<EndedDay> last_day_;
  HarLog log_;
  std::optional<Day> next_midnight_;
};

}  // namespace toxvol::factors
