#pragma once

#include <string>

#include "toxvol/config/config.hpp"
#include "toxvol/core/time.hpp"

/// How much data a configuration needs.
namespace toxvol::config {

/// From the first row of complete data to the first possible decision: least counts only, as if no
/// minute were missing.
struct FirstDecision {
  Duration compression{};
  Duration pressure{};
  Duration toxicity{};
  Duration metrics{};  // crowding needs one of these two
  Duration funding{};

  [[nodiscard]] Duration all() const;
};
[[nodiscard]] FirstDecision first_decision(const Config& config);

/// `3.5 days`, `12 minutes`.
[[nodiscard]] std::string in_days(Duration duration);

}  // namespace toxvol::config
