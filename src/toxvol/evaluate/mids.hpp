#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::evaluate {

/// The middle of a quote, and when that quote was made.
struct Mid {
  Timestamp ts_event{};
  double value = 0.0;
};

/// The last quote before each of many times, found in one reading of the quotes.
class Mids {
 public:
  /// Before the first quote.
  void ask(Timestamp before) { times_.push_back(before); }

  void add(const Quote& quote);
  /// Once, after the last quote.
  void finish();

  /// The last quote with ts_event < `before`, which was asked for; empty where there is none.
  [[nodiscard]] std::optional<Mid> before(Timestamp before) const;

 private:
  void begin();
  void settle(Timestamp until);

  std::vector<Timestamp> times_;  // ascending, none twice, from the first quote on
  std::vector<std::optional<Mid>> mids_;
  std::size_t next_ = 0;
  bool begun_ = false;
  std::optional<Mid> last_;
};

}  // namespace toxvol::evaluate
