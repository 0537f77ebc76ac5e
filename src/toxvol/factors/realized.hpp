#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/minute_sums.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// Sums over the last n minutes of squared one-minute returns, whole and by sign, and of the
/// products of neighbours (V4). Not annualised. Definition: docs/factors/realized.md
class Realized {
 public:
  /// `minutes` ≥ 1.
  explicit Realized(std::int64_t minutes);

  /// One call a bar. `r` is the bar's log return, empty unless the preceding minute's bar exists.
  void update(Timestamp ts, Value r);

  // All empty until the window is filled (G6).
  [[nodiscard]] Value rv() const { return term(0); }
  [[nodiscard]] Value rs_minus() const { return term(1); }  // of falls
  [[nodiscard]] Value rs_plus() const { return term(2); }   // of rises
  /// Empty for a window of one minute, which has no pair.
  [[nodiscard]] Value bipower() const;

 private:
  struct Return {
    Timestamp ts{};
    double r = 0.0;
  };

  [[nodiscard]] Value term(std::size_t k) const;

  MinuteSums<3> squares_;
  std::optional<MinuteSums<1>> pairs_;
  std::optional<Return> last_;
};

}  // namespace toxvol::factors
