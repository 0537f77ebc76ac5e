#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

/// What several tests of this room begin with.
namespace toxvol::study {

inline const std::filesystem::path kSource{TOXVOL_SOURCE_DIR};

constexpr Inputs kAll{
    .trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};

constexpr Timestamp kMidnight{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};

constexpr Money usdt(std::int64_t whole) {
  return Money::from_raw(whole * Money::kOne);
}

}  // namespace toxvol::study
